import {
  invalid,
  notFound,
  paginate,
  refuse,
  textOf,
  tooLong,
  type Answer,
  type Call,
  type Route,
} from "./answer.ts";
import { asTree } from "./description.ts";
import { toUser, type Deployment, type DeploymentStatus } from "./state.ts";

const MOST_DESCRIPTION = 140;
const MOST_CONTEXT = 255;
/** GitHub names no limit; the stand-in takes a strict one. */
const MOST_PAYLOAD_BYTES = 65_535;

/** Deployments with their statuses, and the statuses of commits. */
export const deploymentRoutes: Readonly<Record<string, Route>> = {
  "repos/list-deployments": listDeployments,
  "repos/create-deployment": createDeployment,
  "repos/get-deployment": (call) =>
    withDeployment(call, (deployment) => ({ status: 200, body: show(call, deployment) })),
  "repos/list-deployment-statuses": (call) =>
    withDeployment(call, (deployment) =>
      paginate(
        call,
        deployment.statuses.toReversed().map((status) => showStatus(call, deployment, status)),
      ),
    ),
  "repos/create-deployment-status": (call) =>
    withDeployment(call, (deployment) => createDeploymentStatus(call, deployment)),
  "repos/create-commit-status": createCommitStatus,
  "repos/list-commit-statuses-for-ref": (call) => {
    const own = call.state.statuses.filter(({ sha }) => sha === call.pathTexts["ref"]);
    return paginate(call, own.toReversed());
  },
};

function withDeployment(call: Call, answer: (deployment: Deployment) => Answer): Answer {
  const id = Number(call.pathTexts["deployment_id"]);
  const deployment = call.state.deployments.find((candidate) => candidate.id === id);
  return deployment === undefined ? notFound() : answer(deployment);
}

function listDeployments(call: Call): Answer {
  const { state, query } = call;
  const fits = (deployment: Deployment): boolean =>
    (["sha", "ref", "task", "environment"] as const).every(
      (name) => !query.has(name) || query.get(name) === deployment[name],
    );
  const found = state.deployments.filter(fits).toReversed();
  return paginate(
    call,
    found.map((deployment) => show(call, deployment)),
  );
}

function createDeployment(call: Call): Answer {
  const { state, actor, body } = call;
  const ref = textOf(body, "ref") ?? "";
  const sha = state.branches.get(ref) ?? ref;
  if (!state.commits.has(sha)) return refuse(422, `No ref found for: ${ref}`);
  if (Buffer.byteLength(JSON.stringify(body["payload"] ?? "")) > MOST_PAYLOAD_BYTES)
    return invalid("Deployment", "payload", "payload is too large");
  if (body["auto_merge"] !== false && state.branches.get(state.defaultBranch) !== sha)
    return { status: 202, body: { message: "Auto-merged main into ref on deployment." } };
  const contexts = body["required_contexts"];
  const statuses = state.statuses.filter((status) => status.sha === sha);
  if (contexts === undefined && statuses.some(({ state: is }) => is !== "success"))
    return refuse(409, `Conflict: Commit status checks failed for ${ref}.`);
  const environment = textOf(body, "environment") ?? "production";
  const deployment: Deployment = {
    id: state.nextId(),
    sha,
    ref,
    task: textOf(body, "task") ?? "deploy",
    environment,
    payload: body["payload"] ?? "",
    description: textOf(body, "description") ?? null,
    creator: toUser(actor),
    transient_environment: body["transient_environment"] === true,
    production_environment:
      typeof body["production_environment"] === "boolean"
        ? body["production_environment"]
        : environment === "production",
    performed_via_github_app: actor.app ?? null,
    created_at: state.tick(),
    statuses: [],
  };
  state.deployments.push(deployment);
  return { status: 201, body: show(call, deployment) };
}

function createDeploymentStatus(call: Call, deployment: Deployment): Answer {
  const { body } = call;
  const description = textOf(body, "description") ?? "";
  if (description.length > MOST_DESCRIPTION)
    return tooLong("DeploymentStatus", "description", MOST_DESCRIPTION);
  const status = addStatus(call, deployment, textOf(body, "state") ?? "", description);
  if (status.state === "success" && body["auto_inactive"] !== false)
    for (const earlier of findOutlived(call, deployment)) addStatus(call, earlier, "inactive", "");
  return { status: 201, body: showStatus(call, deployment, status) };
}

/** Those that GitHub calls inactive once this one has succeeded. */
function findOutlived({ state }: Call, { id, environment }: Deployment): readonly Deployment[] {
  return state.deployments.filter(
    (earlier) =>
      earlier.id < id &&
      earlier.environment === environment &&
      !earlier.transient_environment &&
      !earlier.production_environment &&
      earlier.statuses.at(-1)?.state === "success",
  );
}

function addStatus(
  { state, actor, body }: Call,
  deployment: Deployment,
  to: string,
  description: string,
): DeploymentStatus {
  const status: DeploymentStatus = {
    id: state.nextId(),
    state: to,
    description,
    creator: toUser(actor),
    log_url: textOf(body, "log_url") ?? textOf(body, "target_url") ?? "",
    environment: deployment.environment,
    created_at: state.tick(),
    performed_via_github_app: actor.app ?? null,
  };
  deployment.statuses.push(status);
  return status;
}

function createCommitStatus({ state, actor, body, pathTexts }: Call): Answer {
  const sha = pathTexts["sha"] ?? "";
  if (!state.commits.has(sha)) return refuse(422, `No commit found for SHA: ${sha}`);
  const description = textOf(body, "description") ?? null;
  if ((description ?? "").length > MOST_DESCRIPTION)
    return tooLong("Status", "description", MOST_DESCRIPTION);
  const context = textOf(body, "context") ?? "default";
  if (context.length > MOST_CONTEXT) return tooLong("Status", "context", MOST_CONTEXT);
  const status = {
    id: state.nextId(),
    sha,
    state: textOf(body, "state") ?? "",
    context,
    description,
    target_url: textOf(body, "target_url") ?? null,
    creator: toUser(actor),
    created_at: state.tick(),
  };
  state.statuses.push(status);
  return { status: 201, body: status };
}

function show({ root, state: { owner, name } }: Call, deployment: Deployment): unknown {
  const { statuses, ...shown } = deployment;
  const url = `${root}/repos/${owner}/${name}/deployments/${deployment.id}`;
  return {
    ...shown,
    url,
    statuses_url: `${url}/statuses`,
    original_environment: deployment.environment,
    updated_at: statuses.at(-1)?.created_at ?? deployment.created_at,
    payload:
      typeof deployment.payload === "string" ? deployment.payload : asTree(deployment.payload),
  };
}

function showStatus(
  { root, state: { owner, name } }: Call,
  { id }: Deployment,
  status: DeploymentStatus,
): unknown {
  const url = `${root}/repos/${owner}/${name}/deployments/${id}`;
  return {
    ...status,
    url: `${url}/statuses/${status.id}`,
    deployment_url: url,
    target_url: status.log_url,
    updated_at: status.created_at,
  };
}
