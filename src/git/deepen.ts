import { findNearNames } from "./near-names.ts";
import {
  findCommit,
  isObjectId,
  isShortId,
  listBoundary,
  listNames,
  parseExpression,
} from "./refs.ts";
import { refuseShallow, refuseUnknown } from "./refusals.ts";
import { fetchObjects, findRemoteRef, listRemoteNames, type Source } from "./remote.ts";
import type { Repository } from "./repository.ts";

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
  if (!fetchable) throw refuseUnknown(ref, findNearNames(start, await listNames(git)));
  const refuse = (reason: string): Error =>
    shallow ? refuseShallow(ref, reason) : refuseUnknown(ref, [], reason);
  if (remote === undefined) throw refuse("there is no remote to fetch it from");
  const found = await fetchCommit({ git, remote, refuse, ref, shallow, onProgress });
  if (found === undefined) throw refuseUnknown(ref, []);
  return found;
}

async function fetchCommit(search: Search): Promise<string | undefined> {
  const { git, shallow } = search;
  const trail = await findTrail(search);
  const found = await findCommit(git, trail.expression);
  return found ?? (shallow ? deepenHistory(search, trail) : undefined);
}

/** Finds out where the expression starts, and fetches that one commit when it is not here. */
async function findTrail(search: Search): Promise<Trail> {
  const { git, remote, ref, shallow, onProgress } = search;
  const { start, rest } = parseExpression(ref);
  const here = start === "" ? undefined : await findCommit(git, start);
  if (here !== undefined || start === "") return { expression: ref, from: here };
  const there = isObjectId(start) ? start : await findRemoteRef(search, start);
  if (there !== undefined) {
    onProgress(`fetching ${start} from ${remote}`);
    await fetchObjects(search, [there], shallow ? ["--depth=1"] : []);
    return { expression: `${there}${rest}`, from: await findCommit(git, there) };
  }
  if (shallow && isShortId(start)) return { expression: ref, from: undefined };
  const names = [...(await listNames(git)), ...(await listRemoteNames(search))];
  throw refuseUnknown(ref, findNearNames(start, names));
}

async function deepenHistory(search: Search, trail: Trail): Promise<string | undefined> {
  const { git, remote, refuse, onProgress } = search;
  for (const { flag, what } of STEPS) {
    const boundary = await listBoundary(git, trail.from);
    if (boundary.length === 0) return undefined;
    onProgress(`fetching ${what} from ${remote}`);
    const fetched = await fetchObjects(search, boundary, [flag]);
    if (!fetched) throw refuse(`${remote} gives out only the tips of its branches`);
    const found = await findCommit(git, trail.expression);
    if (found !== undefined) return found;
  }
  return undefined;
}
