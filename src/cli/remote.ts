import { openSession, type Session } from "../app/session/open.ts";
import {
  resolveConnection,
  resolveFleet,
  type Connection,
  type Settings,
} from "../app/settings/resolve.ts";
import type { Console } from "./console/console.ts";
import type { Errand } from "./errand.ts";
import type { Context } from "./context.ts";
import type { CommandFlags } from "./flags.ts";

/** One session with one PBX, and where to write what comes of it. */
export interface Remote {
  readonly session: Session;
  readonly settings: Settings;
  readonly console: Console;
  /** True when other targets are worked on in the same run, so that nobody can be asked. */
  readonly inFleet: boolean;
}

/** What a command does with one PBX; the exit code. */
export type RemoteWork = (remote: Remote) => Promise<number>;

/**
 * Runs `work` in a session with each PBX that flags, environment and project name, and closes it whatever happens. One
 * target's result is printed as it comes; those of several are gathered, see `fleet.ts`.
 */
export async function withSessions(
  context: Context,
  paths: readonly string[],
  flags: CommandFlags,
  errand: Errand,
  work: RemoteWork,
): Promise<number> {
  const fleet = await resolveFleet(flags, paths, context.surroundings, errand.purpose);
  const [only, another] = fleet;
  if (only !== undefined && another === undefined) {
    const connection = await resolveConnection(flags, only);
    return withSession(context, { settings: only, connection, inFleet: false }, work);
  }
  const { runFleetCommand } = await import("./fleet.ts");
  return runFleetCommand(context, flags, errand, fleet, ({ settings, connection }, console) =>
    withSession({ ...context, console }, { settings, connection, inFleet: true }, work),
  );
}

/** Runs `work` in a session with one PBX, and closes it whatever happens. */
export async function withSession(
  { redactor, stop, abort, console }: Context,
  place: { settings: Settings; connection: Connection; inFleet: boolean },
  work: RemoteWork,
): Promise<number> {
  const session = await openSession({
    ...place,
    redactor,
    stop,
    abort,
    onProgress: (text) => console.transient(text),
    onNote: (text) => console.err(`  ${text}\n`),
  });
  try {
    const code = await work({
      session,
      settings: place.settings,
      console,
      inFleet: place.inFleet,
    });
    session.expectLogged();
    return code;
  } finally {
    await session.close();
  }
}
