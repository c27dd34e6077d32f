import { failure, type ProblemError } from "../domain/problem.ts";

/** The oldest git whose `fetch` can be told to leave FETCH_HEAD alone and reads its refspecs from stdin. */
export const OLDEST_GIT = "2.30";

export function refuseMissingGit(detail: string): ProblemError {
  return failure("git-missing", `git cannot be run: ${detail}`, {
    hint: `install git ${OLDEST_GIT} or newer and see that it is in PATH`,
  });
}

export function refuseOldGit(version: string): ProblemError {
  return failure("git-too-old", `git ${version} is too old: ${OLDEST_GIT} or newer is needed`, {
    hint: "install a newer git, or put one first in PATH",
  });
}

/** `doing` is the git command, as in `git fetch`. */
export function refuseSlowGit(doing: string, milliseconds: number): ProblemError {
  const seconds = Math.ceil(milliseconds / 1000);
  return failure("git-timeout", `${doing} was stopped: it did not end within ${seconds} s`, {
    hint: "run it by hand to see what it waits for; git may not ask for a password here",
  });
}

export function refuseFailedGit(doing: string, complaint: string): ProblemError {
  return failure("git-failed", `${doing} failed: ${complaint}`, {
    hint: "`git fsck` tells whether the repository is sound, `git fetch` whether its remote answers",
  });
}

export function refuseFolder(folder: string, complaint: string): ProblemError {
  const message = `${folder} cannot be read from a Git work tree: ${complaint}`;
  // Git's own wording; the child always speaks English. It names the top of the work tree, which is what must be trusted.
  const [, top = folder] = /dubious ownership in repository at '(.+)'/.exec(complaint) ?? [];
  const hint = complaint.includes("dubious ownership")
    ? `if you trust it, run \`git config --global --add safe.directory ${top}\``
    : "comparing with a base needs a clone of the repository; in a workflow, run actions/checkout first";
  return failure("not-a-repository", message, { hint });
}

export function refuseSpelling(ref: string): ProblemError {
  return failure("invalid-ref", `${JSON.stringify(ref.slice(0, 80))} cannot name a commit`, {
    hint: "give a branch, a tag, a commit id or an expression such as HEAD~3; none starts with a dash",
  });
}

/** For an expression that starts at a commit that is there. */
export function refuseDeadEnd(ref: string, start: string): ProblemError {
  return failure("unknown-ref", `${ref} does not name one commit of this repository`, {
    hint: `${start} is there, but the rest leads to no commit from it`,
  });
}

/** `near` are names that may have been meant, best first; `detail` says more, or nothing. */
export function refuseUnknown(ref: string, near: readonly string[], detail = ""): ProblemError {
  const said = detail === "" ? "" : `: ${detail}`;
  return failure("unknown-ref", `${ref} does not name one commit of this repository${said}`, {
    hint:
      near.length > 0
        ? `did you mean ${new Intl.ListFormat("en-GB", { type: "disjunction" }).format(near)}?`
        : "`git branch --all` and `git tag` list the names there are",
  });
}

/** `reason` is a clause: why the missing history was not fetched. */
export function refuseShallow(ref: string, reason: string): ProblemError {
  return failure("shallow-clone", `${ref} is not in this shallow clone, and ${reason}`, {
    hint: "fetch the whole history first: `fetch-depth: 0` for actions/checkout, elsewhere `git fetch --unshallow`",
  });
}

export function refuseSize(ref: string, mebibytes: number): ProblemError {
  const message = `the project folder holds more than ${mebibytes} MiB at ${ref}`;
  return failure("base-too-large", message, {
    hint: "give the project a folder of its own in the repository, and name it with --project",
  });
}

export function refuseUnwritable(root: string, cause: Error): ProblemError {
  return failure("base-unwritable", `the base cannot be written to ${root}: ${cause.message}`, {
    hint: "see that the folder for temporary files (TMPDIR) has room and may be written to",
  });
}
