import { readdirSync } from "node:fs";
import path from "node:path";
import type { Engine } from "./engine.ts";

const WORDS_OF_A_FAILURE = 40;

/** What a build says while it goes on: a line of its output, or why it ended. */
interface BuildEvent {
  readonly stream?: string;
  readonly error?: string;
}

/** In dockerode, but not in its types: reads the stream of BuildKit. */
type FollowProgress = (
  stream: NodeJS.ReadableStream,
  onFinished: (error: Error | null, events: readonly BuildEvent[]) => void,
) => void;

/**
 * Builds the Dockerfile of a folder, which its .dockerignore narrows, as the image `name`. Throws Error with the last
 * lines of the build when that fails. (What testcontainers has for this is silent about the reason.)
 */
export async function buildImage(
  engine: Engine,
  context: string,
  name: string,
  args: Readonly<Record<string, string>>,
): Promise<void> {
  const { dockerode } = engine.container;
  const stream = await dockerode.buildImage(
    { context, src: listFiles(context) },
    {
      t: name,
      buildargs: { ...args },
      // An engine that keeps its hands off iptables gives its containers no way to the package registry.
      networkmode: "host",
      // BuildKit: the classic builder copies the whole file system for every line of the Dockerfile.
      version: "2",
    },
  );
  const follow: FollowProgress = Reflect.get(dockerode, "followProgress");
  const events = await new Promise<readonly BuildEvent[]>((resolve, reject) => {
    follow(stream, (error, all) => {
      if (error === null) resolve(all);
      else reject(error);
    });
  });
  const failed = events.find(({ error }) => error !== undefined);
  if (failed === undefined) return;
  const last = events.flatMap(({ stream: line }) => line ?? []).slice(-WORDS_OF_A_FAILURE);
  throw new Error(`${name} cannot be built: ${failed.error}\n${last.join("")}`);
}

/** Every file below a folder, relative to it: dockerode applies a .dockerignore to files, not to what is in folders. */
function listFiles(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => !entry.isDirectory())
    .map((entry) => path.relative(folder, path.join(entry.parentPath, entry.name)));
}
