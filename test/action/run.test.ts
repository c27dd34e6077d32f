import { EventEmitter } from "node:events";
import { PassThrough } from "node:stream";
import { afterEach, describe, expect, it, vi } from "vitest";
import { run } from "../../src/action/run.ts";
import { openGithub } from "../support/github/server.ts";
import { makeFolder, type Folder } from "../support/project/folder.ts";
import { makeRepository } from "../support/project/repository.ts";
import { writeApp } from "../support/project/pbx-project.ts";

afterEach(() => vi.unstubAllEnvs());

const PUSHED = { ref: "refs/heads/main", repository: { default_branch: "main" } };

interface Ran {
  readonly code: number;
  readonly log: string;
  readonly summary: string;
  readonly folder: Folder;
}

/** Runs the Action in this process, with the runner's environment and nothing else. */
async function runHere(env: Readonly<Record<string, string>>, payload: unknown = {}): Promise<Ran> {
  const folder = makeFolder({
    ...writeApp("806", "one"),
    "event.json": JSON.stringify(payload),
    "summary.md": "",
    output: "",
  });
  const sha = makeRepository(folder.root).commit("start");
  const all = {
    GITHUB_REPOSITORY: "acme/phones",
    GITHUB_SHA: sha,
    GITHUB_RUN_ID: "7",
    GITHUB_EVENT_NAME: "push",
    GITHUB_EVENT_PATH: folder.path("event.json"),
    GITHUB_STEP_SUMMARY: folder.path("summary.md"),
    GITHUB_WORKSPACE: folder.root,
    ...env,
  };
  // The toolkit looks into the process itself for inputs, and for where outputs go.
  vi.stubEnv("GITHUB_OUTPUT", folder.path("output"));
  for (const [name, value] of Object.entries(all))
    if (name.startsWith("INPUT_")) vi.stubEnv(name, value);
  const stdout = new PassThrough();
  const chunks: Buffer[] = [];
  stdout.on("data", (chunk: Buffer) => chunks.push(chunk));
  const code = await run(
    Object.assign(new EventEmitter(), { env: all, stdout, cwd: () => folder.root }),
  );
  return {
    code,
    log: Buffer.concat(chunks).toString(),
    summary: folder.read("summary.md"),
    folder,
  };
}

describe("a run of the Action", () => {
  it("checks manifests with no GitHub, PBX or token", async () => {
    const ran = await runHere({ INPUT_COMMAND: "validate" }, PUSHED);
    expect(ran.code, ran.log).toBe(0);
    expect(ran.log).toContain("1 app in 1 file.");
    expect(ran.summary).toContain("**The manifests are valid.**");
    expect(ran.folder.read("output")).toMatch(/has-changes<<(\S+)\n\n\1\n/);
  });

  it("says what is wrong with its inputs in log, annotation and summary", async () => {
    const ran = await runHere({ INPUT_COMMAND: "destroy" });
    expect(ran.code).toBe(1);
    expect(ran.log).toContain('error invalid-input the input command is "destroy"');
    expect(ran.log).toContain("::error title=invalid-input::");
    expect(ran.summary).toContain("destroy");
  });

  it("refuses an unsafe event before it looks at anything", async () => {
    const ran = await runHere({
      GITHUB_EVENT_NAME: "pull_request_target",
      GITHUB_EVENT_PATH: "/nowhere",
      GITHUB_REPOSITORY: "",
    });
    expect(ran.code).toBe(1);
    expect(ran.log).toContain("Callform does not run on pull_request_target with credentials");
  });

  it("has nothing to do for a closed pull request, and asks GitHub nothing", async () => {
    const github = await openGithub();
    const repo = { full_name: "acme/phones" };
    const ran = await runHere(
      { GITHUB_EVENT_NAME: "pull_request", GITHUB_API_URL: github.url },
      {
        action: "closed",
        pull_request: {
          number: 1,
          user: { login: "octocat" },
          head: { sha: "a", repo },
          base: { sha: "b", repo },
        },
      },
    );
    expect(ran.code).toBe(0);
    expect(ran.log).toContain("Nothing to do: the pull request is closed");
    expect(github.requests).toEqual([]);
  });

  it("applies nothing when GitHub cannot be asked who reviewed it", async () => {
    const github = await openGithub();
    github.setPermissions({});
    const ran = await runHere(
      { GITHUB_API_URL: github.url, "INPUT_GITHUB-TOKEN": github.token },
      PUSHED,
    );
    expect(ran.code).toBe(1);
    expect(ran.log).toContain("`pull-requests: write`");
    expect(ran.summary).toContain("nothing was applied");
  });
});
