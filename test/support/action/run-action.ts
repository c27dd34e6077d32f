import { spawn, type ChildProcess } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { EventEmitter } from "node:events";
import path from "node:path";
import { PassThrough } from "node:stream";
import { parse } from "yaml";
import { NODE_FLAGS } from "../program/run.ts";
import { readRunnerFile, readRunnerLog, type RunnerLog } from "./runner-files.ts";

/** A run of the Action's bundle, as a workflow would start it. */
export interface ActionRun {
  /** The checked-out repository. */
  readonly workspace: string;
  /** A folder of its own for the runner's files. */
  readonly runner: string;
  readonly apiUrl: string;
  readonly token: string;
  /** `owner/name` */
  readonly repository: string;
  readonly event: string;
  readonly payload: unknown;
  /** GITHUB_SHA: for a pull request the merge of its head into its base. */
  readonly sha: string;
  /** `refs/heads/main` */
  readonly ref: string;
  /** By name, as in `with:`. What action.yml gives a default for may be left out. */
  readonly inputs: Readonly<Record<string, string>>;
  /** What `env:` of the step adds. */
  readonly env?: Readonly<Record<string, string>>;
  /** The program that runs it; this one's own Node when absent. */
  readonly node?: string;
  /** Given the running process, to signal it. */
  readonly onStart?: (child: ChildProcess) => void;
  /** Told everything it has written to its log so far, whenever there is more. */
  readonly onLog?: (text: string, child: ChildProcess) => void;
}

export interface RanAction extends RunnerLog {
  /** Null when a signal ended it. */
  readonly code: number | null;
  /** stdout and stderr as they came, masks included. */
  readonly raw: string;
  readonly outputs: Readonly<Record<string, string>>;
  readonly summary: string;
  /** Everything left in RUNNER_TEMP, by path below it. */
  readonly files: Readonly<Record<string, string>>;
}

const ROOT = path.resolve(import.meta.dirname, "../../..");

/** Where the build under test keeps the Action. */
export function locateAction(): string {
  const build = process.env["CALLFORM_TEST_BUILD"];
  if (build === undefined) throw new Error("the Action was not built; run tests through vitest");
  return path.join(build, "action/main.js");
}

/** Runs the bundle as a process of its own, with the runner's environment and nothing of this machine's but PATH. */
export async function runAction(run: ActionRun): Promise<RanAction> {
  const { files, env } = prepareRunner(run);
  const child = spawn(run.node ?? process.execPath, [...NODE_FLAGS, locateAction()], {
    cwd: run.workspace,
    env: { ...env, ...run.env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  run.onStart?.(child);
  let raw = "";
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding("utf8").on("data", (text: string) => {
      raw += text;
      run.onLog?.(raw, child);
    });
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", resolve);
  });
  return {
    ...readRunnerLog(raw),
    code,
    raw,
    outputs: readRunnerFile(readFileSync(files.output, "utf8")),
    summary: readFileSync(files.summary, "utf8"),
    files: readFolder(files.temp),
  };
}

let before: Promise<unknown> = Promise.resolve();

/** The same from the sources and in this process: cheaper by far. One after the other, as the toolkit looks into the process's own environment. */
export async function runActionHere(run: ActionRun): Promise<RanAction> {
  const turn = before.then(() => runNow(run));
  before = turn.catch(() => undefined);
  return turn;
}

async function runNow(action: ActionRun): Promise<RanAction> {
  const { files, env } = prepareRunner(action);
  const all: Record<string, string | undefined> = { ...env, ...action.env };
  const kept = { ...process.env };
  const written: string[] = [];
  const stdout = new PassThrough();
  stdout.on("data", (chunk: Buffer) => written.push(chunk.toString()));
  const write = process.stdout.write.bind(process.stdout);
  const names = Object.keys(all).filter((name) => /^(INPUT_|GITHUB_)/.test(name));
  try {
    for (const name of names) process.env[name] = all[name];
    // The toolkit writes masks and groups there.
    process.stdout.write = (chunk: Uint8Array | string): boolean => {
      written.push(chunk.toString());
      return true;
    };
    const { run } = await import("../../../src/action/run.ts");
    const here = { env: all, stdout, cwd: () => action.workspace };
    const code = await run(Object.assign(new EventEmitter(), here));
    const raw = written.join("");
    return {
      ...readRunnerLog(raw),
      code,
      raw,
      outputs: readRunnerFile(readFileSync(files.output, "utf8")),
      summary: readFileSync(files.summary, "utf8"),
      files: readFolder(files.temp),
    };
  } finally {
    process.stdout.write = write;
    for (const name of names) {
      if (kept[name] === undefined) delete process.env[name];
      else process.env[name] = kept[name];
    }
  }
}

function prepareRunner(run: ActionRun): {
  readonly files: { readonly output: string; readonly summary: string; readonly temp: string };
  readonly env: Readonly<Record<string, string | undefined>>;
} {
  const locate = (name: string): string => path.join(run.runner, name);
  const files = { output: locate("output"), summary: locate("summary.md"), temp: locate("temp") };
  for (const folder of [files.temp, locate("home")]) mkdirSync(folder, { recursive: true });
  for (const file of [files.output, files.summary, locate("state"), locate("env"), locate("path")])
    writeFileSync(file, "");
  writeFileSync(locate("event.json"), JSON.stringify(run.payload));
  const [owner = ""] = run.repository.split("/");
  const refName = run.ref.replace(/^refs\/(heads|tags|pull)\//, "");
  return {
    files,
    env: {
      PATH: process.env["PATH"],
      HOME: locate("home"),
      CI: "true",
      GITHUB_ACTIONS: "true",
      GITHUB_ACTION: "__callform",
      GITHUB_ACTOR: "octocat",
      GITHUB_API_URL: run.apiUrl,
      GITHUB_ENV: locate("env"),
      GITHUB_EVENT_NAME: run.event,
      GITHUB_EVENT_PATH: locate("event.json"),
      GITHUB_GRAPHQL_URL: `${run.apiUrl}/graphql`,
      GITHUB_JOB: "callform",
      GITHUB_OUTPUT: files.output,
      GITHUB_PATH: locate("path"),
      GITHUB_REF: run.ref,
      GITHUB_REF_NAME: refName,
      GITHUB_REPOSITORY: run.repository,
      GITHUB_REPOSITORY_OWNER: owner,
      GITHUB_RUN_ATTEMPT: "1",
      GITHUB_RUN_ID: "8156423",
      GITHUB_RUN_NUMBER: "12",
      GITHUB_SERVER_URL: "https://github.test",
      GITHUB_SHA: run.sha,
      GITHUB_STATE: locate("state"),
      GITHUB_STEP_SUMMARY: files.summary,
      GITHUB_WORKFLOW: "callform",
      GITHUB_WORKSPACE: run.workspace,
      RUNNER_TEMP: files.temp,
      RUNNER_OS: "Linux",
      ...toVariables({ ...readDefaults(run.token), ...checkNames(run.inputs) }),
    },
  };
}

function toVariables(inputs: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(inputs).map(([name, value]) => [`INPUT_${name.toUpperCase()}`, value]),
  );
}

/** Every input, as the runner sets those that a workflow leaves out. */
function readDefaults(token: string): Record<string, string> {
  return Object.fromEntries(
    Object.entries(readInputNames()).map(([name, input]) => {
      return [name, (input?.default ?? "").replace(/\$\{\{\s*github\.token\s*\}\}/, token)];
    }),
  );
}

function checkNames(inputs: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  const known = readInputNames();
  const strange = Object.keys(inputs).filter((name) => !(name in known));
  if (strange.length > 0) throw new Error(`action.yml has no input ${strange.join(", ")}`);
  return inputs;
}

type InputNames = Readonly<Record<string, { readonly default?: string } | null>>;

let names: InputNames | undefined;

function readInputNames(): InputNames {
  names ??= (
    parse(readFileSync(path.join(ROOT, "action.yml"), "utf8")) as { readonly inputs: InputNames }
  ).inputs;
  return names;
}

function readFolder(folder: string): Record<string, string> {
  if (!existsSync(folder)) return {};
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
  return Object.fromEntries(
    entries
      .filter((entry) => entry.isFile())
      .map((entry) => {
        const file = path.join(entry.parentPath, entry.name);
        return [path.relative(folder, file), readFileSync(file, "utf8")];
      }),
  );
}
