import { readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { readInputs } from "../../../src/action/runner/inputs.ts";
import { ProblemError } from "../../../src/domain/problem.ts";
import { makeInputs } from "../../support/action/fake-job.ts";

const ACTION = parse(
  readFileSync(path.resolve(import.meta.dirname, "../../../action.yml"), "utf8"),
) as {
  readonly description: string;
  readonly inputs: Readonly<
    Record<string, { readonly description?: string; readonly default?: unknown }>
  >;
  readonly outputs: Readonly<Record<string, { readonly description?: string }>>;
  readonly runs: Readonly<Record<string, string>>;
  readonly branding: Readonly<Record<string, string>>;
};

describe("the inputs", () => {
  it("have the defaults that action.yml gives", () => {
    const given = Object.fromEntries(
      Object.entries(ACTION.inputs).map(([name, { default: value }]) => [name, String(value)]),
    );
    const { token, ...fromFile } = makeInputs({ ...given, "github-token": "t" });
    const { token: none, ...fromNothing } = makeInputs();
    expect(token?.reveal()).toBe("t");
    expect(none).toBeUndefined();
    expect(fromFile).toEqual({ ...fromNothing, project: ".", concurrency: "4" });
  });

  it("are all in action.yml, and action.yml has no others", () => {
    const read: string[] = [];
    readInputs((name) => {
      read.push(name);
      return "";
    });
    expect(new Set(read)).toEqual(new Set(Object.keys(ACTION.inputs)));
  });

  it("take lists with commas and lines", () => {
    const { targets, only } = makeInputs({ target: "berlin, bonn\nkiel,,\n", only: "800\n801" });
    expect(targets).toEqual(["berlin", "bonn", "kiel"]);
    expect(only).toEqual(["800", "801"]);
  });

  it("keep secrets secret", () => {
    const inputs = makeInputs({
      "client-secret": "s3cret",
      "digest-key": "k3y",
      "github-token": "t0k",
    });
    expect(JSON.stringify(inputs)).not.toMatch(/s3cret|k3y|t0k/);
    expect(inputs.clientSecret?.reveal()).toBe("s3cret");
    expect(inputs.digestKey?.reveal()).toBe("k3y");
  });

  it("say everything that is wrong with them at once", () => {
    const read = (): unknown =>
      makeInputs({ command: "destroy", comment: "maybe", strict: "yes", compile: "1" });
    expect(read).toThrow(ProblemError);
    const problems = ((): ProblemError["problems"] => {
      try {
        read();
      } catch (error) {
        if (error instanceof ProblemError) return error.problems;
      }
      return [];
    })();
    expect(problems.map(({ message, hint }) => `${message}; ${hint ?? ""}`)).toEqual([
      'the input command is "destroy"; it takes auto, validate, plan, apply or drift',
      'the input comment is "maybe"; it takes always, changes, new or never',
      'the input strict is "yes"; it takes true or false',
      'the input compile is "1"; it takes true or false',
    ]);
  });

  it.each(["true", "false"])("read require-approved-plan: %s", (text) => {
    expect(makeInputs({ "require-approved-plan": text }).requireApprovedPlan).toBe(text === "true");
  });
});

describe("action.yml", () => {
  it("describes every input and output, and itself briefly enough for the marketplace", () => {
    const all = [...Object.values(ACTION.inputs), ...Object.values(ACTION.outputs)];
    for (const { description } of all) expect(description).toMatch(/\w{3,}.*\.$/s);
    expect(ACTION.description.length).toBeLessThan(125);
  });

  it("has the outputs that are set, an icon, and the file that runs", () => {
    expect(Object.keys(ACTION.outputs)).toEqual([
      "has-changes",
      "has-deletes",
      "creates",
      "updates",
      "deletes",
      "unchanged",
      "drift",
      "failure-reason",
      "digest",
      "plan-file",
      "report-file",
      "deployment-id",
    ]);
    expect(ACTION.runs).toEqual({ using: "node24", main: "dist/action/main.js" });
    expect(Object.keys(ACTION.branding)).toEqual(["icon", "color"]);
  });
});
