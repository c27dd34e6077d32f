import { openGithub as openStandIn, type Github as StandIn } from "../github/server.ts";
import { createVirtualClock, type VirtualClock } from "../pbx/clock.ts";
import { openGithub } from "../../../src/action/github-api/client.ts";
import { readInputs, type Inputs } from "../../../src/action/runner/inputs.ts";
import type { Job } from "../../../src/action/job/job.ts";
import type { Runner } from "../../../src/action/runner/runner.ts";
import { createRedactor } from "../../../src/domain/redact.ts";
import { Secret } from "../../../src/domain/secret.ts";

/** What a runner was told. */
export interface FakeRunner extends Runner {
  readonly logs: string[];
  readonly commands: string[];
  readonly outputs: Record<string, string>;
  readonly summaries: string[];
  readonly files: Record<string, string>;
}

export interface FakeJob {
  readonly job: Job;
  readonly runner: FakeRunner;
  readonly github: StandIn;
  readonly clock: VirtualClock;
  readonly notes: string[];
  readonly cancel: () => void;
}

/** A clone that knows no history, so that GitHub is asked. */
const BLIND: Job["history"] = {
  head: undefined,
  contains: async (newer, older) => (newer === older ? true : undefined),
};

export const SHA = "1234567890abcdef1234567890abcdef12345678";

/** A job whose GitHub is the stand-in and whose time passes by itself. */
export async function makeJob(
  given: Readonly<Record<string, string>> = {},
  more: Partial<Job> = {},
): Promise<FakeJob> {
  const github = await openStandIn();
  github.state.commits.add(SHA);
  const clock = createVirtualClock(Date.now());
  const runner = makeRunner();
  const stopper = new AbortController();
  const notes: string[] = [];
  const stop = stopper.signal;
  const place = {
    owner: "acme",
    repo: "phones",
    sha: SHA,
    refName: "main",
    apiUrl: github.url,
    runUrl: "https://github.test/acme/phones/actions/runs/7",
    actor: "octocat",
  };
  const job: Job = {
    applies: false,
    inputs: makeInputs(given),
    event: { type: "other", name: "schedule" },
    place,
    runner,
    github: openGithub({
      ...place,
      token: new Secret(github.token),
      version: "0.0.0",
      clock,
      stop,
      onNote: (text) => notes.push(text),
    }),
    redactor: createRedactor(),
    history: BLIND,
    surroundings: { env: {}, cwd: "/" },
    clock,
    stop,
    abort: new AbortController().signal,
    ...more,
  };
  return { job, runner, github, clock, notes, cancel: () => stopper.abort() };
}

export function makeInputs(given: Readonly<Record<string, string>> = {}): Inputs {
  return readInputs((name) => given[name] ?? "");
}

export function makeRunner(): FakeRunner {
  const [logs, commands, summaries]: [string[], string[], string[]] = [[], [], []];
  const [outputs, files]: [Record<string, string>, Record<string, string>] = [{}, {}];
  return {
    logs,
    commands,
    summaries,
    outputs,
    files,
    log: (text) => void logs.push(text),
    command: (text) => void commands.push(text),
    group: (_, work) => work(),
    output: (name, value) => {
      outputs[name] = value;
    },
    summarize: async (render) => void summaries.push(render(1_000_000)),
    leave: async (name, text) => {
      files[name] = text;
      return `/temp/${name}`;
    },
  };
}
