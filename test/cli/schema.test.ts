import { Ajv2020 } from "ajv/dist/2020.js";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { makeFolder } from "../support/project/folder.ts";
import { runInline } from "../support/program/inline.ts";
import { runProgram } from "../support/program/run.ts";

const SCHEMAS = path.join(import.meta.dirname, "../../schemas");
const FILES = readdirSync(SCHEMAS).filter((name) => name.endsWith(".schema.json"));
const KINDS = [
  "CallFlowApp",
  "Overlay",
  "Parameter",
  "Plan",
  "Project",
  "Queue",
  "Receptionist",
  "RingGroup",
];

const read = (file: string): string => readFileSync(path.join(SCHEMAS, file), "utf8");

describe("callform schema", () => {
  it("lists the kinds, with or without --list", async () => {
    const { root } = makeFolder();
    for (const args of [["schema"], ["schema", "--list"]]) {
      const { stdout, code } = await runInline(args, { cwd: root });
      expect(code).toBe(0);
      const listed = stdout
        .trimEnd()
        .split("\n")
        .map((line) => line.split(/ {2,}/));
      expect(listed.map(([kind]) => kind)).toEqual(KINDS);
      expect(listed.every(([, title]) => title !== undefined && title !== "")).toBe(true);
    }
  });

  it("prints each of them as it ships, and nothing else", async () => {
    const { root } = makeFolder();
    const printed = await Promise.all(
      KINDS.map(async (kind) => (await runInline(["schema", kind], { cwd: root })).stdout),
    );
    expect(printed.toSorted()).toEqual(FILES.map(read).toSorted());
  });

  it("takes a kind in any case, and names the one that was meant", async () => {
    const { root } = makeFolder();
    const lower = await runInline(["schema", "callflowapp"], { cwd: root });
    expect(lower.stdout).toBe(read("call-flow-app.schema.json"));
    const wrong = await runInline(["schema", "Projct"], { cwd: root });
    expect(wrong).toMatchObject({ code: 1, stdout: "" });
    expect(wrong.stderr).toContain('no schema of the kind "Projct"');
    expect(wrong.stderr).toContain("did you mean Project?");
    const far = await runInline(["schema", "x"], { cwd: root });
    expect(far.stderr).toContain(
      "CallFlowApp, Overlay, Parameter, Plan, Project, Queue, Receptionist and RingGroup",
    );
  });

  it("writes with --out what editors need, or the one that is named", async () => {
    const folder = makeFolder();
    const all = await runInline(["schema", "--out", "deep/schemas"], { cwd: folder.root });
    const written = readdirSync(folder.path("deep/schemas"));
    expect(written).toEqual([
      "call-flow-app.schema.json",
      "overlay.schema.json",
      "parameter.schema.json",
      "project.schema.json",
      "queue.schema.json",
      "receptionist.schema.json",
      "ring-group.schema.json",
    ]);
    expect(all.stdout).toBe(written.map((name) => `deep/schemas/${name}\n`).join(""));
    for (const name of written) expect(folder.read(`deep/schemas/${name}`)).toBe(read(name));
    folder.write("one/plan.schema.json", "old");
    await runInline(["schema", "Plan", "--out", "one"], { cwd: folder.root });
    expect(readdirSync(folder.path("one"))).toEqual(["plan.schema.json"]);
    expect(folder.read("one/plan.schema.json")).toBe(read("plan.schema.json"));
  });

  it("says why a folder cannot be written", async () => {
    const folder = makeFolder({ taken: "a file" });
    const { code, stderr } = await runInline(["schema", "--out", "taken"], { cwd: folder.root });
    expect(code).toBe(1);
    expect(stderr).toContain("a folder on the way is a file");
  });

  it("refuses flags that say two things", async () => {
    const folder = makeFolder();
    for (const args of [
      ["Plan", "--list"],
      ["--list", "--out", "x"],
    ]) {
      const { code, stderr } = await runInline(["schema", ...args], { cwd: folder.root });
      expect(code).toBe(1);
      expect(stderr).toContain("--list goes with neither a kind nor --out");
    }
    expect(existsSync(folder.path("x"))).toBe(false);
  });

  it("is in the built program, which finds the schemas wherever it runs", async () => {
    const { stdout, code } = await runProgram(["schema", "Plan"], { cwd: makeFolder().root });
    expect(code).toBe(0);
    const check = new Ajv2020({ strict: true, allErrors: true }).compile(JSON.parse(stdout));
    expect(check({})).toBe(false);
  });
});
