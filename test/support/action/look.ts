import type { ActionWorld } from "./world.ts";
import type { CheckRun, Comment, Deployment, Issue } from "../github/state.ts";

/** The comments of the Action on a pull request or issue, oldest first. */
export function ownComments({ github }: ActionWorld, number: number): readonly Comment[] {
  return github.state.comments.filter(
    ({ issue, user }) => issue === number && user.login === "github-actions[bot]",
  );
}

/** The one comment that starts with the hidden header of a plan. Throws an Error where there are more or none. */
export function planComment(world: ActionWorld, number: number): Comment {
  const found = ownComments(world, number).filter(
    ({ body }) => readHeader(body)?.["subject"] === "plan",
  );
  const [comment] = found;
  if (comment === undefined || found.length > 1)
    throw new Error(
      `${found.length} plan comments:\n${found.map(({ body }) => body).join("\n---\n")}`,
    );
  return comment;
}

/** The value in the first line of a comment or issue. */
export function readHeader(body: string): Readonly<Record<string, unknown>> | undefined {
  const [, json] = /^<!-- callform (\{.*\}) -->\r?\n/.exec(body) ?? [];
  return json === undefined ? undefined : (JSON.parse(json) as Record<string, unknown>);
}

/** Check runs on the head of a pull request, oldest first. */
export function checksOf({ github }: ActionWorld, number: number): readonly CheckRun[] {
  const head = github.state.pulls.get(number)?.head.sha;
  return github.state.checkRuns.filter(({ head_sha: sha }) => sha === head);
}

/** `[[sha, state], …]` of every deployment, oldest first. */
export function deploymentStates({ github }: ActionWorld): readonly (readonly [string, string])[] {
  return github.state.deployments.map(({ sha, statuses }) => [sha, lastState(statuses)] as const);
}

function lastState(statuses: Deployment["statuses"]): string {
  return statuses.at(-1)?.state ?? "none";
}

export function issuesOf({ github }: ActionWorld): readonly Issue[] {
  return [...github.state.issues.values()].filter(({ isPull }) => !isPull);
}

/** Requests to the PBX that may change it. */
export function countWrites({ pbx }: ActionWorld): number {
  return pbx.requests.filter(({ method, path }) => method !== "GET" && path !== "/connect/token")
    .length;
}

/** `create CallFlowApp 806, …` of a plan file. */
export function planOf(
  world: ActionWorld,
  run = -1,
): {
  readonly base?: string;
  readonly digest: string;
  readonly changes: readonly { readonly op: string; readonly key: string }[];
} {
  const ran = world.runs.at(run);
  const file = ran?.outputs["plan-file"] ?? "";
  const text = Object.entries(ran?.files ?? {}).find(([name]) => file.endsWith(name))?.[1];
  if (text === undefined)
    throw new Error(`no plan file at "${file}": ${Object.keys(ran?.files ?? {}).join()}`);
  return JSON.parse(text) as ReturnType<typeof planOf>;
}
