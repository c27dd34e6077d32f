import { PassThrough } from "node:stream";
import { statSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { leaveFiles } from "../../../src/action/job/files.ts";
import { annotateJob, logProblems } from "../../../src/action/job/problems.ts";
import { logProgress } from "../../../src/action/job/progress.ts";
import { openRunner, type Runner } from "../../../src/action/runner/runner.ts";
import type { Problem } from "../../../src/domain/problem.ts";
import { createRedactor } from "../../../src/domain/redact.ts";
import { Secret } from "../../../src/domain/secret.ts";
import { cutText } from "../../../src/render/comment/budget.ts";
import { makeFolder, type Folder } from "../../support/project/folder.ts";
import { FULL } from "../../support/render/samples.ts";
import { makeJob } from "../../support/action/fake-job.ts";

const SECRET = "hunter2hunter2";

function open(env?: Readonly<Record<string, string>>): {
  runner: Runner;
  folder: Folder;
  log: () => string;
} {
  const folder = makeFolder();
  const stdout = new PassThrough();
  const chunks: Buffer[] = [];
  stdout.on("data", (chunk: Buffer) => chunks.push(chunk));
  const redactor = createRedactor();
  redactor.add(new Secret(SECRET));
  const files = {
    GITHUB_STEP_SUMMARY: folder.path("summary.md"),
    RUNNER_TEMP: folder.path("temp"),
  };
  return {
    runner: openRunner(stdout, env ?? files, redactor),
    folder,
    log: () => Buffer.concat(chunks).toString(),
  };
}

describe("the log", () => {
  it("is a line for each text, however it ends", () => {
    const { runner, log } = open();
    runner.log("one");
    runner.log("two\nthree\n\n");
    expect(log()).toBe("one\ntwo\nthree\n");
  });

  it.each([
    "::error::owned",
    "  ::add-mask::x",
    "##[error]owned",
    "##vso[task.setvariable]x",
    "a\r::set-output name=x::y",
    "\u202Eevil\u001B[31m",
  ])("starts no command and hides nothing: %j", (evil) => {
    const { runner, log } = open();
    runner.log(`${evil}\n${evil}`);
    expect(log()).not.toMatch(/^\s*::|##\w*\[/m);
    for (const mark of ["\r", "\u202E", "\u001B"]) expect(log()).not.toContain(mark);
  });

  it("has no secret, nor have commands and the summary; a file is as it was rendered", async () => {
    const { runner, folder, log } = open();
    runner.log(`a ${SECRET}`);
    runner.command(`::error::${SECRET}\n`);
    await runner.summarize(() => `b ${SECRET}`);
    // What was masked as values may be JSON, in which nothing can be replaced any more.
    const file = await runner.leave("c.md", SECRET);
    expect(folder.read("temp/callform/c.md")).toBe(SECRET);
    const all = log() + folder.read("summary.md");
    expect(file).toBe(folder.path("temp/callform/c.md"));
    expect(all).not.toContain(SECRET);
    expect(all.split("(secret)")).toHaveLength(4);
  });
});

describe("the job summary", () => {
  it("takes one text after another, and never more than a mebibyte in all", async () => {
    const { runner, folder } = open();
    const limits: number[] = [];
    for (let n = 0; n < 5; n += 1)
      await runner.summarize((limit) => {
        limits.push(limit);
        return cutText("x".repeat(300_000), limit);
      });
    expect(statSync(folder.path("summary.md")).size).toBeLessThanOrEqual(1024 * 1024);
    expect(limits).toEqual(limits.toSorted((a, b) => b - a));
    expect(limits[0]).toBeLessThanOrEqual(1024 * 1024);
  });

  it("is left out where the runner has none", async () => {
    const { runner } = open({});
    await runner.summarize(() => {
      throw new Error("rendered");
    });
    expect(await runner.leave("a", "b")).toBeUndefined();
  });
});

describe("what a job tells", () => {
  const problem: Problem = {
    severity: "warning",
    code: "x",
    message: "50 % of\n::error::owned",
    hint: "go on",
    at: { file: "apps/a,b.yaml", line: 3, column: 5 },
  };

  it("is a line of the log and an annotation for each problem", async () => {
    const { job, runner } = await makeJob();
    logProblems(job, [problem]);
    annotateJob(job, [problem]);
    expect(runner.logs.join("")).toContain(
      "apps/a,b.yaml:3:5 warning x 50 % of\\n\\u{3a}:error::owned",
    );
    expect(runner.commands).toEqual([
      "::warning file=apps/a%2Cb.yaml,line=3,col=5,title=x::50 %25 of\\n\\u{3a}:error::owned (go on)\n",
    ]);
    logProblems(job, []);
    annotateJob(job, []);
    expect(runner.logs).toHaveLength(1);
  });

  it("is a line for each step of an apply, and its problems", async () => {
    const { job, runner } = await makeJob();
    const tell = logProgress(job);
    const resource = { kind: "CallFlowApp", key: "806" };
    tell({ type: "step", resource, step: "compiling" });
    tell({
      type: "finished",
      result: {
        ...resource,
        op: "update",
        outcome: "refused",
        problems: [problem],
        milliseconds: 2100,
      },
    });
    expect(runner.logs[0]).toBe("  compiling CallFlowApp 806");
    expect(runner.logs[1]).toContain("refused  CallFlowApp 806  2.1 s");
    expect(runner.logs[2]).toContain("apps/a,b.yaml:3:5");
  });

  it("is left as files with names that are safe", async () => {
    const { job, runner } = await makeJob();
    const left = await leaveFiles(job, "a/../b c", FULL, "text");
    expect(left).toEqual({
      planFile: "/temp/plan-a-..-b-c.json",
      reportFile: "/temp/report-a-..-b-c.md",
    });
    expect(JSON.parse(runner.files["plan-a-..-b-c.json"] ?? "")).toMatchObject({
      digest: FULL.digest,
    });
    expect(await leaveFiles(job, "x", undefined, "text")).toMatchObject({ planFile: undefined });
  });
});
