import { rmSync } from "node:fs";
import { describe, expect, it } from "vitest";
import {
  makePbxProject,
  PROJECT_FILE,
  writeApp,
  writesOf,
  type PbxProject,
  numbersOf,
} from "../support/project/pbx-project.ts";
import { makeRepository, type Repository } from "../support/project/repository.ts";
import { writeScript } from "../support/project/scripts.ts";

interface Versioned extends PbxProject {
  readonly repository: Repository;
  remove(name: string): void;
}

const PRUNING = `${PROJECT_FILE}    policy: { prune: removed }\n`;

/** A project in Git whose first commit is applied: `HEAD` is the base. */
async function makeApplied(files: Record<string, string>): Promise<Versioned> {
  const project = await makePbxProject(files);
  const repository = makeRepository(project.root);
  repository.commit("first");
  expect(await project.run(["apply", "--yes"])).toMatchObject({ code: 0 });
  project.pbx.clearRequests();
  return {
    ...project,
    repository,
    remove: (name) => {
      for (const file of [`apps/${name}.yaml`, `apps/${name}.cs`]) rmSync(project.path(file));
    },
  };
}

const more = "  routingType: Forward\n  transcriptionMode: Inherit\n";
const two = { ...writeApp("806", "one", more), ...writeApp("807", "two", more) };

describe("a plan with a base", () => {
  it("tells what Git changed from drift and from conflicts, in every format", async () => {
    const project = await makeApplied(two);
    project.write(
      "apps/one.yaml",
      (two["apps/one.yaml"] ?? "").replace("Forward", "DialCode").replace("Inherit", "Both"),
    );
    await project.pbx.console.edit("806", { TranscriptionMode: "Nothing" });
    await project.pbx.console.edit("807", { RoutingType: "DialCode" });
    const text = await project.run(["plan", "--base", "HEAD"]);
    const [intended, drift, conflict] = ["Changed in Git", "Drift:", "Conflict:"].map((heading) =>
      text.stdout.indexOf(heading),
    ) as [number, number, number];
    expect(intended).toBeGreaterThan(0);
    expect(drift).toBeGreaterThan(intended);
    expect(conflict).toBeGreaterThan(drift);
    expect(text.stdout.slice(intended, drift)).toContain('routingType  "Forward" -> "DialCode"');
    expect(text.stdout.slice(drift, conflict)).toContain('CallFlowApp 807 "two"');
    expect(text.stdout.slice(conflict)).toContain('transcriptionMode  "Nothing" -> "Both"');

    const plan = JSON.parse(
      (await project.run(["plan", "--base", "HEAD", "--format", "json"])).stdout,
    );
    expect(plan.base).toBe(project.repository.git("rev-parse", "HEAD"));
    const origins = plan.changes.flatMap(
      (change: { key: string; fields: { field: string; origin: string }[] }) =>
        change.fields.map(({ field, origin }) => `${change.key} ${field} ${origin}`),
    );
    expect(origins).toEqual([
      "806 routingType intended",
      "806 transcriptionMode conflict",
      "807 routingType drift",
    ]);
    const markdown = await project.run(["plan", "--base", "HEAD", "--format", "markdown"]);
    expect(markdown.stdout).toMatch(/### Changed in Git[^]*### Drift[^]*### Conflict/);
    expect(writesOf(project.pbx)).toEqual([]);
  });

  it("knows an app deleted in the console and one added there under a number of Git's", async () => {
    const project = await makeApplied(two);
    await project.pbx.console.remove("806");
    await project.pbx.console.create({
      Number: "808",
      Name: "byhand",
      ScriptCode: writeScript("Other"),
    });
    for (const [name, text] of Object.entries(writeApp("808", "three"))) project.write(name, text);
    const plan = JSON.parse(
      (await project.run(["plan", "--base", "HEAD", "--format", "json"])).stdout,
    );
    expect(plan.changes).toMatchObject([
      { op: "create", key: "806", fields: [{ origin: "drift" }, {}, {}, {}] },
      {
        op: "update",
        key: "808",
        fields: [{ field: "name", origin: "conflict" }, { origin: "conflict" }],
      },
    ]);
  });

  it("deletes what was removed from Git only where the target says so", async () => {
    const project = await makeApplied(two);
    project.remove("two");
    const kept = await project.run(["apply", "--yes", "--base", "HEAD"]);
    expect(kept.stdout).toContain(
      "No longer in Git and no longer managed, left alone because of prune: 807.",
    );
    expect(project.pbx.console.get("807")).toBeDefined();

    project.write("callform.yaml", PRUNING);
    const without = await project.run(["plan"]);
    expect(without.stdout).toContain("0 to delete");
    const planned = await project.run(["plan", "--base", "HEAD"]);
    expect(planned.stdout).toContain('- delete CallFlowApp 807 "two"');
    expect(planned.stdout).toContain("Plan: 0 to create, 0 to update, 1 to delete, 1 unchanged.");
    await project.pbx.console.create({ Number: "890", Name: "byhand" });
    expect(await project.run(["apply", "--yes", "--base", "HEAD"])).toMatchObject({ code: 0 });
    expect(numbersOf(project.pbx)).toEqual(["806", "890"]);
    expect(await project.run(["plan", "--base", "HEAD", "--detailed-exitcode"])).toMatchObject({
      code: 0,
    });
  });

  it("renumbers by creating and settling first, and deletes the old one only if pruning allows", async () => {
    const project = await makeApplied(two);
    project.write("apps/two.yaml", (two["apps/two.yaml"] ?? "").replace('"807"', '"817"'));
    const kept = await project.run(["apply", "--yes", "--base", "HEAD"]);
    expect(kept.stdout).toContain('+ create CallFlowApp 817 "two"  (was 807)');
    expect(project.pbx.console.get("807")).toBeDefined();
    await project.pbx.console.remove("817");

    project.write("callform.yaml", PRUNING);
    project.pbx.addFault({
      match: { path: "CallFlowApps(*", method: "PATCH" },
      action: { type: "compile", verdict: "refuse" },
    });
    const refused = await project.run(["apply", "--yes", "--base", "HEAD"]);
    expect(refused.code).toBe(1);
    expect(refused.stderr).toContain("skipped, because it needs CallFlowApp 817");
    expect(project.pbx.console.get("807")).toBeDefined();
    project.pbx.clearFaults();
    expect(await project.run(["apply", "--yes", "--base", "HEAD"])).toMatchObject({ code: 0 });
    expect(project.pbx.console.get("807")).toBeUndefined();
    expect(project.pbx.console.get("817")).toMatchObject({ Name: "two", InvalidScript: false });
  });

  it("says clearly that a commit is not to be had, or cannot be read", async () => {
    const project = await makeApplied(two);
    const unknown = await project.run(["plan", "--base", "nowhere"]);
    expect(unknown.code).toBe(1);
    expect(unknown.stderr).toMatch(/ error |^error /m);
    expect(unknown.stderr).toContain("nowhere");
    project.write("apps/one.yaml", "nonsense: true\n");
    project.repository.commit("broken");
    project.write("apps/one.yaml", two["apps/one.yaml"] ?? "");
    const unreadable = await project.run(["plan", "--base", "HEAD"]);
    expect(unreadable.code).toBe(1);
    expect(unreadable.stderr).toContain("error base-unreadable");
    expect(unreadable.stderr).toMatch(/HEAD:apps\/one\.yaml:1:1 error/);
    expect(writesOf(project.pbx)).toEqual([]);
  });
});

describe("the guards", () => {
  it("refuse more deletes than allowed, protected numbers and too large a share, each with its own way out", async () => {
    const files: Record<string, string> = {};
    for (let n = 0; n < 12; n += 1) Object.assign(files, writeApp(String(900 + n), `app${n}`));
    files["apps/app0.yaml"] = `${files["apps/app0.yaml"]}lifecycle: { protect: true }\n`;
    const project = await makeApplied(files);
    project.write(
      "callform.yaml",
      `${PROJECT_FILE}    policy: { prune: removed, protect: ["901", "*2"], maxChangePercent: 20 }\n`,
    );
    for (const n of [0, 1, 2]) project.remove(`app${n}`);
    const refused = await project.run(["apply", "--yes", "--base", "HEAD"]);
    expect(refused.code).toBe(1);
    expect(refused.stderr).toContain(
      "guard-max-deletes the plan deletes 3 (900, 901, 902), policy.maxDeletes allows 2",
    );
    expect(refused.stderr).toContain(
      "guard-change-percent the plan changes 3 of 12 live resources (25 %)",
    );
    expect(refused.stderr).toContain("the plan deletes 900, which lifecycle.protect forbids");
    expect(refused.stderr).toContain('the plan deletes 901, which policy.protect "901" forbids');
    expect(refused.stderr).toContain('the plan deletes 902, which policy.protect "*2" forbids');
    expect(writesOf(project.pbx)).toEqual([]);
    const lifts = ["--max-deletes", "3", "--max-change-percent", "25"];
    const partly = await project.run([
      "apply",
      "--yes",
      "--base",
      "HEAD",
      ...lifts,
      "--unprotect",
      "900,901",
    ]);
    expect(partly.code).toBe(1);
    expect(partly.stderr).toContain("--unprotect 902");
    const wholly = await project.run([
      "apply",
      "--yes",
      "--base",
      "HEAD",
      ...lifts,
      "--unprotect",
      "900,901,902",
    ]);
    expect(wholly.code).toBe(0);
    expect(project.pbx.console.list()).toHaveLength(9);
  });

  it("refuse an empty folder and prune: all without its confirmation", async () => {
    const project = await makeApplied(two);
    project.write("callform.yaml", `${PROJECT_FILE}    policy: { prune: all, maxDeletes: 5 }\n`);
    const unconfirmed = await project.run(["apply", "--yes"]);
    expect(unconfirmed.code).toBe(1);
    expect(unconfirmed.stderr).toContain("error prune-unconfirmed");
    await project.pbx.console.create({ Number: "890", Name: "byhand" });
    expect(await project.run(["apply", "--yes", "--confirm", "production"])).toMatchObject({
      code: 0,
    });
    expect(project.pbx.console.list()).toHaveLength(2);
    for (const name of ["one", "two"]) project.remove(name);
    const empty = await project.run(["apply", "--yes", "--confirm", "production"]);
    expect(empty.code).toBe(1);
    expect(empty.stderr).toContain("error no-manifests");
    expect(empty.stderr).toContain("--allow-empty");
    expect(project.pbx.console.list()).toHaveLength(2);
    const lifted = ["apply", "--yes", "--confirm", "production", "--allow-empty"];
    expect(await project.run(lifted)).toMatchObject({ code: 0 });
    expect(project.pbx.console.list()).toHaveLength(0);
  });

  it("refuse to send calls to an app that has nothing to run", async () => {
    const project = await makeApplied(two);
    await project.pbx.console.remove("807");
    await project.pbx.console.create({ Number: "807", Name: "two" });
    const script = (two["apps/two.yaml"] ?? "").replace("  scriptFile: two.cs\n", "");
    project.write("apps/two.yaml", script);
    const refused = await project.run(["apply", "--yes"]);
    expect(refused.code).toBe(1);
    expect(refused.stderr).toContain(
      "error guard-unhealthy the plan changes 807 but not its scriptCode",
    );
    expect(await project.run(["apply", "--yes", "--allow-unhealthy", "807"])).toMatchObject({
      code: 0,
    });
  });
});

describe("plan --compile", () => {
  const scratch = `${PROJECT_FILE}    policy: { scratchNumber: "898" }\n`;

  it("gets the compiler's word on every changed script and leaves nothing behind", async () => {
    const project = await makeApplied(two);
    project.write("callform.yaml", scratch);
    project.write("apps/one.cs", writeScript("One").replace("AssureMedia();", "AssureMedia()"));
    project.write("apps/two.cs", writeScript("Two", "other.wav"));
    const ran = await project.run(["plan", "--compile"]);
    expect(ran.code).toBe(1);
    expect(ran.stderr).toMatch(/apps\/one\.cs:11:\d+ error script-refused/);
    expect(ran.stderr).not.toContain("apps/two.cs");
    expect(numbersOf(project.pbx)).toEqual(["806", "807"]);
    const touched = writesOf(project.pbx).map(({ method, path }) => `${method} ${path}`);
    const own = project.pbx.console.history("898");
    expect(own.at(-1)).toMatchObject({ event: "removed" });
    expect(new Set(touched).size).toBe(3);
    expect(project.pbx.console.get("806")?.ScriptCode).toBe(writeScript("One"));
  });

  it("recognises its own leftovers and never touches an app that is not its own", async () => {
    const project = await makeApplied(two);
    project.write("callform.yaml", scratch);
    project.write("apps/two.cs", writeScript("Two", "other.wav"));
    await project.pbx.console.create({ Number: "898", Name: "callformscratch" });
    expect(await project.run(["plan", "--compile"])).toMatchObject({ code: 0 });
    expect(project.pbx.console.get("898")).toBeUndefined();
    await project.pbx.console.create({ Number: "898", Name: "somebodys" });
    const ran = await project.run(["plan", "--compile"]);
    expect(ran.code).toBe(1);
    expect(ran.stderr).toContain("error scratch-taken");
    expect(project.pbx.console.get("898")).toMatchObject({ Name: "somebodys" });
  });

  it("is cleaned up after Ctrl-C", async () => {
    const project = await makeApplied(two);
    project.write("callform.yaml", scratch);
    project.write("apps/two.cs", writeScript("Two", "other.wav"));
    project.pbx.addFault({
      match: { method: "PATCH" },
      action: { type: "compile", verdict: "never" },
    });
    const ran = await project.run(["plan", "--compile"], {
      onStderr: (text, child) => {
        if (text.includes("compiling the script of") && !text.includes("Stopping"))
          child.kill("SIGINT");
      },
    });
    expect(ran.code).toBe(130);
    expect(project.pbx.console.get("898")).toBeUndefined();
  });
});
