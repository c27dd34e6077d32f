import * as fc from "fast-check";
import { describe, expect, test } from "vitest";

import type { Json } from "../../../src/domain/json.ts";
import { MANIFEST_CODES } from "../../../src/manifest/problems/codes.ts";
import { appManifest, briefly, loadFiles } from "../../support/project/manifest-project.ts";

async function codesOf(content: string | Uint8Array): Promise<string[]> {
  const { problems } = await loadFiles({ "a.yaml": content });
  return [...new Set(problems.map(({ code }) => code))].toSorted();
}

async function placesOf(content: string | Uint8Array): Promise<string[]> {
  return briefly((await loadFiles({ "a.yaml": content })).problems);
}

const MIB = 1024 * 1024;
const HEAD =
  "apiVersion: callform/v1\nkind: CallFlowApp\nmetadata: { number: '1' }\nspec: { name: x }\n";

describe("files that are no text", () => {
  test("a binary file is told at its first NUL", async () => {
    const png = Uint8Array.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 0x0d]);
    expect(await placesOf(png)).toEqual(["a.yaml:3:1 file-binary"]);
    expect(await placesOf("a: 1\nb: \0\n")).toEqual(["a.yaml:2:4 file-binary"]);
  });

  test("invalid UTF-8 is told at its first bad byte", async () => {
    const latin1 = Buffer.from("a: 1\nname: caf\u00e9\n", "latin1");
    expect(await placesOf(latin1)).toEqual(["a.yaml:2:10 file-encoding"]);
    expect(await placesOf(Buffer.from([0x61, 0xc3]))).toEqual(["a.yaml:1:2 file-encoding"]);
  });

  test("a real U+FFFD before the bad byte does not mislead", async () => {
    const bytes = Buffer.concat([Buffer.from("a: \uFFFD\nb: "), Buffer.from([0xff])]);
    expect(await placesOf(bytes)).toEqual(["a.yaml:2:4 file-encoding"]);
  });

  test("UTF-16 with a byte order mark is read, broken UTF-16 is not", async () => {
    const little = Buffer.from(`\uFEFF${HEAD}`, "utf16le");
    expect(await codesOf(little)).toEqual([]);
    expect(await codesOf(Buffer.from(little).swap16())).toEqual([]);
    expect(await placesOf(Buffer.concat([little, Buffer.from([0])]))).toEqual([
      "a.yaml:5:1 file-encoding",
    ]);
  });

  test("a byte order mark moves no column", async () => {
    expect(await placesOf("\uFEFFfoo: 1\nkind: CallFlowApp")).toEqual(
      await placesOf("foo: 1\nkind: CallFlowApp"),
    );
  });

  test("more than 5 MiB are not read", async () => {
    expect(await placesOf(`#${"x".repeat(6 * MIB)}`)).toEqual(["a.yaml:1:1 file-too-large"]);
    expect(await codesOf(`${HEAD}#${"x".repeat(4 * MIB)}`)).toEqual([]);
  });

  test.each(["", "\n\n", "  \n", "# nothing\n", "---\n", "---\n---\n...\n", "\uFEFF"])(
    "%j has no manifest in it",
    async (content) => {
      expect(await placesOf(content)).toEqual(["a.yaml:1:1 file-empty"]);
    },
  );

  test("an empty document between others is no problem", async () => {
    const { resources, problems } = await loadFiles({ "a.yaml": `---\n---\n${HEAD}---\n# end\n` });
    expect(problems).toEqual([]);
    expect(resources).toHaveLength(1);
  });
});

describe("YAML that is not well formed", () => {
  test.each([
    ["a tab", "metadata:\n\tnumber: 1\n", "a.yaml:2:1 yaml-syntax"],
    ["a bracket that is never closed", "a: [1,\nb: 2\n", "a.yaml:2:1 yaml-syntax"],
    ["an unknown anchor", "a: *nowhere\n", "a.yaml:1:4 yaml-syntax"],
    ["a second colon", "a: b: c\n", "a.yaml:1:4 yaml-syntax"],
    ["a reserved character", "a: @x\n", "a.yaml:1:4 yaml-syntax"],
    ["an unknown directive", "%FOO x\n---\na: 1\n", "a.yaml:1:1 yaml-syntax"],
  ])("%s is told at its place", async (_, content, place) => {
    expect(await placesOf(content)).toContain(place);
  });

  test("a document with a syntax error does not hide what is wrong in the next one", async () => {
    const places = await placesOf(`a: [1,\n---\n${HEAD}colour: red\n`);
    expect(places).toEqual(["a.yaml:2:1 yaml-syntax", "a.yaml:7:1 unknown-key"]);
  });

  test("a file with a syntax error does not hide what is wrong in another one", async () => {
    const { problems } = await loadFiles({ "a.yaml": "a: [", "b.yaml": `${HEAD}colour: red\n` });
    expect(briefly(problems)).toEqual(["a.yaml:1:5 yaml-syntax", "b.yaml:5:1 unknown-key"]);
  });

  test("a thousand syntax errors are told as a few and a count", async () => {
    const { problems } = await loadFiles({ "a.yaml": "a: @\n".repeat(1000) });
    expect(problems).toHaveLength(21);
    expect(problems.at(-1)?.message).toBe("980 more syntax errors in a.yaml");
  });

  test("CRLF, LF and a lone CR give the same places", async () => {
    const text = `${HEAD}colour: red\n`;
    const expected = ["a.yaml:5:1 unknown-key"];
    expect(await placesOf(text)).toEqual(expected);
    expect(await placesOf(text.replaceAll("\n", "\r\n"))).toEqual(expected);
    expect(await placesOf(text.replaceAll("\n", "\r"))).toEqual(expected);
  });
});

describe("keys that are traps", () => {
  test.each(["__proto__", "constructor", "prototype"])("%s is refused anywhere", async (key) => {
    expect(await placesOf(`${HEAD}${key}: { polluted: true }\n`)).toEqual([
      "a.yaml:5:1 forbidden-key",
    ]);
    expect(
      await codesOf(
        `apiVersion: callform/v1\nkind: CallFlowApp\nmetadata: { number: '1', labels: { ${key}: x } }\nspec: { name: x }`,
      ),
    ).toEqual(["forbidden-key"]);
    expect(Object.hasOwn(Object.prototype, "polluted")).toBe(false);
  });

  test("a key twice is told at the second, with the line of the first", async () => {
    const { problems, resources } = await loadFiles({ "a.yaml": appManifest(["name: again"]) });
    expect(problems).toMatchObject([
      {
        code: "duplicate-key",
        at: { line: 7, column: 3 },
        message: expect.stringContaining("line 6"),
      },
    ]);
    expect(resources[0]?.fields["name"]).toBe("afterhours");
  });

  test.each(["806: x", "true: x", "null: x", "1.5: x", "? [a, b]\n: x", "? { a: b }\n: x"])(
    "a key that is not text, as in %j, is refused",
    async (line) => {
      expect(await codesOf(HEAD + line)).toEqual(["invalid-key"]);
    },
  );

  test("a merge key is refused in words, a quoted one is a key like any other", async () => {
    const { problems } = await loadFiles({ "a.yaml": `${HEAD}x: &x { a: 1 }\n<<: *x\n` });
    expect(briefly(problems)).toEqual(["a.yaml:5:1 unknown-key", "a.yaml:6:1 merge-key"]);
    expect(await codesOf(`${HEAD}"<<": 1\n`)).toEqual(["unknown-key"]);
  });

  test("keys that every object inherits mean nothing", async () => {
    const labels = "labels: { toString: a, hasOwnProperty: b, valueOf: c }";
    const { resources, problems } = await loadFiles({
      "a.yaml": HEAD.replace("number: '1'", `number: '1', ${labels}`),
    });
    expect(problems).toEqual([]);
    expect(resources[0]?.labels).toEqual({ toString: "a", hasOwnProperty: "b", valueOf: "c" });
  });
});

describe("values that are traps", () => {
  test.each([
    "!!binary aGk=",
    "!!js/function 'x'",
    "!custom x",
    "!!timestamp 2020-01-01",
    "!!set { a }",
  ])("the tag in %s is refused", async (value) => {
    expect(await codesOf(HEAD.replace("name: x", `name: ${value}`))).toEqual(["yaml-tag"]);
  });

  test("a tag that YAML itself uses is read", async () => {
    const { resources, problems } = await loadFiles({
      "a.yaml": HEAD.replace("number: '1'", "number: !!str 806"),
    });
    expect(problems).toEqual([]);
    expect(resources[0]?.key).toBe("806");
  });

  test("a %YAML 1.1 directive does not turn words into booleans", async () => {
    const { resources, problems } = await loadFiles({
      "a.yaml": `%YAML 1.1\n---\n${HEAD.replace("name: x", "name: yes")}`,
    });
    expect(problems).toEqual([]);
    expect(resources[0]?.fields["name"]).toBe("yes");
  });

  test.each([".nan", ".inf", "-.inf", "1e999"])(
    "%s is no number that can be used",
    async (value) => {
      const line = `a.yaml:5:26 invalid-value`;
      expect(
        await placesOf(`${HEAD}lifecycle: { protect: !!float ${value} }`.replace("!!float ", "")),
      ).toContain(line.replace("26", "23"));
    },
  );

  test("a line of a million characters is read", async () => {
    expect(await codesOf(HEAD.replace("name: x", `name: "${"x".repeat(MIB)}"`))).toEqual([
      "invalid-value",
    ]);
  });
});

describe("aliases", () => {
  test("stand for their value", async () => {
    const { resources, problems } = await loadFiles({
      "a.yaml": appManifest([
        "groups: [{ name: &n Sales }, { name: B, role: &r managers }]",
        "trunk: { number: *n }",
      ]),
    });
    expect(problems).toEqual([]);
    expect(resources[0]?.fields["trunk"]).toEqual({ number: "Sales" });
  });

  test("lead problems to the value they stand for", async () => {
    const places = await placesOf(
      appManifest(["groups: [&g { name: A }, { name: B, role: *r }]"]).replace(
        "name: afterhours",
        "name: &r afterhours",
      ),
    );
    expect(places).toEqual(["a.yaml:7:45 invalid-value"]);
  });

  test("that multiply are cut off, at one place", async () => {
    const levels = Array.from({ length: 9 }, (_, level) => {
      const below = Array.from({ length: 9 }, () => (level === 0 ? "lol" : `*l${level - 1}`));
      return `l${level}: &l${level} [${below.join(", ")}]`;
    });
    const { problems } = await loadFiles({ "a.yaml": `${levels.join("\n")}\n` });
    expect(problems.filter(({ code }) => code === "alias-limit")).toHaveLength(1);
  });

  test("that contain themselves are refused", async () => {
    expect(await placesOf("a: &a [*a]\n")).toContain("a.yaml:1:8 alias-limit");
    expect(await placesOf("a: &a { b: { c: *a } }\n")).toContain("a.yaml:1:17 alias-limit");
  });

  test("that nest deeper than the document may are refused", async () => {
    const chain = Array.from(
      { length: 200 },
      (_, i) => `a${i}: &a${i} [${i === 0 ? "x" : `*a${i - 1}`}]`,
    );
    expect(await codesOf(chain.join("\n"))).toContain("alias-limit");
  });
});

describe("documents that would take for ever", () => {
  const many = (piece: string): string => piece.repeat(Math.floor((5 * MIB) / piece.length) - 5);

  test.each([
    ["brackets", `a: ${"[".repeat(10_000)}`],
    ["brackets by the million", `a: ${many("[")}`],
    ["braces", `a: ${"{ a: ".repeat(10_000)}`],
    ["lists in lists", `${"- ".repeat(100_000)}x`],
    ["complex keys", `${"? ".repeat(100_000)}x`],
    [
      "ever deeper indents",
      Array.from({ length: 1000 }, (_, i) => `${" ".repeat(i)}a:`).join("\n"),
    ],
  ])("%s nested too deep are cut off", async (_, content) => {
    expect(await codesOf(content)).toEqual(["too-complex"]);
  });

  test("a hundred levels less a few are fine", async () => {
    expect(await codesOf(`a: ${"[".repeat(80)}${"]".repeat(80)}`)).toEqual(["missing-key"]);
  });

  test.each([
    ["commas", `a: [${many(",")}`],
    ["closing brackets", many("]")],
    ["newlines", many("\n")],
    ["keys", Array.from({ length: 400_000 }, (_, i) => `k${i}: 1`).join("\n")],
    ["documents", many("---\n")],
    ["directives", many("%a\n")],
    ["anchors", many("&a ")],
    ["tags", many("!!x ")],
    ["colons", many("a: ")],
  ])("five MiB of %s end in a problem", async (_, content) => {
    expect((await codesOf(content)).length).toBeGreaterThan(0);
  });

  test("fifty thousand keys in one map are read, each problem at its place", async () => {
    const keys = Array.from({ length: 50_000 }, (_, i) => `k${i}: 1`);
    const { problems } = await loadFiles({ "a.yaml": `${HEAD}${keys.join("\n")}\n` });
    expect(problems).toHaveLength(50_000);
    expect(problems.at(-1)?.at).toMatchObject({ line: 50_004, column: 1 });
  });
});

describe("files with more problems than anybody reads", () => {
  test("a reference without a value in each of 100,000 lines is told in each of them", async () => {
    const lines = "    ${var:X}\n".repeat(100_000);
    const { problems } = await loadFiles({ "a.yaml": `${appManifest(["scriptCode: |"])}${lines}` });
    expect(problems).toHaveLength(100_000);
    expect(problems.at(-1)?.at).toMatchObject({ line: 100_007, column: 5 });
  });

  test("an alias without an anchor in 200,000 places is told in each of them", async () => {
    const { problems } = await loadFiles({ "a.yaml": `${HEAD}b: [${"*a,".repeat(200_000)}]\n` });
    expect(problems).toHaveLength(200_001);
  });

  test("100,000 documents of nothing are told one by one", async () => {
    const { problems } = await loadFiles({ "a.yaml": "---\n{}\n".repeat(70_000) });
    expect(problems).toHaveLength(140_000);
  });
});

describe("whatever the file", () => {
  const known = new Set<string>(Object.keys(MANIFEST_CODES));

  /** Loads the file; fails on anything but known problems, each at a place that the file has. */
  async function survive(content: string | Uint8Array): Promise<void> {
    const { problems } = await loadFiles({ "a.yaml": content });
    const lines = typeof content === "string" ? content.split(/\r\n|\n|\r/).length : Infinity;
    for (const { code, at } of problems) {
      expect(known).toContain(code);
      if (at === undefined) continue;
      expect(at.line).toBeGreaterThan(0);
      expect(at.line).toBeLessThanOrEqual(lines);
      expect(at.column).toBeGreaterThan(0);
    }
  }

  test("bytes give problems, never a crash", async () => {
    await fc.assert(fc.asyncProperty(fc.uint8Array({ maxLength: 200 }), survive), { numRuns: 200 });
  });

  test("YAML's own characters in any order give problems, never a crash", async () => {
    const token = fc.constantFrom(
      ..."a b : - ? [ ] { } , # & * ! | > ' \" % @ ` ~ < = . 0 \t \n \r \\ é 😀 --- ... << null &a *a !!str |2- ${ ${var:X} __proto__ \n\n".split(
        " ",
      ),
      " ",
      "\n  ",
      "spec:",
      "metadata:",
      "kind: CallFlowApp\n",
      "apiVersion: callform/v1\n",
      "scriptCode: |\n    x",
    );
    const texts = fc.array(token, { maxLength: 40 }).map((tokens) => tokens.join(""));
    await fc.assert(fc.asyncProperty(texts, survive), { numRuns: 600 });
  });

  test("any JSON in the place of any part gives problems, never a crash", async () => {
    const values = fc.jsonValue({ maxDepth: 3 });
    const documents = fc.record(
      {
        apiVersion: fc.oneof(fc.constant("callform/v1"), values),
        kind: fc.oneof(
          { weight: 4, arbitrary: fc.constant("CallFlowApp") },
          { weight: 1, arbitrary: values },
        ),
        metadata: fc.oneof(
          values,
          fc.record({ number: values, labels: values }, { requiredKeys: [] }),
        ),
        spec: fc.oneof(
          values,
          fc.record(
            {
              name: values,
              routingType: values,
              groups: values,
              trunk: values,
              scriptFile: values,
              scriptCode: values,
            },
            { requiredKeys: [] },
          ),
        ),
        lifecycle: fc.oneof(
          values,
          fc.record({ protect: values, ignore: values }, { requiredKeys: [] }),
        ),
      },
      { requiredKeys: ["kind"] },
    ) as fc.Arbitrary<Json>;
    await fc.assert(
      fc.asyncProperty(documents, (document) => survive(JSON.stringify(document))),
      { numRuns: 400 },
    );
  });
});
