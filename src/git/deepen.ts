import { findNearNames } from "./near-names.ts";
import {
  findCommit,
  isObjectId,
  isShortId,
  listBoundary,
  listNames,
  parseExpression,
} from "./refs.ts";
import { refuseDeadEnd, refuseShallow, refuseUnknown } from "./refusals.ts";
import { fetchObjects, findRemoteRef, listRemoteNames, type Source } from "./remote.ts";
import type { Repository } from "./repository.ts";
import type { Git } from "./run.ts";

/** How far a shallow history is deepened, step by step, until it is long enough. */
const STEPS = [
  { flag: "--deepen=50", what: "50 more commits" },
  { flag: "--deepen=500", what: "500 more commits" },
  { flag: "--unshallow", what: "the rest of the history" },
] as const;

/** What is missing here, and where it is to be had. */
interface Search extends Source {
  readonly ref: string;
  readonly shallow: boolean;
  readonly onProgress: (text: string) => void;
}

/** Where to look next. */
interface Trail {
  /** What names the commit once enough history is here. */
  readonly expression: string;
  /** The commit that the expression walks from; undefined when that is not known beforehand. */
  readonly from: string | undefined;
}

/**
 * The id of the commit that `ref` names, fetched when this clone leaves it out: a shallow or partial clone lacks
 * history, and any clone may lack a commit that is given by its id. Throws ProblemError when there is none.
 */
export async function resolveCommit(
  repository: Repository,
  ref: string,
  onProgress: (text: string) => void,
): Promise<string> {
  const { git, shallow, partial, remote } = repository;
  const { start } = parseExpression(ref);
  const known = await findCommit(git, ref);
  if (known !== undefined) return known;
  const fetchable = shallow || partial || isObjectId(start);
  if (!fetchable) throw await explainUnknown(git, ref);
  const refuse = (reason: string): Error =>
    shallow ? refuseShallow(ref, reason) : refuseUnknown(ref, [], reason);
  if (remote === undefined) throw refuse("there is no remote to fetch it from");
  return fetchCommit({ git, remote, refuse, ref, shallow, onProgress });
}

async function explainUnknown(
  git: Git,
  ref: string,
  remoteNames: readonly string[] = [],
): Promise<Error> {
  const { start } = parseExpression(ref);
  const here = start !== "" && (await findCommit(git, start)) !== undefined;
  if (here) return refuseDeadEnd(ref, start);
  return refuseUnknown(ref, findNearNames(start, [...(await listNames(git)), ...remoteNames]));
}

async function fetchCommit(search: Search): Promise<string> {
  const { git, ref, shallow } = search;
  const trail = await findTrail(search);
  const near = await findCommit(git, trail.expression);
  const found = near ?? (shallow ? await deepenHistory(search, trail) : undefined);
  if (found !== undefined) return found;
  if (trail.from === undefined) throw await explainUnknown(git, ref);
  throw refuseDeadEnd(ref, parseExpression(ref).start);
}

/** Finds out where the expression starts, and fetches that one commit when it is not here. */
async function findTrail(search: Search): Promise<Trail> {
  const { git, ref, shallow } = search;
  const { start, rest } = parseExpression(ref);
  const here = start === "" ? undefined : await findCommit(git, start);
  if (here !== undefined || start === "") return { expression: ref, from: here };
  const there = isObjectId(start) ? start : await findRemoteRef(search, start);
  if (there !== undefined) {
    return { expression: `${there}${rest}`, from: await fetchOne(search, there, start) };
  }
  if (shallow && isShortId(start)) return { expression: ref, from: undefined };
  throw await explainUnknown(git, ref, await listRemoteNames(search));
}

/** Fetches one object, and gives the commit that it is or points at; undefined when it did not come. */
async function fetchOne(search: Search, id: string, name: string): Promise<string | undefined> {
  const { git, remote, shallow, onProgress } = search;
  const here = await findCommit(git, id);
  // To fetch what is here with a depth would cut off the history that is here too.
  if (here !== undefined) return here;
  onProgress(`fetching ${name} from ${remote}`);
  const fetched = await fetchObjects(search, [id], shallow ? ["--depth=1"] : []);
  // The history of a shallow clone may still lead there.
  if (!fetched && !shallow) throw refuseTipsOnly(search);
  return findCommit(git, id);
}

async function deepenHistory(search: Search, trail: Trail): Promise<string | undefined> {
  const { git, remote, onProgress } = search;
  for (const { flag, what } of STEPS) {
    const boundary = await listBoundary(git, trail.from);
    if (boundary.length === 0) return undefined;
    onProgress(`fetching ${what} from ${remote}`);
    const fetched = await fetchObjects(search, boundary, [flag]);
    if (!fetched) throw refuseTipsOnly(search);
    const found = await findCommit(git, trail.expression);
    if (found !== undefined) return found;
  }
  return undefined;
}

function refuseTipsOnly({ refuse, remote }: Search): Error {
  return refuse(`${remote} gives out only the tips of its branches`);
}
