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
      drift: "false",
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

  it("say nothing is to be done where that is so, and where there was no plan", () => {
    const nothing = {
      "has-changes": "false",
      "has-deletes": "false",
      creates: "0",
      "plan-file": "",
    };
    expect(outputsOf({ ...REPORT, plan: makePlan() })).toMatchObject(nothing);
    expect(outputsOf({ target: "x", failed: true, problems: [] })).toMatchObject({
      ...nothing,
      digest: "",
    });
    expect(outputsOf()).toMatchObject({ ...nothing, digest: "" });
  });

  it("say whether there is drift", () => {
    const clean: Report = { target: "x", failed: false, problems: [], drift: makePlan() };
    expect(outputsOf(clean)).toMatchObject({ drift: "false" });
    expect(outputsOf(clean, { ...clean, drift: FULL })).toMatchObject({ drift: "true" });
  });
});
