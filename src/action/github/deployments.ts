import { isDeepStrictEqual } from "node:util";
import type { Purpose } from "../github-api/failure.ts";
import type { Job } from "../job/job.ts";

const WRITE = { doing: "record the deployment", needs: "deployments: write" };

/** Tells deployments of this Action from those that GitHub makes for a job with `environment:`. */
const TASK = "callform";
/** Of the newest so many, those that succeeded are looked for. */
const MAX_LOOKED_AT = 50;
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
}

export interface Deployment {
  readonly id: number;
  readonly sha: string;
  readonly payload: Payload;
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

/** The newest deployment of the target that succeeded; undefined when there is none among the newest fifty. */
export async function findLastSuccess(job: Job, target: string): Promise<Deployment | undefined> {
  for (const deployment of await listDeployments(job, target, undefined))
    if (!deployment.payload.partial && (await hasSucceeded(job, deployment.id))) return deployment;
  return undefined;
}

/** The deployments of the target that this Action made, newest first; with `sha`, of that commit alone. */
export async function listDeployments(
  job: Job,
  target: string,
  sha: string | undefined,
): Promise<Deployment[]> {
  const { github } = job;
  const found = await github.ask(readPurpose(job), (request) =>
    request("GET /repos/{owner}/{repo}/deployments", {
      ...github.repo,
      task: TASK,
      environment: nameEnvironment(job, target),
      ...(sha === undefined ? {} : { sha }),
      per_page: MAX_LOOKED_AT,
    }),
  );
  return found
    .flatMap(({ id, sha: commit, payload }) => {
      const read = readPayload(payload);
      return read === undefined || read.target !== target
        ? []
        : [{ id: Number(id), sha: commit, payload: read }];
    })
    .toSorted((a, b) => b.id - a.id);
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
  const { v, target, digest, approved, partial } = value as Partial<Record<keyof Payload, unknown>>;
  if (v !== 1 || typeof target !== "string" || typeof digest !== "string") return undefined;
  return { v, target, digest, approved: approved === true, partial: partial === true };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
