import { Ajv2020 } from "ajv/dist/2020.js";
import { readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { makeFolder } from "../support/project/folder.ts";
import {
  makePbxProject,
  PROJECT_FILE,
  writeApp,
  writesOf,
} from "../support/project/pbx-project.ts";
import { runProgram } from "../support/program/run.ts";
import { writeScript } from "../support/project/scripts.ts";

const three = { ...writeApp("806", "one"), ...writeApp("807", "two"), ...writeApp("808", "three") };

describe("what a plan is about", () => {
  it("is narrowed by --only, --exclude, --selector and paths, and says that it is partial", async () => {
    const labels = writeApp("808", "three");
    labels["apps/three.yaml"] = (labels["apps/three.yaml"] ?? "").replace(
      "spec:",
      "  labels: { team: support }\nspec:",
    );
    const project = await makePbxProject({ ...three, ...labels });
    for (const [args, count] of [
      [["--only", "806"], 1],
      [["--only", "806,807"], 2],
      [["--exclude", "806"], 2],
      [["--selector", "team=support"], 1],
      [["apps/two.yaml"], 1],
    ] as const) {
      const ran = await project.run(["plan", ...args]);
      expect(ran.stdout).toContain(`Plan: ${count} to create`);
      expect(ran.stdout).toContain("This plan is partial");
      expect(ran.code).toBe(0);
    }
  });

  it("is not silently nothing when the filter is misspelled", async () => {
    const project = await makePbxProject(three);
    const ran = await project.run(["plan", "--only", "860"]);
    expect(ran.code).toBe(1);
    expect(ran.stderr).toContain("no manifest has the number 860");
  });
});

describe("--format", () => {
  it("json is the plan as its schema describes it", async () => {
    const project = await makePbxProject(three);
    const schema = JSON.parse(
      readFileSync(path.join(import.meta.dirname, "../../schemas/plan.schema.json"), "utf8"),
    );
    const check = new Ajv2020({ strict: true, allErrors: true }).compile(schema);
    const created = JSON.parse((await project.run(["plan", "--format", "json"])).stdout);
    expect(check(created), JSON.stringify(check.errors)).toBe(true);
    expect(created).toMatchObject({ summary: { create: 3, update: 0, delete: 0, unchanged: 0 } });
    await project.run(["apply", "--yes"]);
    project.write("apps/two.cs", writeScript("Two", "other.wav"));
    await project.pbx.console.create({ Number: "890", Name: "byhand" });
    const updated = JSON.parse((await project.run(["plan", "--format", "json"])).stdout);
    expect(check(updated), JSON.stringify(check.errors)).toBe(true);
    expect(updated).toMatchObject({
      unmanaged: [{ kind: "CallFlowApp", key: "890", title: "byhand" }],
      changes: [{ op: "update", key: "807", patch: [{ op: "replace", path: "/scriptCode" }] }],
    });
    expect(updated.changes[0].fields[0].diff).toContain(
      '+            await MyCall.PlayPrompt("other.wav");',
    );
  });

  it("json of an apply is one document with a result for each change", async () => {
    const project = await makePbxProject(three);
    const ran = await project.run(["apply", "--yes", "--format", "json"]);
    expect(JSON.parse(ran.stdout)).toMatchObject({
      formatVersion: 1,
      command: "apply",
      summary: { applied: 3, refused: 0, unchanged: 0 },
      results: [{ key: "806", outcome: "applied" }, { key: "807" }, { key: "808" }],
    });
  });

  it("markdown starts with the summary", async () => {
    const project = await makePbxProject(three);
    const ran = await project.run(["plan", "--format", "markdown"]);
    expect(ran.stdout.split("\n").slice(0, 3)).toEqual([
      "## Callform plan for production",
      "",
      "**Plan: 3 to create, 0 to update, 0 to delete, 0 unchanged.**",
    ]);
  });

  it("that does not exist is a clear problem", async () => {
    const ran = await runProgram(["plan", "--format", "xml"], { cwd: makeFolder().root });
    expect(ran.code).toBe(1);
    expect(ran.stderr).toContain("Allowed choices are text, json, markdown");
  });
});

describe("apply", () => {
  it("refuses without --yes where nobody can be asked", async () => {
    const project = await makePbxProject(three);
    const ran = await project.run(["apply"]);
    expect(ran.code).toBe(1);
    expect(ran.stderr).toContain("error not-confirmed");
    expect(writesOf(project.pbx)).toEqual([]);
  });

  it("carries out a saved plan that still holds, and refuses it the second time", async () => {
    const project = await makePbxProject(three);
    expect(await project.run(["plan", "--out", "plan.json"])).toMatchObject({ code: 0 });
    expect(await project.run(["apply", "plan.json", "--yes"])).toMatchObject({ code: 0 });
    const again = await project.run(["apply", "plan.json", "--yes"]);
    expect(again.code).toBe(1);
    expect(again.stderr).toContain("error plan-used");
    expect(again.stderr).toContain("plan.json was applied to its end at 20");
  });

  it("refuses a saved plan when the PBX has moved on, and says how", async () => {
    const project = await makePbxProject(three);
    await project.run(["apply", "--yes"]);
    project.write("apps/two.cs", writeScript("Two", "other.wav"));
    await project.run(["plan", "--out", "plan.json"]);
    await project.pbx.console.edit("807", { Name: "byhand" });
    project.pbx.clearRequests();
    const ran = await project.run(["apply", "plan.json", "--yes"]);
    expect(ran.code).toBe(1);
    expect(ran.stderr).toContain("CallFlowApp 807: name is changed too");
    expect(writesOf(project.pbx)).toEqual([]);
  });

  it("refuses what is no saved plan", async () => {
    const project = await makePbxProject({
      ...three,
      "odd.json": "{}",
      "old.json": '{"formatVersion":0}',
    });
    expect((await project.run(["apply", "odd.json", "--yes"])).stderr).toContain(
      "odd.json is not a saved plan",
    );
    expect((await project.run(["apply", "old.json", "--yes"])).stderr).toContain(
      "has plan format 0",
    );
    expect((await project.run(["apply", "none.json", "--yes"])).stderr).toContain(
      "cannot be read: there is no such file or folder",
    );
  });

  it("stops after the request in flight on one Ctrl-C, and the next run finishes", async () => {
    const project = await makePbxProject(three, { latency: 40 });
    const ran = await project.run(["apply", "--yes", "--concurrency", "1"], {
      onStderr: (text, child) => {
        if (text.includes("compiling CallFlowApp 806") && !text.includes("Stopping"))
          child.kill("SIGINT");
      },
    });
    expect(ran.code).toBe(130);
    expect(ran.stdout).toContain("interrupted");
    expect(await project.run(["apply", "--yes"])).toMatchObject({ code: 0 });
    expect(await project.run(["plan", "--detailed-exitcode"])).toMatchObject({ code: 0 });
  });
});

describe("settings", () => {
  it("come from flags before the environment before the project file", async () => {
    const project = await makePbxProject(three);
    const wrong = PROJECT_FILE.replace("${env:PBX_URL}", "http://127.0.0.1:9");
    project.write("callform.yaml", wrong);
    const url = project.pbx.url;
    const byEnv = await project.run(["plan"], { env: { CALLFORM_URL: url } });
    expect(byEnv.code).toBe(0);
    const byFlag = await project.run(["plan", "--url", url], {
      env: { CALLFORM_URL: "http://127.0.0.1:9" },
    });
    expect(byFlag.code).toBe(0);
  });

  it("work without a project file", async () => {
    const project = await makePbxProject(three);
    const folder = makeFolder(three);
    const { url, clientId, clientSecret } = project.pbx;
    const env = {
      CALLFORM_URL: `${url}/xapi/v1/`,
      CALLFORM_CLIENT_ID: clientId,
      CALLFORM_CLIENT_SECRET: clientSecret,
    };
    const ran = await runProgram(["plan"], { cwd: folder.root, env });
    expect(ran.stdout).toContain("Plan: 3 to create");
    expect(ran.code).toBe(0);
  });

  it("that are missing are listed all at once", async () => {
    const ran = await runProgram(["plan"], { cwd: makeFolder(three).root });
    expect(ran.code).toBe(1);
    for (const name of ["CALLFORM_URL", "CALLFORM_CLIENT_ID", "CALLFORM_CLIENT_SECRET"])
      expect(ran.stderr).toContain(name);
  });

  it("refuse plain http beyond this machine", async () => {
    const project = await makePbxProject(three);
    const ran = await project.run(["plan", "--url", "http://pbx.example.com"]);
    expect(ran.code).toBe(1);
    expect(ran.stderr).toContain("error insecure-url");
  });
});

describe("colours", () => {
  it("are off in a pipe, on with FORCE_COLOR, off again with NO_COLOR or --no-color", async () => {
    const project = await makePbxProject(three);
    const escape = "\u001B[";
    expect((await project.run(["plan"])).stdout).not.toContain(escape);
    const forced = { env: { FORCE_COLOR: "1" } };
    expect((await project.run(["plan"], forced)).stdout).toContain(escape);
    expect((await project.run(["plan", "--no-color"], forced)).stdout).not.toContain(escape);
    const both = { env: { FORCE_COLOR: "1", NO_COLOR: "1" } };
    expect((await project.run(["plan"], both)).stdout).not.toContain(escape);
  });
});
