import pLimit from "p-limit";
import { describe, expect, it, vi } from "vitest";
import type { FaultAction } from "../../src/sandbox/faults/read.ts";
import type { Sandbox } from "../../src/sandbox/server.ts";
import {
  judgeGoal,
  judgeHistory,
  makeBoundaryProject,
  startBoundaryPbx,
  type BoundaryProject,
} from "../support/worlds/boundary.ts";
import { rememberGit } from "../support/git/remember.ts";
import { runInline } from "../support/program/inline.ts";
import { runProgram } from "../support/program/run.ts";

// Each run compares with the same commit; the processes that are killed ask git themselves.
vi.mock("../../src/git/tree.ts", async (importOriginal) => rememberGit(await importOriginal()));

const ARGS = ["apply", "--yes", "--target", "pbx", "--base"];
const PARALLEL = 6;
/** How often the number of requests is looked at while waiting to kill. Milliseconds. */
const WATCH = 2;

const faults: Readonly<Record<string, FaultAction>> = {
  "a reset before it takes effect": { type: "reset", when: "before" },
  "a reset after it took effect": { type: "reset", when: "after" },
  "401": { type: "status", status: 401 },
  "429 with Retry-After": { type: "status", status: 429, headers: { "Retry-After": "1" } },
  "500": { type: "status", status: 500, body: "{}" },
  "503": { type: "status", status: 503, body: "" },
  "500 after it took effect": { type: "status", status: 500, body: "{}", when: "after" },
  "a truncated answer": { type: "truncate" },
  "a restart": { type: "restart", milliseconds: 120 },
};

function envOf(pbx: Sandbox): Record<string, string> {
  const { url, clientId, clientSecret } = pbx;
  return { CALLFORM_URL: url, CALLFORM_CLIENT_ID: clientId, CALLFORM_CLIENT_SECRET: clientSecret };
}

/** How many requests an undisturbed run sends. */
async function countRequests(project: BoundaryProject): Promise<number> {
  const pbx = await startBoundaryPbx([]);
  const ran = await runInline([...ARGS, project.base], { cwd: project.root, env: envOf(pbx) });
  expect(ran.stderr).toContain("applied");
  expect(ran.code).toBe(0);
  expect(judgeGoal(pbx)).toEqual([]);
  return pbx.requests.length;
}

/** What is wrong after one clean run more; empty when nothing is. */
async function finish(project: BoundaryProject, pbx: Sandbox): Promise<string[]> {
  pbx.clearFaults();
  const before = judgeHistory(pbx);
  const ran = await runInline([...ARGS, project.base], { cwd: project.root, env: envOf(pbx) });
  const failed = ran.code === 0 ? [] : [`the clean run ended with ${ran.code}: ${ran.stderr}`];
  return [...before, ...failed, ...judgeGoal(pbx)];
}

async function tryAll(
  name: string,
  requests: number,
  attempt: (index: number) => Promise<string[]>,
): Promise<void> {
  const limit = pLimit(PARALLEL);
  const indexes = Array.from({ length: requests }, (_, index) => index + 1);
  const verdicts = await Promise.all(
    indexes.map((index) =>
      limit(async () => (await attempt(index)).map((wrong) => `request ${index}: ${wrong}`)),
    ),
  );
  const failed = verdicts.filter((wrong) => wrong.length > 0).length;
  process.stdout.write(`${name}: ${requests} cases tried, ${requests - failed} passed\n`);
  expect(verdicts.flat()).toEqual([]);
}

describe("at every request boundary, one clean run reaches the goal after", () => {
  it.each(Object.entries(faults))("%s", async (name, action) => {
    const project = makeBoundaryProject();
    const requests = await countRequests(project);
    await tryAll(name, requests + 2, async (index) => {
      const pbx = await startBoundaryPbx([{ nth: index, action }]);
      const ran = await runInline([...ARGS, project.base], { cwd: project.root, env: envOf(pbx) });
      const bug = ran.stderr.includes("has a bug") ? [ran.stderr] : [];
      return [...bug, ...(await finish(project, pbx))];
    });
  });

  it("the process was killed", async () => {
    const project = makeBoundaryProject();
    const requests = await countRequests(project);
    await tryAll("killed", requests, async (index) => {
      const pbx = await startBoundaryPbx([
        { nth: index, action: { type: "delay", milliseconds: 20 } },
      ]);
      await runProgram([...ARGS, project.base], {
        cwd: project.root,
        env: envOf(pbx),
        onStart: (child) => {
          const watch = setInterval(() => {
            if (pbx.requests.length >= index) child.kill("SIGKILL");
          }, WATCH);
          child.once("close", () => clearInterval(watch));
        },
      });
      return finish(project, pbx);
    });
  });
});
