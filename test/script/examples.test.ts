import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parseAllDocuments } from "yaml";
import { describe, expect, it } from "vitest";
import { checkScript } from "../../src/script/check.ts";

const ROOT = join(import.meta.dirname, "../../examples");
const FILES = readdirSync(ROOT, { recursive: true, encoding: "utf8" }).map((file) =>
  file.replaceAll("\\", "/"),
);
const SCRIPTS = FILES.filter((file) => file.endsWith(".cs"));

function read(file: string): string {
  return readFileSync(join(ROOT, file), "utf8");
}

/** Scripts that stand in a manifest. */
function listInline(file: string): string[] {
  return parseAllDocuments(read(file)).flatMap((document) => {
    const code: unknown = document.getIn(["spec", "scriptCode"]);
    return typeof code === "string" ? [code] : [];
  });
}

function countLines(text: string, offset: number): number {
  return text.slice(0, offset).split("\n").length;
}

const INLINE = FILES.filter((file) => /\/apps\/.*\.ya?ml$/.test(file)).flatMap((file) =>
  listInline(file).map((code) => [file, code] as const),
);

describe("the scripts of the examples", () => {
  it("are there, in files and in manifests", () => {
    expect(SCRIPTS.length).toBeGreaterThanOrEqual(6);
    expect(INLINE.length).toBeGreaterThanOrEqual(1);
  });

  it.each(SCRIPTS)("have no findings (%s)", async (file) => {
    expect(await checkScript(read(file))).toEqual([]);
  });

  it.each(INLINE)("have none where they stand in a manifest (%s)", async (_, code) => {
    expect(await checkScript(code)).toEqual([]);
  });

  it.each(SCRIPTS)(
    "have any semicolon left out noticed, once and a line away at most (%s)",
    async (file) => {
      const text = read(file);
      for (const { index } of text.matchAll(/;$/gm)) {
        const broken = text.slice(0, index) + text.slice(index + 1);
        const findings = await checkScript(broken);
        const gaps = findings.map(
          ({ start }) => countLines(broken, start) - countLines(text, index),
        );
        expect([["0"], ["1"]]).toContainEqual(gaps.map(String));
      }
    },
  );
});
