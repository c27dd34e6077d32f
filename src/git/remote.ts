import { readLines } from "./repository.ts";
import type { Git } from "./run.ts";

/** Where to fetch from, and how to say that it did not work. */
export interface Source {
  readonly git: Git;
  readonly remote: string;
  /** `reason` is a clause. */
  readonly refuse: (reason: string) => Error;
}

/** A network may be slow, and a whole history large; it is bounded all the same. */
const TIMEOUT = 5 * 60_000;

const TOUCH_NOTHING = ["--quiet", "--no-tags", "--no-write-fetch-head", "--no-recurse-submodules"];

/** The server gives only what its references point at; old ones do. */
const ONLY_TIPS = /unadvertised object/;

/**
 * Fetches objects by id without touching a reference, FETCH_HEAD or the configuration. `flags` say how much history
 * comes along. False when the server gives out nothing by id; throws what `refuse` makes of any other failure.
 */
export async function fetchObjects(
  { git, remote, refuse }: Source,
  ids: readonly string[],
  flags: readonly string[],
): Promise<boolean> {
  // From 2.48 on, fetch writes refs/remotes/NAME/HEAD where it is missing, unless told not to.
  const quiet = ["-c", `remote.${remote}.followRemoteHEAD=never`];
  const { code, complaint } = await git(
    [...quiet, "fetch", ...TOUCH_NOTHING, ...flags, "--stdin", "--", remote],
    { input: ids.map((id) => `${id}\n`).join(""), timeout: TIMEOUT },
  );
  if (code === 0) return true;
  if (ONLY_TIPS.test(complaint)) return false;
  throw refuse(`${remote} cannot be fetched from: ${complaint}`);
}

/** What a name points at on the remote; undefined when the remote has no such name. */
export async function findRemoteRef(source: Source, name: string): Promise<string | undefined> {
  // What no reference may hold, and a pattern gives a meaning.
  if (/[*?[\\\s]/.test(name)) return undefined;
  const names = spellRemoteNames(source.remote, name);
  const found = await askRefs(source, [], names);
  const known = names.find((spelling) => found.has(spelling));
  return known === undefined ? undefined : found.get(known);
}

/** The branches and tags of the remote, by the names people give them. */
export async function listRemoteNames(source: Source): Promise<readonly string[]> {
  const found = await askRefs(source, ["--heads", "--tags"], []);
  return [...found.keys()].map((name) => name.replace(/^refs\/(?:heads|tags)\//, ""));
}

async function askRefs(
  { git, remote, refuse }: Source,
  flags: readonly string[],
  patterns: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  const args = ["ls-remote", "--quiet", "--refs", ...flags, "--", remote, ...patterns];
  const { code, stdout, complaint } = await git(args, { timeout: TIMEOUT });
  if (code !== 0) throw refuse(`${remote} cannot be fetched from: ${complaint}`);
  const lines = readLines(stdout).map((line) => line.split("\t"));
  return new Map(lines.map(([id = "", name = ""]) => [name, id]));
}

/** The full names that a name may stand for there, in git's order; a remote-tracking branch is a branch there. */
function spellRemoteNames(remote: string, name: string): readonly string[] {
  const tracked = ["", "remotes/", "refs/remotes/"]
    .map((folder) => `${folder}${remote}/`)
    .filter((prefix) => name.startsWith(prefix))
    .map((prefix) => `refs/heads/${name.slice(prefix.length)}`);
  return [name, `refs/${name}`, `refs/tags/${name}`, `refs/heads/${name}`, ...tracked];
}
