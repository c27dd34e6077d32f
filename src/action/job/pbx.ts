import { openSession, type Session } from "../../app/session/open.ts";
import { resolveConnection, type Connection, type Settings } from "../../app/settings/resolve.ts";
import { describeDestination, type Destination } from "./destination.ts";
import type { Job } from "./job.ts";
import { makeFlags } from "./targets.ts";

/** A session with a PBX, and with what it signs in there. */
export interface Opened {
  readonly session: Session;
  readonly connection: Connection;
  readonly destination: Destination;
}

/** Does some work in a session with the target's PBX, and closes it whatever happens. `judge` may throw before anything is sent there. */
export async function withSession<T>(
  job: Job,
  settings: Settings,
  work: (opened: Opened) => Promise<T>,
  judge: (destination: Destination) => Promise<void> = async () => undefined,
): Promise<T> {
  const { redactor, runner, stop, abort } = job;
  const connection = await resolveConnection(makeFlags(job), settings);
  const destination = await describeDestination(job, settings, connection);
  await judge(destination);
  const session = await openSession({
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
    return await work({ session, connection, destination });
  } finally {
    await session.close();
  }
}
