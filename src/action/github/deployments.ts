import { isDeepStrictEqual } from "node:util";
import type { Purpose } from "../github-api/failure.ts";
import { readDestination, type Destination } from "../job/destination.ts";
import type { Job } from "../job/job.ts";
import { isContained } from "./compare.ts";

const WRITE = { doing: "record the deployment", needs: "deployments: write" };

/** Tells deployments of this Action from those that GitHub makes for a job with `environment:`. */
const TASK = "callform";
const PER_PAGE = 100;
/** So many deployments are read, and so many of them asked how they ended, before the search for a success ends. */
const MAX_PAGES = 20;
const MAX_LOOKED_AT = 200;
/** The last one recorded need not be the newest commit, should two runs have overtaken each other. */
const ENOUGH = 3;
const MAX_DESCRIPTION = 140;

/** What a deployment says of itself. */
export interface Payload {
  readonly v: 1;
  readonly target: string;
  /** The digest of the operations that were approved, or else of those that were planned. */
  readonly digest: string;
  /** It passed: what follows is an apply. */
  readonly approved: boolean;
  /** Only part of the manifests was applied, so its commit is no base for others. */
  readonly partial: boolean;
  /** Where the run signed in; older records do not say. */
  readonly destination?: Destination | undefined;
}

export interface Deployment {
  readonly id: number;
  readonly sha: string;
  readonly payload: Payload;
}

/** A deployment that passed the gate. */
export interface Attempt extends Deployment {
  readonly succeeded: boolean;
}

export type DeploymentState = "in_progress" | "success" | "failure" | "error";

/** The environment of a target: the input, or else the target's own name. */
export function nameEnvironment(job: Job, target: string): string {
  return job.inputs.environment ?? target;
}

/** Whoever adds a line for the reading should not be back for the writing. */
function readPurpose({ applies }: Job): Purpose {
  return { doing: "read the deployments", needs: `deployments: ${applies ? "write" : "read"}` };
}

/** Each of the approved deployments of the target, newest first, with how it ended: back to the third commit that was applied whole. */
export async function listAttempts(job: Job, target: string): Promise<Attempt[]> {
  const attempts: Attempt[] = [];
  const whole = new Set<string>();
  for (let page = 1; page <= MAX_PAGES; page += 1) {
    const { found, last } = await readPage(job, target, undefined, page);
    for (const deployment of found) {
      if (!deployment.payload.approved) continue;
      const succeeded = await hasSucceeded(job, deployment.id);
      attempts.push({ ...deployment, succeeded });
      if (succeeded && !deployment.payload.partial) whole.add(deployment.sha);
      if (whole.size === ENOUGH || attempts.length === MAX_LOOKED_AT) return attempts;
    }
    if (last) break;
  }
  return attempts;
}

/**
 * The one of the attempts that the target is at: of those that succeeded with everything, the newest in order of ancestry. One that
 * was recorded later for an older commit does not count. Throws ProblemError when GitHub does not answer.
 */
export async function findNewest(
  job: Job,
  attempts: readonly Attempt[],
): Promise<Attempt | undefined> {
  const [first, ...others] = attempts.filter(
    ({ succeeded, payload }) => succeeded && !payload.partial,
  );
  let newest = first;
  for (const other of others)
    if (
      newest !== undefined &&
      newest.sha !== other.sha &&
      (await isContained(job, newest.sha, other.sha)) === true
    )
      newest = other;
  return newest;
}

/** The newest commit that the target was brought to; undefined when there is none. Throws ProblemError. */
export async function findLastSuccess(job: Job, target: string): Promise<Attempt | undefined> {
  return findNewest(job, await listAttempts(job, target));
}

/** The newest hundred deployments of the target that this Action made for a commit, newest first. */
export async function listDeployments(
  job: Job,
  target: string,
  sha: string,
): Promise<Deployment[]> {
  return (await readPage(job, target, sha, 1)).found;
}

async function readPage(
  job: Job,
  target: string,
  sha: string | undefined,
  page: number,
): Promise<{ readonly found: Deployment[]; readonly last: boolean }> {
  const { github } = job;
  const listed = await github.ask(readPurpose(job), (request) =>
    request("GET /repos/{owner}/{repo}/deployments", {
      ...github.repo,
      task: TASK,
      environment: nameEnvironment(job, target),
      ...(sha === undefined ? {} : { sha }),
      per_page: PER_PAGE,
      page,
    }),
  );
  const found = listed
    .flatMap(({ id, sha: commit, payload }) => {
      const read = readPayload(payload);
      return read === undefined || read.target !== target
        ? []
        : [{ id: Number(id), sha: commit, payload: read }];
    })
    .toSorted((a, b) => b.id - a.id);
  return { found, last: listed.length < PER_PAGE };
}

/** True once it has been a success: GitHub calls it inactive when another one follows. */
async function hasSucceeded(job: Job, id: number): Promise<boolean> {
  const { github } = job;
  const statuses = await github.list(readPurpose(job), (request, page) =>
    request("GET /repos/{owner}/{repo}/deployments/{deployment_id}/statuses", {
      ...github.repo,
      deployment_id: id,
      per_page: 100,
      page,
    }),
  );
  return statuses.some(({ state }) => state === "success");
}

/** Records that the target is being brought to a commit. Throws ProblemError. */
export async function openDeployment(job: Job, sha: string, payload: Payload): Promise<number> {
  const { github } = job;
  const before = new Set((await listDeployments(job, payload.target, sha)).map(({ id }) => id));
  const made = await github.create(
    WRITE,
    async () =>
      (await listDeployments(job, payload.target, sha)).find(
        (item) => !before.has(item.id) && isDeepStrictEqual(item.payload, payload),
      ),
    async (request) => {
      const { data, headers } = await request("POST /repos/{owner}/{repo}/deployments", {
        ...github.repo,
        ref: sha,
        task: TASK,
        environment: nameEnvironment(job, payload.target),
        description: "Call flow apps applied by Callform",
        auto_merge: false,
        required_contexts: [],
        payload: { ...payload },
      });
      // 202 merges a branch first, which auto_merge: false rules out.
      if (!("id" in data)) throw new Error(`GitHub made no deployment: ${data.message ?? ""}`);
      return { data: { id: Number(data.id), sha, payload }, headers };
    },
  );
  return made.id;
}

export async function setDeployment(
  job: Job,
  id: number,
  state: DeploymentState,
  description: string,
): Promise<void> {
  const { github, place } = job;
  await github.ask(WRITE, (request) =>
    request("POST /repos/{owner}/{repo}/deployments/{deployment_id}/statuses", {
      ...github.repo,
      deployment_id: id,
      state,
      log_url: place.runUrl,
      description: description.slice(0, MAX_DESCRIPTION),
    }),
  );
}

function readPayload(payload: unknown): Payload | undefined {
  const value = typeof payload === "string" ? parse(payload) : payload;
  if (typeof value !== "object" || value === null) return undefined;
  const { v, target, digest, approved, partial, destination } = value as Partial<
    Record<keyof Payload, unknown>
  >;
  if (v !== 1 || typeof target !== "string" || typeof digest !== "string") return undefined;
  const read = readDestination(destination);
  return {
    v,
    target,
    digest,
    approved: approved === true,
    partial: partial === true,
    ...(read === undefined ? {} : { destination: read }),
  };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
