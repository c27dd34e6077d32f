import { openSession, type Session } from "../../app/session/open.ts";
import { resolveConnection, type Settings } from "../../app/settings/resolve.ts";
import type { Job } from "./job.ts";
import { makeFlags } from "./targets.ts";

/** Does some work in a session with the target's PBX, and closes it whatever happens. */
export async function withSession<T>(
  job: Job,
  settings: Settings,
  work: (session: Session) => Promise<T>,
): Promise<T> {
  const { redactor, runner, stop, abort } = job;
  const connection = await resolveConnection(makeFlags(job), settings);
  const session = openSession({
    settings,
    connection,
    redactor,
    stop,
    abort,
    // Readings come in pages, and a line for each would bury the rest of the log.
    onProgress: () => undefined,
    onNote: (text) => runner.log(text),
  });
  try {
    return await work(session);
  } finally {
    await session.close();
  }
}
