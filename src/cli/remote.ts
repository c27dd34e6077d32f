import { openSession, type Session } from "../app/session.ts";
import { resolveConnection, resolveSettings } from "../app/settings.ts";
import type { Context } from "./context.ts";
import type { CommandFlags } from "./flags.ts";

/** Runs `work` in a session with the PBX that flags, environment and project name, and closes it whatever happens. */
export async function withSession(
  context: Context,
  paths: readonly string[],
  flags: CommandFlags,
  work: (session: Session) => Promise<number>,
): Promise<number> {
  const settings = await resolveSettings(flags, paths, context.surroundings, true);
  const connection = await resolveConnection(flags, settings);
  const { redactor, stop, abort, console } = context;
  const session = openSession({
    settings,
    connection,
    redactor,
    stop,
    abort,
    onProgress: (text) => console.transient(text),
    onNote: (text) => console.err(`  ${text}\n`),
  });
  try {
    return await work(session);
  } finally {
    await session.close();
  }
}
