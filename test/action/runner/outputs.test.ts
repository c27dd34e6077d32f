import { describe, expect, it } from "vitest";
import { writeOutputs } from "../../../src/action/runner/outputs.ts";
import type { Report } from "../../../src/action/runner/report.ts";
import { FULL, makePlan } from "../../support/render/samples.ts";
import { makeRunner } from "../../support/action/fake-job.ts";

function outputsOf(...reports: readonly Report[]): Record<string, string> {
  const runner = makeRunner();
  writeOutputs(runner, reports);
  return runner.outputs;
}

const REPORT: Report = { target: "berlin", failed: false, problems: [], plan: FULL };

describe("the outputs", () => {
  it("of one target are plain values", () => {
    const more = { planFile: "/t/plan.json", reportFile: "/t/report.md", deploymentId: 7 };
    expect(outputsOf({ ...REPORT, ...more })).toEqual({
      "has-changes": "true",
      "has-deletes": "true",
      creates: "2",
      updates: "1",
      deletes: "1",
      unchanged: "14",
      drift: "",
      "failure-reason": "",
      digest: FULL.digest,
      "plan-file": "/t/plan.json",
      "report-file": "/t/report.md",
      "deployment-id": "7",
    });
  });

  it("of several targets are sums, and objects by target", () => {
    const quiet = { ...REPORT, target: "bonn", plan: makePlan({ digest: "b" }), deploymentId: 8 };
    const failed = { target: "kiel", failed: true, problems: [] };
    const outputs = outputsOf(REPORT, quiet, failed);
    expect(outputs).toMatchObject({ creates: "2", unchanged: "28", "has-changes": "true" });
    expect(JSON.parse(outputs["digest"] ?? "")).toEqual({
      berlin: FULL.digest,
      bonn: "b",
      kiel: null,
    });
    expect(JSON.parse(outputs["deployment-id"] ?? "")).toEqual({
      berlin: null,
      bonn: "8",
      kiel: null,
    });
  });

  it("say nothing is to be done where that is so, and nothing at all where there was no plan", () => {
    expect(outputsOf({ ...REPORT, plan: makePlan() })).toMatchObject({
      "has-changes": "false",
      "has-deletes": "false",
      creates: "0",
      "plan-file": "",
    });
    const unknown = { "has-changes": "", "has-deletes": "", creates: "", drift: "", digest: "" };
    expect(outputsOf({ target: "x", failed: true, problems: [] })).toMatchObject(unknown);
    expect(outputsOf()).toMatchObject(unknown);
    const quiet = { ...REPORT, plan: makePlan() };
    expect(outputsOf(quiet, { target: "x", failed: true, problems: [] })).toMatchObject({
      "has-changes": "",
    });
  });

  it.each([
    ["workflow", { code: "wrong-checkout" }],
    ["settings", { code: "setting-missing" }],
    ["github", { code: "github-unavailable" }],
    ["not-approved", { code: "superseded" }],
    ["guard", { code: "guard-max-deletes" }],
    ["cancelled", { code: "interrupted" }],
    ["bug", { code: "bug" }],
    ["manifests", { code: "invalid-value", at: { file: "a.yaml", line: 1, column: 1 } }],
    ["pbx", { code: "login-refused" }],
  ])("name the reason of a failure: %s", (reason, problem) => {
    const problems = [{ severity: "error" as const, message: "m", ...problem }];
    const failed = { target: "x", failed: true, problems };
    expect(outputsOf(failed)).toMatchObject({ "failure-reason": reason });
    const runner = makeRunner();
    writeOutputs(runner, [], problems);
    expect(runner.outputs).toMatchObject({ "failure-reason": reason });
  });

  it("say whether there is drift", () => {
    const clean: Report = { target: "x", failed: false, problems: [], drift: makePlan() };
    expect(outputsOf(clean)).toMatchObject({ drift: "false" });
    expect(outputsOf(clean, { ...clean, drift: FULL })).toMatchObject({ drift: "true" });
  });
});
