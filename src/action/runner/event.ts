import { readInputFile } from "../../app/input-file.ts";
import { failure } from "../../domain/problem.ts";
import type { Surroundings } from "../../app/settings/resolve.ts";

/** What started the run, as far as the Action looks at it. */
export type Event =
  | PullRequestEvent
  | { readonly type: "merge_group"; readonly head: string }
  | PushEvent
  | { readonly type: "other"; readonly name: string };

export interface PullRequestEvent {
  readonly type: "pull_request";
  readonly action: string;
  readonly number: number;
  /** The commit that is to be reviewed; the check run belongs to it. */
  readonly head: string;
  /** The commit of the branch it is to be merged into. */
  readonly base: string;
  /** It comes from another repository, or from one that is gone. */
  readonly fork: boolean;
  readonly author: string;
}

export interface PushEvent {
  readonly type: "push";
  /** Undefined for a tag. */
  readonly branch: string | undefined;
  /** The branch is the repository's default branch. */
  readonly toDefault: boolean;
  /** The branch is gone. */
  readonly deleted: boolean;
  /** The message of the pushed commit. */
  readonly message: string;
}

type Fields = Readonly<Record<string, unknown>>;

/** The event as GitHub wrote it to GITHUB_EVENT_PATH. Throws ProblemError where it is not what its name says. */
export async function readEvent(env: Surroundings["env"]): Promise<Event> {
  const name = env["GITHUB_EVENT_NAME"] ?? "";
  const payload = await readPayload(env["GITHUB_EVENT_PATH"]);
  if (name === "pull_request") return readPullRequest(payload);
  if (name === "merge_group")
    return { type: "merge_group", head: takeText(payload, "merge_group", "head_sha") };
  if (name === "push") return readPush(payload);
  return { type: "other", name };
}

function readPullRequest(payload: Fields): PullRequestEvent {
  const pull = takeFields(payload, "pull_request");
  const number = pull["number"];
  if (typeof number !== "number") throw explainEvent("pull_request.number");
  const source = look(pull, "head", "repo", "full_name");
  return {
    type: "pull_request",
    action: takeText(payload, "action"),
    number,
    head: takeText(pull, "head", "sha"),
    base: takeText(pull, "base", "sha"),
    fork: source !== takeText(pull, "base", "repo", "full_name"),
    author: takeText(pull, "user", "login"),
  };
}

function readPush(payload: Fields): PushEvent {
  const ref = takeText(payload, "ref");
  const prefix = "refs/heads/";
  const branch = ref.startsWith(prefix) ? ref.slice(prefix.length) : undefined;
  const message = look(payload, "head_commit", "message");
  return {
    type: "push",
    branch,
    toDefault: branch !== undefined && branch === look(payload, "repository", "default_branch"),
    deleted: payload["deleted"] === true,
    message: typeof message === "string" ? message : "",
  };
}

async function readPayload(path: string | undefined): Promise<Fields> {
  if (path === undefined || path === "")
    throw failure(
      "not-in-actions",
      "GITHUB_EVENT_PATH is not set: this is no run of GitHub Actions",
      {
        hint: "elsewhere, use the command line: callform plan",
      },
    );
  const reading = await readInputFile(path);
  if ("reason" in reading) throw explainPayload(path, `cannot be read: ${reading.reason}`);
  const payload = parsePayload(reading.text);
  if (isFields(payload)) return payload;
  throw explainPayload(path, payload === undefined ? "is no valid JSON" : "is no object");
}

function parsePayload(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function explainPayload(path: string, what: string): Error {
  return failure("event-unreadable", `the event in ${path} ${what}`, {
    hint: "GitHub writes it before the Action starts; GITHUB_EVENT_PATH of the step must not be changed",
  });
}

function look(fields: Fields, ...path: readonly string[]): unknown {
  return path.reduce<unknown>((at, key) => (isFields(at) ? at[key] : undefined), fields);
}

function takeText(fields: Fields, ...path: readonly string[]): string {
  const value = look(fields, ...path);
  if (typeof value === "string" && value !== "") return value;
  throw explainEvent(path.join("."));
}

function takeFields(fields: Fields, key: string): Fields {
  const value = fields[key];
  if (isFields(value)) return value;
  throw explainEvent(key);
}

function isFields(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function explainEvent(what: string): Error {
  return failure("event-unreadable", `the event has no ${what}`);
}
