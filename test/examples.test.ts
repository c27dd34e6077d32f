import { cpSync, existsSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { parse, parseAllDocuments } from "yaml";
import { readSeed } from "../src/sandbox/state/seed.ts";
import { startSandbox, type Sandbox } from "../src/sandbox/server.ts";
import { makeFolder, type Folder } from "./support/project/folder.ts";
import { runInline } from "./support/program/inline.ts";
import { runProgram } from "./support/program/run.ts";
import { writesOf } from "./support/project/pbx-project.ts";

const EXAMPLES = path.join(import.meta.dirname, "../examples");
const PROJECTS = readdirSync(EXAMPLES).filter((name) =>
  existsSync(path.join(EXAMPLES, name, "callform.yaml")),
);

/** What each has in the end, by number and name. */
const APPS: Readonly<Record<string, Readonly<Record<string, Readonly<Record<string, string>>>>>> = {
  hello: { production: { 805: "hello" } },
  "support-desk": {
    production: {
      806: "afterhours",
      807: "viprouting",
      808: "emergency",
      809: "overflow",
      810: "callback",
      811: "spamfilter",
    },
  },
  "multi-environment": {
    staging: { 806: "reception", 807: "hotline", 810: "training", 899: "whocalls" },
    production: { 806: "reception", 807: "hotline" },
  },
};

/** A copy of an example away from the repository, and a sandbox for each of its targets. */
async function copyExample(name: string) {
  const folder = makeFolder();
  cpSync(path.join(EXAMPLES, name), folder.root, { recursive: true });
  const { targets } = parse(folder.read("callform.yaml"));
  const systems: Record<string, Sandbox> = {};
  const env: Record<string, string> = {};
  for (const target of Object.keys(targets)) {
    const pbx = await startSandbox(seedOf(folder));
    onTestFinished(() => pbx.close());
    systems[target] = pbx;
    const { url, clientId, clientSecret } = targets[target];
    Object.assign(env, {
      [nameVariable(url)]: pbx.url,
      [nameVariable(clientId)]: pbx.clientId,
      [nameVariable(clientSecret)]: pbx.clientSecret,
    });
  }
  return { ...folder, systems, env, cwd: folder.root };
}

function seedOf(folder: Folder) {
  const file = "sandbox.yaml";
  return existsSync(folder.path(file)) ? { seed: readSeed(folder.read(file), file) } : {};
}

/** NAME of `${env:NAME}`. */
function nameVariable(reference: string): string {
  return /^\$\{env:([A-Z_]+)\}$/.exec(reference)?.[1] ?? `no reference: ${reference}`;
}

function listApps(pbx: Sandbox | undefined): Record<string, unknown> {
  const apps = pbx?.console.list() ?? [];
  return Object.fromEntries(apps.map(({ Number: number, Name: name }) => [number, name]));
}

describe("the examples", () => {
  it("are those that are run here", () => {
    expect(PROJECTS.toSorted()).toEqual(Object.keys(APPS).toSorted());
  });

  it.each(PROJECTS)("%s validates, plans, applies, and then plans to nothing", async (name) => {
    const { systems, env, cwd } = await copyExample(name);
    const all = ["--target", "*"];
    const valid = await runInline(["validate", "--strict"], { cwd });
    expect(valid).toMatchObject({ code: 0, stderr: "" });
    const plan = ["plan", ...all, "--detailed-exitcode"];
    expect(await runInline(plan, { cwd, env })).toMatchObject({ code: 2 });
    for (const pbx of Object.values(systems)) expect(writesOf(pbx)).toEqual([]);
    const applied = await runProgram(["apply", ...all, "--yes"], { cwd, env });
    expect(applied, applied.stderr).toMatchObject({ code: 0 });
    for (const [target, apps] of Object.entries(APPS[name] ?? {}))
      expect([target, listApps(systems[target])]).toEqual([target, apps]);
    expect(await runInline(plan, { cwd, env })).toMatchObject({ code: 0 });
    expect(await runInline(["status", ...all], { cwd, env })).toMatchObject({ code: 0 });
  });

  it.each(PROJECTS)("%s tells in its README every app it has, and no other number", (name) => {
    const readme = readFileSync(path.join(EXAMPLES, name, "README.md"), "utf8");
    const apps = Object.values(APPS[name] ?? {}).flatMap(Object.entries);
    for (const [number, app] of apps) expect([readme.includes(number), app]).toEqual([true, app]);
    const rows = [...readme.matchAll(/^\| (\d{3}) \| `(\w+)` \|/gm)];
    for (const [, number = "", app] of rows)
      expect(apps.find(([known]) => known === number)).toEqual([number, app]);
  });

  it.each(PROJECTS)(
    "%s names in its README only commands and flags that there are",
    async (name) => {
      const readme = readFileSync(path.join(EXAMPLES, name, "README.md"), "utf8");
      const lines = [...readme.matchAll(/^callform (\w+)(.*?)(#.*)?$/gm)];
      expect(lines.length).toBeGreaterThanOrEqual(4);
      for (const [, command = "", rest = ""] of lines) {
        const { stdout, code } = await runInline([command, "--help"], { cwd: EXAMPLES });
        expect([command, code]).toEqual([command, 0]);
        for (const [flag] of rest.matchAll(/--[a-z-]+/g)) expect(stdout).toContain(`${flag} `);
      }
    },
  );

  it.each(PROJECTS)("%s points every document to a schema that is there", (name) => {
    const files = readdirSync(path.join(EXAMPLES, name), { recursive: true, encoding: "utf8" });
    const documents = files.filter((file) => /\.ya?ml$/.test(file) && file !== "sandbox.yaml");
    for (const file of documents) {
      const whole = path.join(EXAMPLES, name, file);
      const text = readFileSync(whole, "utf8");
      const lines = [...text.matchAll(/^# yaml-language-server: \$schema=(\S+)$/gm)];
      const kinds = parseAllDocuments(text).map((document) => document.get("kind"));
      const schemas = lines.map(([, schema = ""]) => path.resolve(path.dirname(whole), schema));
      const described = schemas.map((schema) => {
        const { properties } = JSON.parse(readFileSync(schema, "utf8"));
        return properties.kind.const;
      });
      expect([file, described]).toEqual([file, kinds]);
    }
  });
});

describe("the example of several environments", () => {
  it("plans on each system what its variables and overlay say, and no other difference", async () => {
    const { env, cwd } = await copyExample("multi-environment");
    const plan = async (target: string) => {
      const ran = await runInline(["plan", "--target", target, "--format", "json"], { cwd, env });
      const { changes } = JSON.parse(ran.stdout);
      return new Map<string, Readonly<Record<string, unknown>>>(
        changes.map(
          ({ key, fields }: { key: string; fields: { field: string; after: unknown }[] }) => [
            key,
            Object.fromEntries(fields.map(({ field, after }) => [field, after])),
          ],
        ),
      );
    };
    const [staging, production] = [await plan("staging"), await plan("production")];
    const differing = (number: string): string[] => {
      const [here, there] = [staging.get(number) ?? {}, production.get(number) ?? {}];
      return Object.keys({ ...here, ...there }).filter(
        (field) => JSON.stringify(here[field]) !== JSON.stringify(there[field]),
      );
    };
    expect([[...staging.keys()], [...production.keys()]]).toEqual([
      ["806", "807", "810", "899"],
      ["806", "807"],
    ]);
    expect(differing("806").toSorted()).toEqual(["scriptCode", "transcriptionMode"]);
    expect(differing("807").toSorted()).toEqual(["groups", "scriptCode"]);
    expect(production.get("807")?.["groups"]).toEqual([
      { name: "ON-CALL", role: "managers" },
      { name: "SUPPORT", role: "users" },
    ]);
  });

  it("leaves production alone where staging fails", async () => {
    const { systems, env, cwd } = await copyExample("multi-environment");
    const broken = { ...env, STAGING_CLIENT_SECRET: "wrong" };
    const ran = await runInline(["apply", "--target", "*", "--yes"], { cwd, env: broken });
    expect(ran.code).toBe(1);
    for (const pbx of Object.values(systems)) expect(writesOf(pbx)).toEqual([]);
  });
});
