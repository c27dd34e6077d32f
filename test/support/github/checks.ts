import {
  invalid,
  notFound,
  paginate,
  refuse,
  textOf,
  treeOf,
  type Answer,
  type Call,
  type Route,
} from "./answer.ts";
import { asList, type Tree } from "./description.ts";
import type { Annotation, CheckRun } from "./state.ts";

// The description says characters, GitHub counts bytes (github/docs#35252).
const MOST_BYTES = 65_535;
const MOST_ANNOTATIONS = 50;
const MOST_ANNOTATION_BYTES = 64 * 1024;
const MOST_TITLE = 255;

/** Check runs. */
export const checkRoutes: Readonly<Record<string, Route>> = {
  "checks/create": createRun,
  "checks/update": (call) => withRun(call, (run) => updateRun(call, run)),
  "checks/get": (call) => withRun(call, (run) => ({ status: 200, body: show(call, run) })),
  "checks/list-annotations": (call) => withRun(call, (run) => paginate(call, run.annotations)),
  "checks/list-for-ref": listRuns,
};

function withRun(call: Call, answer: (run: CheckRun) => Answer): Answer {
  const id = Number(call.pathTexts["check_run_id"]);
  const run = call.state.checkRuns.find((candidate) => candidate.id === id);
  return run === undefined ? notFound() : answer(run);
}

function createRun(call: Call): Answer {
  const { state, actor, body } = call;
  if (actor.app === undefined) return refuse(403, "You must authenticate via a GitHub App.");
  const sha = textOf(body, "head_sha") ?? "";
  if (!state.commits.has(sha)) return refuse(422, `No commit found for SHA: ${sha}`);
  const wrong = judge(body);
  if (wrong !== undefined) return wrong;
  const run: CheckRun = {
    id: state.nextId(),
    head_sha: sha,
    app: actor.app,
    annotations: [],
    name: textOf(body, "name") ?? "",
    external_id: "",
    details_url: null,
    status: "queued",
    conclusion: null,
    started_at: state.tick(),
    completed_at: null,
    output: { title: null, summary: null, text: null },
  };
  state.checkRuns.push(run);
  change(call, run);
  return { status: 201, body: show(call, run) };
}

function updateRun(call: Call, run: CheckRun): Answer {
  if (call.actor.app?.id !== run.app.id)
    return refuse(
      403,
      `Invalid app_id \`${run.app.id}\` - check run can only be modified by the GitHub App that created it.`,
    );
  const wrong = judge(call.body);
  if (wrong !== undefined) return wrong;
  change(call, run);
  return { status: 200, body: show(call, run) };
}

function judge(body: Tree): Answer | undefined {
  if (textOf(body, "status") === "completed" && textOf(body, "conclusion") === undefined)
    return refuse(422, "Invalid request.\n\nconclusion is required when status is completed");
  const output = treeOf(body, "output");
  for (const field of ["summary", "text"])
    if (Buffer.byteLength(textOf(output, field) ?? "") > MOST_BYTES)
      return invalid("CheckRun", field, `${field} exceeds a maximum bytesize of ${MOST_BYTES}`);
  const annotations = asList(output["annotations"]) as readonly Annotation[];
  if (annotations.length > MOST_ANNOTATIONS)
    return refuse(
      422,
      `Invalid request.\n\nNo more than ${MOST_ANNOTATIONS} items are allowed; ${annotations.length} were supplied.`,
    );
  return annotations.map(judgeAnnotation).find((wrong) => wrong !== undefined);
}

function judgeAnnotation(annotation: Annotation): Answer | undefined {
  const { start_line: from, end_line: to, start_column: left, end_column: right } = annotation;
  if (Buffer.byteLength(annotation.message) > MOST_ANNOTATION_BYTES)
    return invalid("CheckAnnotation", "message", "message exceeds 64 KB");
  if (annotation.message === "") return invalid("CheckAnnotation", "message", "can't be blank");
  if ((annotation.title ?? "").length > MOST_TITLE)
    return invalid("CheckAnnotation", "title", `title is above ${MOST_TITLE} characters`);
  if (from < 1 || to < from) return invalid("CheckAnnotation", "end_line", "lines are no range");
  if (from !== to && (left !== undefined || right !== undefined))
    return invalid("CheckAnnotation", "start_column", "columns need one line");
  if (annotation.path.startsWith("/") || annotation.path.includes(".."))
    return invalid("CheckAnnotation", "path", "path is not below the repository");
  return undefined;
}

function change({ state, body }: Call, run: CheckRun): void {
  const conclusion = textOf(body, "conclusion");
  const output = treeOf(body, "output");
  run.name = textOf(body, "name") ?? run.name;
  run.external_id = textOf(body, "external_id") ?? run.external_id;
  run.details_url = textOf(body, "details_url") ?? run.details_url;
  run.status = conclusion === undefined ? (textOf(body, "status") ?? run.status) : "completed";
  run.conclusion = conclusion ?? run.conclusion;
  if (run.status === "completed") run.completed_at = textOf(body, "completed_at") ?? state.tick();
  if ("output" in body)
    run.output = {
      title: textOf(output, "title") ?? run.output.title,
      summary: textOf(output, "summary") ?? run.output.summary,
      text: textOf(output, "text") ?? run.output.text,
    };
  run.annotations.push(...(asList(output["annotations"]) as readonly Annotation[]));
}

function listRuns(call: Call): Answer {
  const { state, pathTexts, query } = call;
  const ref = pathTexts["ref"] ?? "";
  const sha = state.branches.get(ref.replace(/^heads\//, "")) ?? ref;
  if (!state.commits.has(sha)) return refuse(422, `No commit found for SHA: ${ref}`);
  const [name, app, status] = [query.get("check_name"), query.get("app_id"), query.get("status")];
  const found = state.checkRuns
    .filter((run) => run.head_sha === sha)
    .filter((run) => name === null || run.name === name)
    .filter((run) => app === null || String(run.app.id) === app)
    .filter((run) => status === null || run.status === status)
    .toReversed();
  const latest = new Map<string, CheckRun>();
  for (const run of found.toReversed()) latest.set(`${run.app.id} ${run.name}`, run);
  const shown =
    query.get("filter") === "all"
      ? found
      : found.filter((run) => [...latest.values()].includes(run));
  return paginate(
    call,
    shown.map((run) => show(call, run)),
    (page) => ({ total_count: shown.length, check_runs: page }),
  );
}

function show({ root, state: { owner, name } }: Call, run: CheckRun): unknown {
  const { annotations, output, ...shown } = run;
  const url = `${root}/repos/${owner}/${name}/check-runs/${run.id}`;
  return {
    ...shown,
    url,
    html_url: `https://github.test/${owner}/${name}/runs/${run.id}`,
    output: {
      ...output,
      annotations_count: annotations.length,
      annotations_url: `${url}/annotations`,
    },
    check_suite: { id: 7 },
    pull_requests: [],
  };
}
