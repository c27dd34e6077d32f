import { parse } from "node:path";

import { OLDEST_GIT, refuseFolder, refuseMissingGit, refuseOldGit } from "./refusals.ts";
import { askGit, createGit, type Git } from "./run.ts";

/** The repository whose work tree a folder lies in. */
export interface Repository {
  readonly git: Git;
  /** History ends early: commits beyond a boundary are not there. */
  readonly shallow: boolean;
  /** Objects are left out of this clone, and git fetches them one by one where they are needed. */
  readonly partial: boolean;
  /** Where to fetch from: `origin`, or else the only one there is. */
  readonly remote: string | undefined;
}

/** Throws ProblemError when git is missing or too old, or the folder lies in no work tree that git trusts. */
export async function openRepository(
  folder: string,
  signal: AbortSignal | undefined,
): Promise<Repository> {
  // Asked at the root of the file system, as the folder may not be there.
  await checkVersion(createGit(parse(folder).root, signal));
  const git = createGit(folder, signal);
  const place = await git(["rev-parse", "--is-inside-work-tree", "--is-shallow-repository"]);
  if (place.code !== 0) throw refuseFolder(folder, place.complaint);
  const [inside, shallow] = readLines(place.stdout);
  if (inside !== "true") throw refuseFolder(folder, "it lies in a repository without a work tree");
  // Exits with 1 when no setting matches.
  const partial = await git(["config", "--get-regexp", String.raw`^remote\..+\.promisor$`]);
  const remotes = readLines(await askGit(git, ["remote"]));
  return {
    git,
    shallow: shallow === "true",
    partial: partial.code === 0,
    remote: pickRemote(remotes),
  };
}

function pickRemote(names: readonly string[]): string | undefined {
  return names.length === 1 ? names[0] : names.find((name) => name === "origin");
}

async function checkVersion(git: Git): Promise<void> {
  const { code, stdout, complaint } = await git(["version"]);
  const [version = "", major, minor] = /(\d+)\.(\d+)[.\d]*/.exec(stdout.toString()) ?? [];
  // Apple's placeholder for git is found and started, and only says what to install.
  if (code !== 0 || version === "") throw refuseMissingGit(complaint);
  const [oldestMajor = 0, oldestMinor = 0] = OLDEST_GIT.split(".").map(Number);
  const newer = Number(major) - oldestMajor || Number(minor) - oldestMinor;
  if (newer < 0) throw refuseOldGit(version);
}

/** The lines of what git printed, without empty ones. */
export function readLines(stdout: Buffer): string[] {
  return stdout
    .toString()
    .split("\n")
    .filter((line) => line !== "");
}
