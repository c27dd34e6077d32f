import * as fc from "fast-check";
import { describe, expect, test } from "vitest";

import type { DesiredResource } from "../../../src/domain/resource.ts";
import { reveal } from "../../../src/domain/secret.ts";
import type { SourceSpan } from "../../../src/domain/problem.ts";
import { findLineStarts, locateInText } from "../../../src/domain/text-place.ts";
import { appManifest, loadFiles, writeProject } from "../../support/project/manifest-project.ts";

/** The script of a resource and where it came from. */
function readScript(resource: DesiredResource | undefined) {
  const source = resource?.textSources["scriptCode"];
  const field = resource?.fields["scriptCode"];
  const script = field === undefined ? undefined : reveal(field);
  if (source === undefined || typeof script !== "string") throw new Error("no script was read");
  return { script, source };
}

/** What a file has from a place on, up to the end of that line. */
function readRest(files: Readonly<Record<string, string>>, { file, line, column }: SourceSpan) {
  const text = files[file]?.replace(/^\uFEFF/, "") ?? "";
  const starts = findLineStarts(text);
  const start = starts[line - 1];
  if (start === undefined) throw new Error(`${file} has no line ${line}`);
  return text
    .slice(start, starts[line])
    .replace(/[\r\n]+$/, "")
    .slice(column - 1);
}

/** Every character that was not put in by a reference stands in the file at the place that is told for it. */
async function expectExact(
  files: Readonly<Record<string, string>>,
  variables: Readonly<Record<string, string>> = {},
) {
  const { resources, problems } = await loadFiles(files, { variables });
  expect(problems).toEqual([]);
  const { script, source } = readScript(resources[0]);
  for (let offset = 0; offset < script.length; offset += 1) {
    const { substitutions } = source;
    if (substitutions.some(({ start, end }) => offset >= start && offset < end)) continue;
    const character = script.charAt(offset).replace(/[\r\n]/, "");
    // At the end of a line nothing more may follow; an empty line of a block may even lack its indent.
    expect(readRest(files, locateInText(source, offset)).charAt(0)).toBe(character);
  }
  return script;
}

const lineParts = fc.array(
  fc.constantFrom(
    "x",
    " ",
    "  ",
    "{",
    "}",
    "#",
    ":",
    "- ",
    "'",
    '"',
    "é",
    "😀",
    "\t",
    "// y",
    "${var:A}",
    "$${var:A}",
  ),
  { maxLength: 8 },
);
const scriptLine = lineParts.map((parts) => parts.join(""));

describe("a script in a file of its own", () => {
  test("keeps its line ends, loses its byte order mark, and stands where it stands", async () => {
    const files = {
      "a.yaml": appManifest(["scriptFile: a.cs"]),
      "a.cs": "\uFEFFusing X;\r\nclass A {}\rint b;\n  int c; // ${var:A}\r\n\r\nend",
    };
    const script = await expectExact(files, { A: "one\ntwo" });
    expect(script).toBe("using X;\r\nclass A {}\rint b;\n  int c; // one\ntwo\r\n\r\nend");
  });

  test("is found character by character, whatever its lines and references", async () => {
    const script = fc.array(
      fc.tuple(scriptLine, fc.constantFrom("\n", "\r\n", "\r")).map((parts) => parts.join("")),
      { minLength: 1, maxLength: 8 },
    );
    const run = async (lines: readonly string[], value: string): Promise<void> => {
      const text = `class A;${lines.join("")}`;
      await expectExact(
        { "a.yaml": appManifest(["scriptFile: a.cs"]), "a.cs": text },
        { A: value },
      );
    };
    await fc.assert(fc.asyncProperty(script, fc.constantFrom("", "v", "v\nw\r\n"), run), {
      numRuns: 60,
    });
  });
});

describe("a script in the manifest", () => {
  test.each([
    ["|", "    class A {}\n      int b;\n\n    end\n", "class A {}\n  int b;\n\nend\n"],
    ["|-", "    class A {}\n    end\n\n\n", "class A {}\nend"],
    ["|+", "    class A {}\n\n\n", "class A {}\n\n\n"],
    ["|2", "      class A {}\n    end\n", "  class A {}\nend\n"],
    ["|4-", "        class A {}\n      end\n", "  class A {}\nend"],
    ["| # a comment", "    class A {}\n", "class A {}\n"],
    ["|", "\n\n    class A {}\n", "\n\nclass A {}\n"],
    ["|", "   class A {}\n", "class A {}\n"],
    ["&anchor |", "    class A {}\n", "class A {}\n"],
    ["!!str |", "    class A {}\n", "class A {}\n"],
  ])("as a block with %j is found character by character", async (header, block, expected) => {
    const yaml = `${appManifest([`scriptCode: ${header}`])}${block}`;
    expect(await expectExact({ "a.yaml": yaml })).toBe(expected);
  });

  test("as a block in a file with CRLF is found line by line", async () => {
    const yaml = `${appManifest(["scriptCode: |"])}    class A {}\n      int b;\n`;
    const script = await expectExact({ "a.yaml": yaml.replaceAll("\n", "\r\n") });
    expect(script).toBe("class A {}\n  int b;\n");
  });

  test("as a block is found character by character, whatever its lines and references", async () => {
    const run = async (lines: readonly string[], indent: number, value: string): Promise<void> => {
      const pad = " ".repeat(2 + indent);
      const block = ["class A;", ...lines].map((line) => `${pad}${line}\n`).join("");
      const yaml = `${appManifest(["scriptCode: |"])}${block}`;
      const script = await expectExact({ "a.yaml": yaml }, { A: value });
      expect(script.startsWith("class A;\n")).toBe(true);
    };
    await fc.assert(
      fc.asyncProperty(
        fc.array(scriptLine, { maxLength: 8 }),
        fc.integer({ min: 1, max: 9 }),
        fc.constantFrom("", "v", "v\nw"),
        run,
      ),
      { numRuns: 60 },
    );
  });

  test.each([
    ["class A", "class A"],
    ["'class A'", "class A"],
    ['"class A"', "class A"],
    ["  class ${var:A} x", "class one x"],
    ["'class ${var:A} x'", "class one x"],
  ])("as %j on one line is found character by character", async (text, expected) => {
    const yaml = appManifest([`scriptCode: ${text}`]);
    expect(await expectExact({ "a.yaml": yaml }, { A: "one" })).toBe(expected);
  });

  test.each([
    [">", "\n    class A\n    {}\n"],
    ['"a\\tb"', "\n"],
    ["'it''s'", "\n"],
    ['"two', '\n    lines"\n'],
    ["two", "\n    lines\n"],
  ])("as %j, which YAML rewrites, has the start of the text for its place", async (start, rest) => {
    const yaml = `${appManifest([`scriptCode: ${start}`]).trimEnd()}${rest}`;
    const { resources, problems } = await loadFiles({ "a.yaml": yaml });
    expect(problems).toEqual([]);
    const { script, source } = readScript(resources[0]);
    for (let offset = 0; offset <= script.length; offset += 1) {
      expect(locateInText(source, offset)).toEqual({ file: "a.yaml", line: 7, column: 15 });
    }
  });

  test("through an alias stands where its anchor stands", async () => {
    const documents = [
      appManifest(["scriptCode: *code"]).replace("name: afterhours", "name: &code afterhours"),
    ];
    const { resources, problems } = await loadFiles({ "a.yaml": documents.join("") });
    expect(problems).toEqual([]);
    expect(resources[0]?.textSources["scriptCode"]).toMatchObject({ line: 6, column: 15 });
  });

  test("in the second document of a file has its place in that file", async () => {
    const first = appManifest([], '"1"');
    const second = `${appManifest(["scriptCode: |"], '"2"')}    class A {}\n`;
    const { resources } = await loadFiles({ "a.yaml": `${first}---\n${second}` });
    expect(resources[1]?.textSources["scriptCode"]).toMatchObject({
      line: 15,
      column: 5,
      indent: 4,
    });
  });
});

test("a reference without a value is told at its own character, in a block and in a file", async () => {
  const root = await writeProject({
    "apps/a.yaml": `${appManifest(["scriptCode: |"], '"1"')}    class A {\n      var x = "\${var:NOPE}";\n`,
    "apps/b.yaml": appManifest(["scriptFile: b.cs", 'routingType: "${var:NOPE}"'], '"2"'),
    "apps/b.cs": 'class B {\r\n\t"${var:NOPE}" "${var:OTHER}"\r\n}',
  });
  const { problems } = await loadFiles({}, { root });
  expect(
    problems.map(({ at, message }) => `${at?.file}:${at?.line}:${at?.column} ${message}`),
  ).toEqual([
    "apps/a.yaml:9:16 the variable NOPE is not set",
    "apps/b.cs:2:3 the variable NOPE is not set",
    "apps/b.cs:2:17 the variable OTHER is not set",
    "apps/b.yaml:8:17 the variable NOPE is not set",
  ]);
});
