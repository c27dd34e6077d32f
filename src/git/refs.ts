import { refuseSpelling } from "./refusals.ts";
import { readLines } from "./repository.ts";
import { askGit, type Git } from "./run.ts";

/** What a user may write for a commit, cut where it starts to walk from a name: `main`, `~3`. */
export interface Expression {
  /** Empty for a search, `:/text`. */
  readonly start: string;
  readonly rest: string;
}

const OBJECT_ID = /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/i;
/** The name may hold `@{…}`, which asks what this clone alone knows; `:` behind it would name a file. */
const EXPRESSION = /^(?:(?<start>(?:[^~^:@]|@\{[^}]*\}|@(?!\{))+)(?<rest>(?:[~^].*)?)|:\/.*)$/;

/** Throws ProblemError for a text that git could take for an option, or that never is one commit: `a..b`, `a:file`. */
export function parseExpression(ref: string): Expression {
  const match = /\p{Cc}|^-/u.test(ref) || ref.length > 1000 ? null : EXPRESSION.exec(ref);
  const { start = "", rest = "" } = match?.groups ?? {};
  if (match === null || start.includes("..")) throw refuseSpelling(ref);
  return { start, rest };
}

/** True for a whole object id. */
export function isObjectId(name: string): boolean {
  return OBJECT_ID.test(name);
}

/** True for what may be the beginning of an object id, as git prints it. */
export function isShortId(name: string): boolean {
  return /^[0-9a-f]{4,63}$/i.test(name);
}

/** The id of the commit that `ref` names in what this clone has; undefined when it has none. */
export async function findCommit(git: Git, ref: string): Promise<string | undefined> {
  if (!ref.startsWith(":/")) return findObject(git, `${ref}^{commit}`);
  // In two steps, as `:/text^{commit}` would search for all of that.
  const object = await findObject(git, ref);
  return object === undefined ? undefined : findObject(git, `${object}^{commit}`);
}

async function findObject(git: Git, ref: string): Promise<string | undefined> {
  const { code, stdout } = await git(["rev-parse", "--verify", "--quiet", ref]);
  return code === 0 ? stdout.toString().trim() : undefined;
}

/** The names of all branches, remote ones included, and tags, as git shortens them. */
export async function listNames(git: Git): Promise<readonly string[]> {
  const folders = ["refs/heads", "refs/remotes", "refs/tags"];
  return readLines(await askGit(git, ["for-each-ref", "--format=%(refname:short)", ...folders]));
}

/** The commits at which a shallow history ends early: that of `from`, or else that of every reference and HEAD. */
export async function listBoundary(git: Git, from: string | undefined): Promise<readonly string[]> {
  const starts = from === undefined ? ["--all", "HEAD"] : [from];
  const roots = await askGit(git, ["rev-list", "--max-parents=0", "--header", ...starts, "--"]);
  // `--header` shows a commit as it was written, with the parents that a shallow clone leaves out.
  const cut = roots
    .toString()
    .split("\0")
    .filter((root) => /^parent /m.test(root));
  return cut.map((root) => root.slice(0, root.indexOf("\n")));
}
