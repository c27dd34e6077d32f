import type { ActionWorld } from "./world.ts";
import type { Output } from "../worlds/canary.ts";

/** Everything that others can read after the runs of a world: what GitHub was sent, logs, outputs, summaries and files. */
export function readActionOutputs({ github, runs }: ActionWorld): readonly Output[] {
  const sent = github.requests.flatMap(({ method, target, body, headers }, index) => {
    const { authorization: _, ...shown } = headers;
    const where = `request ${index + 1}, ${method} ${target.split("?")[0]}`;
    return [
      { where, text: target },
      { where: `${where}, headers`, text: JSON.stringify(shown) },
      ...readTexts(parse(body)).map((text) => ({ where: `${where}, body`, text })),
    ];
  });
  const ran = runs.flatMap(({ text, outputs, summary, files }, index) => [
    { where: `log of run ${index + 1}`, text },
    { where: `summary of run ${index + 1}`, text: summary },
    ...Object.entries(outputs).map(([name, value]) => ({
      where: `output ${name} of run ${index + 1}`,
      text: value,
    })),
    ...Object.entries(files).map(([name, content]) => ({
      where: `file ${name} of run ${index + 1}`,
      text: content,
    })),
  ]);
  return [...sent, ...ran];
}

/** Texts that people see rendered as Markdown, by place: comments, issues, check runs and the job's summary. */
export function readMarkdown({ github: { state }, runs }: ActionWorld): readonly Output[] {
  return [
    ...state.comments.map(({ id, body }) => ({ where: `comment ${id}`, text: body })),
    ...[...state.issues.values()].flatMap(({ number, isPull, body }) =>
      isPull || body === null ? [] : [{ where: `issue ${number}`, text: body }],
    ),
    ...state.checkRuns.flatMap(({ id, output }) => [
      { where: `check run ${id}`, text: output.summary ?? "" },
      { where: `text of check run ${id}`, text: output.text ?? "" },
    ]),
    ...runs.map(({ summary }, index) => ({ where: `summary of run ${index + 1}`, text: summary })),
    ...runs.flatMap(({ files }, index) =>
      Object.entries(files)
        .filter(([name]) => name.endsWith(".md"))
        .map(([name, text]) => ({ where: `${name} of run ${index + 1}`, text })),
    ),
  ].filter(({ text }) => text !== "");
}

/** One line each, which GitHub shows as they are. */
export function readLines({ github: { state } }: ActionWorld): readonly Output[] {
  return [
    ...state.checkRuns.flatMap(({ id, output, annotations }) => [
      { where: `title of check run ${id}`, text: output.title ?? "" },
      ...annotations.flatMap(({ message, title = "", path }) =>
        [message, title, path].map((text) => ({ where: `annotation of check run ${id}`, text })),
      ),
    ]),
    ...state.deployments.flatMap(({ id, description, statuses }) =>
      [description ?? "", ...statuses.map((status) => status.description)].map((text) => ({
        where: `deployment ${id}`,
        text,
      })),
    ),
    ...state.statuses.map(({ id, description }) => ({
      where: `commit status ${id}`,
      text: description ?? "",
    })),
  ];
}

/** Every text in a value, keys too: escapes of JSON would hide a secret from a search. */
function readTexts(value: unknown): readonly string[] {
  if (typeof value === "string") return [value];
  if (Array.isArray(value)) return value.flatMap(readTexts);
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, item]) => [key, ...readTexts(item)]);
}

function parse(body: string): unknown {
  return body === "" ? undefined : (JSON.parse(body) as unknown);
}
