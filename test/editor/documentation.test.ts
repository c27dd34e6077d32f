import { readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { schemaModeline, SCHEMAS_URL } from "../../src/app/project/schemas.ts";
import { makeFolder } from "../support/project/folder.ts";
import { runInline } from "../support/program/inline.ts";

const ROOT = path.join(import.meta.dirname, "../..");
const guide = readFileSync(path.join(ROOT, "docs/editors.md"), "utf8");

describe("docs/editors.md", () => {
  it("shows the line and the address as Callform writes them", () => {
    expect(guide).toContain(`\n${schemaModeline("CallFlowApp", "apps/a.yaml", true)}\n`);
    expect(guide).toContain(`${SCHEMAS_URL}call-flow-app.schema.json`);
  });

  it("names the patterns of the catalogue, each of them in one of its forms", () => {
    const { schemas } = JSON.parse(readFileSync(path.join(ROOT, "schemas/catalog.json"), "utf8"));
    for (const { fileMatch } of schemas)
      expect(fileMatch.some((pattern: string) => guide.includes(`\`${pattern}\``))).toBe(true);
  });

  it("gives command lines that work", async () => {
    const { root } = makeFolder();
    const lines = [...guide.matchAll(/callform (schema [\w -]+|completion \w+)/g)].map(
      ([, line]) => line,
    );
    expect(lines.length).toBeGreaterThanOrEqual(6);
    for (const line of lines) {
      const ran = await runInline((line ?? "").trim().split(" "), { cwd: root });
      expect([line, ran.code, ran.stderr]).toEqual([line, 0, ""]);
      expect(ran.stdout).not.toBe("");
    }
  });

  it("is reached from the README", () => {
    const readme = readFileSync(path.join(ROOT, "README.md"), "utf8");
    expect(readme).toContain("(docs/editors.md)");
    for (const command of ["init", "schema", "completion"])
      expect(readme).toMatch(new RegExp(`^\\| \`${command}[ \`]`, "m"));
  });
});
