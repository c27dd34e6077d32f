import { execFileSync } from "node:child_process";
import { appendFileSync, cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { onTestFinished } from "vitest";
import { startSandbox, type Sandbox, type SandboxOptions } from "../../../src/sandbox/server.ts";
import { createPulls, type Pulls } from "./pulls.ts";
import { openGithub, type Github, type GithubOptions } from "../github/server.ts";
import { SEED, toClassName, writeApp } from "../project/pbx-project.ts";
import { makeRepository, plantRepository, type Repository } from "../project/repository.ts";
import { writeScript } from "../project/scripts.ts";
import { runAction, runActionHere, type ActionRun, type RanAction } from "./run-action.ts";

/** What a test may say about one run. */
export type RunOptions = Partial<
  Pick<
    ActionRun,
    "inputs" | "env" | "node" | "onStart" | "onLog" | "event" | "payload" | "sha" | "ref" | "token"
  >
> & {
  /** How much history is checked out; 1, as actions/checkout does, when absent. */
  readonly depth?: number | "all";
  /** What is checked out instead of the event's commit: another one, or nothing at all. */
  readonly checkOut?: string;
};

/** A repository at GitHub, a PBX, and a workflow that runs the Action between them. */
export interface ActionWorld extends Pulls {
  readonly github: Github;
  readonly pbx: Sandbox;
  readonly repository: Repository;
  readonly runs: readonly RanAction[];
  write(name: string, content: string): void;
  remove(name: string): void;
  /** Commits everything on the branch that is checked out, and pushes. */
  commit(message: string): string;
  runPull(number: number, options?: RunOptions): Promise<RanAction>;
  /** `sha` is the default branch's newest commit when absent. */
  runPush(sha?: string, options?: RunOptions): Promise<RanAction>;
  runSchedule(options?: RunOptions): Promise<RanAction>;
  /** The folder of the repository at GitHub. */
  readonly root: string;
}

export const TARGET = "production";
export const PROJECT = `apiVersion: callform/v1
kind: Project
targets:
  ${TARGET}:
    policy: { prune: removed }
`;

export interface WorldOptions {
  /** Apps by number, as manifests with scripts. */
  readonly apps?: Readonly<Record<string, string>>;
  /** Those apps are on the PBX already, put there by hand. */
  readonly live?: boolean;
  readonly files?: Readonly<Record<string, string>>;
  readonly sandbox?: SandboxOptions;
  readonly github?: GithubOptions;
  /** Runs the sources in this process instead of the bundle in one of its own; nothing can be signalled then. */
  readonly here?: true;
}

/** Everything a scenario of the Action needs, made for one test and gone `after` it. */
export async function openActionWorld(
  options: WorldOptions = {},
  after: typeof onTestFinished = onTestFinished,
): Promise<ActionWorld> {
  const pbx = await startSandbox({ seed: SEED, ...options.sandbox });
  after(() => pbx.close());
  const github = await openGithub(options.github, after);
  const apps = Object.entries(options.apps ?? {});
  if (options.live === true) for (const [number, name] of apps) await plantApp(pbx, number, name);
  const places = mkdtempSync(path.join(tmpdir(), "callform-runner-"));
  after(() => rmSync(places, { recursive: true, force: true }));
  const root = path.join(places, "origin");
  const write = (name: string, content: string): void => {
    mkdirSync(path.dirname(path.join(root, name)), { recursive: true });
    writeFileSync(path.join(root, name), content);
  };
  const files: Readonly<Record<string, string>> = {
    "callform.yaml": PROJECT,
    ...Object.assign({}, ...apps.map(([number, name]) => writeApp(number, name))),
    ...options.files,
  };
  for (const [name, text] of Object.entries(files)) write(name, text);
  const repository = makeRepository(root);
  const { git } = repository;
  appendFileSync(path.join(root, ".git/config"), "[uploadpack]\n\tallowAnySHA1InWant = true\n");
  const { state } = github;
  const runs: RanAction[] = [];
  const empty = path.join(places, "empty");
  plantRepository(empty);
  const fetch = "+refs/heads/*:refs/remotes/origin/*";
  const origin = `[remote "origin"]\n\turl = file://${root}\n\tfetch = ${fetch}\n`;
  appendFileSync(path.join(empty, ".git/config"), origin);

  /** Tells GitHub of a commit and its history. */
  function learn(sha: string): void {
    for (const line of git("log", "--format=%H%x09%P%x09%s", sha).split("\n")) {
      const [id = "", parents = "", ...subject] = line.split("\t");
      state.commits.add(id);
      state.parents.set(id, parents === "" ? [] : parents.split(" "));
      state.messages.set(id, subject.join("\t"));
    }
  }

  function push(branch: string): string {
    const sha = git("rev-parse", branch);
    state.branches.set(branch, sha);
    learn(sha);
    return sha;
  }

  function commit(message: string, branch = "main"): string {
    repository.commit(message);
    return push(branch);
  }

  async function run(
    usual: Pick<ActionRun, "event" | "payload" | "sha" | "ref">,
    { depth = 1, inputs, checkOut: other, ...more }: RunOptions,
  ): Promise<RanAction> {
    const place = path.join(places, String(runs.length));
    const [workspace, runner] = [path.join(place, "work"), path.join(place, "runner")];
    mkdirSync(runner, { recursive: true });
    const sha = more.sha ?? usual.sha;
    learn(sha);
    // Made ready once: starting git is most of what a run costs.
    if (other === "nothing") mkdirSync(workspace);
    else {
      cpSync(empty, workspace, { recursive: true });
      checkOut(workspace, other ?? sha, depth);
    }
    const ran = await (options.here === true ? runActionHere : runAction)({
      workspace,
      runner,
      apiUrl: github.url,
      token: github.token,
      repository: `${state.owner}/${state.name}`,
      ...usual,
      ...more,
      inputs: {
        url: pbx.url,
        "client-id": pbx.clientId,
        "client-secret": pbx.clientSecret,
        ...inputs,
      },
    });
    runs.push(ran);
    return ran;
  }

  const pulls = createPulls({ repository, state, push, commit });
  commit("start");
  return {
    ...pulls,
    root,
    github,
    pbx,
    repository,
    runs,
    write,
    remove: (name) => rmSync(path.join(root, name), { recursive: true }),
    commit,
    runPull: (number, more = {}) => run(pulls.describeEvent(number), more),
    runPush: (sha = git("rev-parse", "main"), more = {}) => run(pulls.describePush(sha), more),
    runSchedule: (more = {}) =>
      run(
        {
          event: "schedule",
          payload: { schedule: "17 5 * * *", repository: pulls.describeRepository() },
          sha: git("rev-parse", "main"),
          ref: "refs/heads/main",
        },
        more,
      ),
  };
}

/** As an administrator makes an app by hand. */
async function plantApp({ console }: Sandbox, number: string, name: string): Promise<void> {
  await console.create({ Number: number, Name: name });
  await console.edit(number, { ScriptCode: writeScript(toClassName(name)) });
}

/** As actions/checkout does it. */
function checkOut(workspace: string, sha: string, depth: number | "all"): void {
  const some = depth === "all" ? [] : [`--depth=${depth}`];
  const ref = `+${sha}:refs/remotes/origin/checked-out`;
  runGit(workspace, "fetch", "-q", "--no-tags", ...some, "origin", ref);
  runGit(workspace, "-c", "advice.detachedHead=false", "checkout", "-q", "--force", sha);
}

function runGit(folder: string, ...args: string[]): void {
  const env = {
    PATH: process.env["PATH"],
    GIT_CONFIG_GLOBAL: "/dev/null",
    GIT_CONFIG_NOSYSTEM: "1",
  };
  execFileSync("git", args, { cwd: folder, stdio: "pipe", env });
}

export type OpenWorld = (options?: WorldOptions) => Promise<ActionWorld>;

/** Opens worlds for one of several tests that run side by side, which only its own hook knows the end of. */
export function worldsOf(after: typeof onTestFinished): OpenWorld {
  return (options) => openActionWorld(options, after);
}
