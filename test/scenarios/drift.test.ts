import { rmSync } from "node:fs";
import { describe, expect, it } from "vitest";
import {
  makePbxProject,
  PROJECT_FILE,
  writeApp,
  writesOf,
} from "../support/project/pbx-project.ts";
import { makeRepository } from "../support/project/repository.ts";
import { writeScript } from "../support/project/scripts.ts";

const more = "  routingType: Forward\n  transcriptionMode: Inherit\n";
const two = { ...writeApp("806", "one", more), ...writeApp("807", "two", more) };

/** A project in Git whose first commit is applied. */
async function makeApplied(files: Record<string, string>) {
  const project = await makePbxProject(files);
  const repository = makeRepository(project.root);
  repository.commit("first");
  expect(await project.run(["apply", "--yes"])).toMatchObject({ code: 0 });
  project.pbx.clearRequests();
  return { ...project, repository };
}

describe("callform drift", () => {
  it("finds none right after an apply, and never writes", async () => {
    const project = await makeApplied(two);
    const ran = await project.run(["drift"]);
    expect(ran).toMatchObject({ code: 0, stderr: "" });
    expect(ran.stdout).toContain("No drift. The PBX is as Git says.");
    expect(ran.stdout).toContain("Drift: 0 changed, 0 missing, 0 not in Git, 2 as Git says.");
    expect(writesOf(project.pbx)).toEqual([]);
  });

  it("shows what the console changed, and what is gone, and exits 2", async () => {
    const project = await makeApplied(two);
    await project.pbx.console.edit("806", { ScriptCode: writeScript("One", "other.wav") });
    await project.pbx.console.remove("807");
    const ran = await project.run(["drift"]);
    expect(ran.code).toBe(2);
    expect(ran.stdout).toContain("Drift: 1 changed, 1 missing, 0 not in Git, 0 as Git says.");
    expect(ran.stdout).toMatch(/^ +-.*other\.wav/m);
    expect(ran.stdout).toContain('+ create CallFlowApp 807 "two"');
    expect(writesOf(project.pbx)).toEqual([]);
  });

  it("leaves out what Git has changed and removed since the base", async () => {
    const project = await makeApplied(two);
    project.write("apps/one.yaml", (two["apps/one.yaml"] ?? "").replace("Forward", "DialCode"));
    for (const file of ["apps/two.yaml", "apps/two.cs"]) rmSync(project.path(file));
    expect(await project.run(["drift"])).toMatchObject({ code: 2 });
    expect(await project.run(["drift", "--base", "HEAD"])).toMatchObject({ code: 0 });

    await project.pbx.console.edit("806", { TranscriptionMode: "Both" });
    const ran = await project.run(["drift", "--base", "HEAD", "--format", "json"]);
    expect(ran.code).toBe(2);
    expect(JSON.parse(ran.stdout)).toMatchObject({
      command: "drift",
      base: project.repository.git("rev-parse", "HEAD"),
      summary: { create: 0, update: 1, delete: 0, unchanged: 0 },
      changes: [
        {
          key: "806",
          fields: [{ field: "transcriptionMode", before: "Both", after: "Inherit" }],
          patch: [{ op: "replace", path: "/transcriptionMode", value: "Inherit" }],
        },
      ],
      unmanaged: [{ key: "807", released: true }],
      problems: [],
    });
  });

  it("does not mind apps that never were in Git, unless Git must have all", async () => {
    const project = await makeApplied(two);
    await project.pbx.console.create({ Number: "899", Name: "stranger" });
    const free = await project.run(["drift"]);
    expect(free.code).toBe(0);
    expect(free.stdout).toContain("Not in any manifest, left alone: 899.");
    expect(free.stdout).toContain(
      "Drift: 0 changed, 0 missing, 1 not in Git (1 of them left alone), 2 as Git says.",
    );

    project.write("callform.yaml", `${PROJECT_FILE}    policy: { prune: all }\n`);
    const all = await project.run(["drift", "--format", "markdown"]);
    expect(all.code).toBe(2);
    expect(all.stdout).toContain("**Drift: 0 changed, 0 missing, 1 not in Git, 2 as Git says.**");
    expect(writesOf(project.pbx)).toEqual([]);
  });

  it("is no matter of limits: a drift that no plan would be let through is shown all the same", async () => {
    const project = await makeApplied(two);
    project.write(
      "callform.yaml",
      `${PROJECT_FILE}    policy: { maxChangePercent: 0, protect: ["*"] }\n`,
    );
    await project.pbx.console.edit("806", { RoutingType: "DialCode" });
    expect(await project.run(["drift"])).toMatchObject({ code: 2, stderr: "" });
  });

  it("ends with a problem where manifests cannot be read: absent is not drift", async () => {
    const project = await makeApplied(two);
    project.write("apps/one.yaml", "kind: CallFlowApp\n");
    const ran = await project.run(["drift"]);
    expect(ran).toMatchObject({ code: 1, stdout: "" });
    expect(ran.stderr).toContain("apps/one.yaml:1:1 error missing-key");
  });
});
