import { execFile } from "node:child_process";
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import path from "node:path";
import { promisify } from "node:util";
import { describe, expect, it } from "vitest";
import { readWorkflow } from "../support/action/workflow-rules.ts";

const ROOT = path.resolve(import.meta.dirname, "../..");
const read = (name: string): string => readFileSync(path.join(ROOT, name), "utf8");
const docs = read("docs/github-action.md");
const EXAMPLES = ["pull-request.yml", "apply.yml", "drift.yml"];
const MAX_PICTURE = 150 * 1024;

/** The rows of the table below a heading, cell by cell, without its first two lines. */
function readTable(heading: string): string[][] {
  const [, section = ""] = docs.split(`\n## ${heading}\n`);
  const [own = ""] = section.split("\n## ");
  const lines = own.split("\n").filter((line) => line.startsWith("|"));
  return lines.slice(2).map((line) =>
    line
      .split(/(?<!\\)\|/)
      .slice(1, -1)
      .map((cell) => cell.trim()),
  );
}

const code = (text: string | undefined): string => (text ?? "").replaceAll("`", "");

describe("docs/github-action.md", () => {
  it("has the inputs and outputs of action.yml", async () => {
    const script = path.join(ROOT, "scripts/generate-action-docs.mjs");
    const run = promisify(execFile);
    const { stdout } = await run(process.execPath, [script, "--check"]);
    expect(stdout).toBe("");
    expect(readTable("Inputs").length).toBeGreaterThan(10);
    expect(readTable("Outputs").length).toBeGreaterThan(8);
  });

  it("says the permissions that the workflows have", () => {
    const table = readTable("Permissions");
    for (const [index, file] of EXAMPLES.entries()) {
      const [job] = Object.values(readWorkflow(read(`examples/workflows/${file}`)).jobs);
      const said = table.map(([name, ...cells]) => [code(name), cells[index] ?? ""] as const);
      expect(Object.fromEntries(said.filter(([, access]) => access !== ""))).toEqual(
        job?.permissions,
      );
    }
  });

  it("explains every code that the Action has of its own, and none that it has not", () => {
    const folder = path.join(ROOT, "src/action");
    const files = readdirSync(folder, { recursive: true, encoding: "utf8" });
    const sources = files
      .filter((file) => file.endsWith(".ts"))
      .map((file) => readFileSync(path.join(folder, file), "utf8"));
    const used = sources.flatMap((text) =>
      [...text.matchAll(/(?:failure\(\s*|\bcode: |_CODE = )"([a-z-]+)"/g)].map(([, name]) => name),
    );
    const explained = readTable("Messages").map(([name]) => code(name));
    expect(new Set(explained)).toEqual(new Set(used));
    expect(explained).toEqual(explained.toSorted());
  });

  it("names the variables and secrets of the workflows, and no others", () => {
    const texts = [...EXAMPLES, "several-targets.yml"].map((file) =>
      read(`examples/workflows/${file}`),
    );
    const used = texts.join("\n").matchAll(/\b(?:vars|secrets)\.(\w+)/g);
    const named = docs.matchAll(/`((?:PBX|CALLFORM)_(?:READER|WRITER|CLIENT|DIGEST)_\w+)`/g);
    expect(new Set([...named].map(([, name]) => name))).toEqual(
      new Set([...used].map(([, name]) => name)),
    );
  });

  it("leads only to what is there", () => {
    const anchors = [...docs.matchAll(/^##+ (.*)$/gm)].map(([, title = ""]) =>
      title
        .toLowerCase()
        .replaceAll(/[^\w -]/g, "")
        .replaceAll(" ", "-"),
    );
    const links = [...docs.matchAll(/\]\(([^)]+)\)/g)].map(([, to = ""]) => to);
    expect(links.length).toBeGreaterThan(15);
    for (const link of links)
      if (link.startsWith("#")) expect(anchors).toContain(link.slice(1));
      else expect(existsSync(path.join(ROOT, "docs", link)), link).toBe(true);
    expect(read("README.md")).toContain("(docs/github-action.md)");
  });

  it("shows every picture with words for who cannot see it, and none is heavy", () => {
    const shown = [...docs.matchAll(/!\[([^\]]*)\]\(images\/([^)]+)\)/g)];
    const pictures = readdirSync(path.join(ROOT, "docs/images"));
    expect(new Set(shown.map(([, , file]) => file))).toEqual(new Set(pictures));
    for (const [, words = "", file = ""] of shown) {
      expect(words.length).toBeGreaterThan(20);
      expect(statSync(path.join(ROOT, "docs/images", file)).size).toBeLessThan(MAX_PICTURE);
    }
  });
});
