import { refuseFailedGit } from "./refusals.ts";
import type { Git } from "./run.ts";

/** The filters that the configuration has a program for, by the names that attributes give them. */
export async function listFilters(git: Git): Promise<readonly string[]> {
  const pattern = String.raw`^filter\..*\.(smudge|process|clean)$`;
  // Exits with 1 when there is none.
  const set = await git(["config", "-z", "--name-only", "--get-regexp", pattern]);
  const names = set.stdout
    .toString()
    .split("\0")
    .filter((line) => line !== "")
    .map((line) => line.replace(/^filter\./, "").replace(/\.\w+$/, ""));
  return [...new Set(names)];
}

/**
 * Settings ahead of a command that would run filters to see whether a file has changed: none is run, and what one would have
 * changed counts as changed. Throws ProblemError for a name that no setting can have.
 */
export async function silenceFilters(git: Git): Promise<readonly string[]> {
  const names = await listFilters(git);
  if (names.some((name) => /[=\n]/.test(name)))
    throw refuseFailedGit(
      "git status",
      "a filter of its configuration has a name that cannot be turned off",
    );
  return names.flatMap((name) => [
    ...["clean", "smudge", "process"].flatMap((what) => ["-c", `filter.${name}.${what}=`]),
    "-c",
    `filter.${name}.required=false`,
  ]);
}
