import { describe, expect, test } from "vitest";

import { appManifest, briefly, loadFiles } from "../../support/project/manifest-project.ts";

/** The problems of one manifest whose spec has these lines from line 7 on. */
async function problemsOf(spec: readonly string[]) {
  const { problems } = await loadFiles({ "a.yaml": appManifest(spec) });
  return problems;
}

/** The problems of a document as it stands. */
async function problemsIn(...lines: readonly string[]) {
  const { problems } = await loadFiles({ "a.yaml": lines.join("\n") });
  return problems;
}

const HEAD = ["apiVersion: callform/v1", "kind: CallFlowApp"];

describe("a key that does not exist", () => {
  test.each([
    ["transcriptionmode: Both", "did you mean transcriptionMode?"],
    ["TranscriptionMode: Both", "did you mean transcriptionMode?"],
    ["transcription_mode: Both", "did you mean transcriptionMode?"],
    ["transcripionMode: Both", "did you mean transcriptionMode?"],
    ["group: []", "did you mean groups?"],
    ["script-file: a.cs", "did you mean scriptFile?"],
    ["number: '806'", "it belongs under metadata"],
    [
      "colour: red",
      "keys here: name, routingType, trunk, transcriptionMode, groups, scriptFile, scriptCode",
    ],
  ])("%s is told at the key, with the hint: %s", async (line, hint) => {
    const [problem, ...others] = await problemsOf([line]);
    const end = 3 + line.indexOf(":");
    expect(others).toEqual([]);
    expect(problem).toMatchObject({
      severity: "error",
      code: "unknown-key",
      at: { file: "a.yaml", line: 7, column: 3, endLine: 7, endColumn: end },
      hint,
      subject: "CallFlowApp 806",
    });
  });

  test("a setting in the wrong section is sent to the right one", async () => {
    const problems = await problemsIn(
      ...HEAD,
      "Routing_Type: Forward",
      "metadata: { number: '1', name: x }",
      "spec: { name: x }",
    );
    expect(problems).toMatchObject([
      { code: "unknown-key", at: { line: 3, column: 1 }, hint: "it belongs under spec" },
      { code: "unknown-key", at: { line: 4, column: 26 }, hint: "it belongs under spec" },
    ]);
  });

  test("the key of a section is suggested too", async () => {
    const problems = await problemsIn(...HEAD, "Metadata: { number: '1' }", "spec: { name: x }");
    expect(problems).toMatchObject([
      { code: "missing-key", message: "metadata is missing", at: { line: 1, column: 1 } },
      { code: "unknown-key", at: { line: 3, column: 1 }, hint: "did you mean metadata?" },
    ]);
  });

  test("a key deep in a list is told there", async () => {
    const problems = await problemsOf(["groups:", "  - name: A", "    rights: users"]);
    expect(problems).toMatchObject([
      { code: "unknown-key", message: 'there is no key "rights" in spec.groups[0]' },
    ]);
    expect(briefly(problems)).toEqual(["a.yaml:9:7 unknown-key"]);
  });
});

describe("a key that is missing", () => {
  test("is told at the key of the map that lacks it", async () => {
    const problems = await problemsIn(
      ...HEAD,
      "metadata: { labels: {} }",
      "spec:",
      "  routingType: Forward",
    );
    expect(problems).toMatchObject([
      { code: "missing-key", message: "metadata.number is missing", at: { line: 3, column: 1 } },
      { code: "missing-key", message: "spec.name is missing", at: { line: 4, column: 1 } },
    ]);
  });

  test("of a list item is told at the item", async () => {
    expect(briefly(await problemsOf(["groups: [{ role: users }]"]))).toEqual([
      "a.yaml:7:12 missing-key",
    ]);
  });

  test("at the top is told at the start of its own document", async () => {
    const problems = await problemsIn("---", "# first", ...HEAD, "spec: { name: x }");
    expect(problems).toMatchObject([
      { message: "metadata is missing", at: { line: 3, column: 1 } },
    ]);
  });

  test("such as kind ends the reading of that document only", async () => {
    const problems = await problemsIn("services: {}", "---", "apiVersion: callform/v1", "spec: {}");
    expect(briefly(problems)).toEqual([
      "a.yaml:1:1 missing-key",
      "a.yaml:1:1 missing-key",
      "a.yaml:3:1 missing-key",
    ]);
    expect(problems[2]?.hint).toBe(
      "a manifest starts with apiVersion: callform/v1 and kind: CallFlowApp",
    );
  });
});

describe("a value of the wrong type", () => {
  test.each([
    [
      "name: 806",
      9,
      "spec.name must be text, not the number 806",
      /quotes: "806"; .*leading zeros/,
    ],
    [
      "name: 0806",
      9,
      "spec.name must be text, not the number 806",
      /quotes: "0806"; .*the number 806/,
    ],
    ["name: true", 9, "spec.name must be text, not the boolean true", /quotes: "true"/],
    ["name:", 3, "spec.name is empty; it must be text", undefined],
    ["name: [a]", 9, "spec.name must be text, not a list", undefined],
    ["name: { a: b }", 9, "spec.name must be text, not a map of keys", undefined],
  ])("%s is told at the value", async (line, column, message, hint) => {
    const problems = await problemsIn(...HEAD, "metadata: { number: '1' }", "spec:", `  ${line}`);
    expect(problems).toMatchObject([{ code: "invalid-type", message, at: { line: 5, column } }]);
    if (hint === undefined) expect(problems[0]?.hint).toBeUndefined();
    else expect(problems[0]?.hint).toMatch(hint);
  });

  test("a number of digits only is told at the value, with its own spelling in the hint", async () => {
    const { problems } = await loadFiles({ "a.yaml": appManifest([], "0806") });
    expect(problems).toMatchObject([
      { code: "invalid-type", at: { line: 4, column: 11, endColumn: 15 } },
    ]);
    expect(problems[0]?.hint).toContain('"0806"');
  });

  test.each([
    ["yes", "write true, without quotes"],
    ["On", "write true, without quotes"],
    ['"true"', "write true, without quotes"],
    ["off", "write false, without quotes"],
    ["N", "write false, without quotes"],
  ])("protect: %s is no boolean in YAML 1.2", async (word, hint) => {
    const problems = await problemsIn(
      ...HEAD,
      "metadata: { number: '1' }",
      "spec: { name: x }",
      `lifecycle: { protect: ${word} }`,
    );
    expect(problems).toMatchObject([{ code: "invalid-type", hint, at: { line: 5, column: 23 } }]);
  });

  test("one value of the wrong type is one problem, whatever else its schema asks of it", async () => {
    expect(briefly(await problemsOf(["routingType: 5"]))).toEqual(["a.yaml:7:16 invalid-type"]);
  });

  test.each([
    [
      "#99",
      "a.yaml:4:3 invalid-type",
      'put it in quotes: "#99"; without them YAML reads a comment',
    ],
    ["*99", "a.yaml:4:11 yaml-syntax", 'put text that starts with * in quotes: "*99"'],
    [".inf", "a.yaml:4:11 invalid-value", undefined],
  ])("number: %s is one problem", async (number, place, hint) => {
    const { problems } = await loadFiles({ "a.yaml": appManifest([], number) });
    expect(briefly(problems)).toEqual([place]);
    expect(problems[0]?.hint).toBe(hint);
  });

  test.each(["apiVersion", "kind", "metadata", "spec"])(
    "%s as an alias of nothing is one problem",
    async (key) => {
      const text = appManifest([]).replace(
        new RegExp(`^${key}:(.*\n(?: .*\n)*)`, "m"),
        `${key}: *x\n`,
      );
      const { problems } = await loadFiles({ "a.yaml": text });
      expect(problems.map(({ code }) => code)).toEqual(["yaml-syntax"]);
    },
  );

  test("a comment where a value is missing brings no hint about quotes", async () => {
    const { problems } = await loadFiles({ "a.yaml": appManifest([], "# later") });
    expect(problems.map(({ hint }) => hint)).toEqual([undefined]);
  });

  test("text in a list that YAML takes for a comment brings the hint", async () => {
    const problems = await problemsOf(["groups:", "  - name: #sales"]);
    expect(problems.map(({ hint }) => hint)).toEqual([expect.stringContaining('"#sales"')]);
  });

  test("a list where a map is needed and a map where a list is needed", async () => {
    const problems = await problemsOf(["groups: { name: A }", "trunk: [x]"]);
    expect(problems).toMatchObject([
      { at: { line: 7, column: 11 }, hint: "write a list: [ … ], or lines that start with -" },
      { at: { line: 8, column: 10 }, message: "spec.trunk must be a map of keys, not a list" },
    ]);
  });

  test.each(["text", "[a, b]", "5", "true"])(
    "a document that is %s is no manifest",
    async (text) => {
      expect(briefly(await problemsIn(text))).toEqual(["a.yaml:1:1 invalid-type"]);
    },
  );
});

describe("a value that is not allowed", () => {
  test.each([
    ["routingType: forward", 16, "did you mean Forward?"],
    ["routingType: Foward", 16, "did you mean Forward?"],
    ["routingType: dial_code", 16, "did you mean DialCode?"],
    ["routingType: Ring", 16, undefined],
    ["transcriptionMode: voice_mail", 22, "did you mean Voicemail?"],
  ])("%s is told at the value, with the nearest one allowed", async (line, column, hint) => {
    const problems = await problemsOf([line]);
    expect(problems).toMatchObject([{ code: "invalid-value", at: { line: 7, column } }]);
    expect(problems[0]?.hint).toBe(hint);
  });

  test("the message lists what is allowed", async () => {
    const [problem] = await problemsOf(["routingType: Ring"]);
    expect(problem?.message).toBe(
      'spec.routingType cannot be "Ring"; it is DialCode, Forward or Trunk',
    );
  });

  test.each([
    ['""', "must be 1 to 20 digits, letters or *, with # only in front"],
    ['"8 06"', "must be 1 to 20 digits, letters or *, with # only in front"],
    ['"123456789012345678901"', "must be 1 to 20 digits, letters or *, with # only in front"],
  ])("the number %s is refused in words", async (number, words) => {
    const { problems } = await loadFiles({ "a.yaml": appManifest([], number) });
    expect(problems).toMatchObject([
      { code: "invalid-value", message: `metadata.number ${words}`, at: { line: 4, column: 11 } },
    ]);
  });

  test("a name is neither blank nor too long", async () => {
    const names = ['""', '"  "', "x".repeat(256)];
    const documents = names.map((name) => [
      ...HEAD,
      "metadata: { number: '1' }",
      `spec: { name: ${name} }`,
    ]);
    const { problems } = await loadFiles(
      Object.fromEntries(documents.map((lines, index) => [`${index}.yaml`, lines.join("\n")])),
    );
    expect(
      problems.filter(({ code }) => code === "invalid-value").map(({ message }) => message),
    ).toEqual([
      "spec.name must not be empty",
      "spec.name must not be blank",
      "spec.name must have at most 255 characters",
    ]);
  });

  test("a department twice is told at the second, with the line of the first", async () => {
    const problems = await problemsOf([
      "groups:",
      "  - name: A",
      "  - name: B",
      "  - { name: A, role: managers }",
    ]);
    expect(problems).toMatchObject([
      {
        code: "invalid-value",
        message: "spec.groups names the same twice; the first is on line 8",
        at: { line: 10, column: 7 },
      },
    ]);
  });

  test("a setting ignored twice, or one that does not exist", async () => {
    const problems = await problemsIn(
      ...HEAD,
      "metadata: { number: '1' }",
      "spec: { name: x }",
      "lifecycle: { ignore: [name, name, colour] }",
    );
    expect(briefly(problems)).toEqual(["a.yaml:5:29 invalid-value", "a.yaml:5:35 invalid-value"]);
  });
});

describe("a property that the PBX writes", () => {
  test.each(["isRegistered: true", "IsRegistered: true", "is_registered: true"])(
    "%s is refused by name, saying why",
    async (line) => {
      const name = line.split(":", 1)[0];
      expect(await problemsOf([line])).toMatchObject([
        {
          code: "status-property",
          message: `${name} cannot be set: it says whether the Call Flow service holds the number`,
          at: { line: 7, column: 3 },
          hint: "remove it; callform status shows it",
        },
      ]);
    },
  );

  test("also under metadata and at the top, but not where the word means something else", async () => {
    const problems = await problemsIn(
      ...HEAD,
      "Id: 5",
      "metadata: { number: '1', id: 5, labels: { id: five } }",
      "spec: { name: x }",
    );
    expect(briefly(problems)).toEqual([
      "a.yaml:3:1 status-property",
      "a.yaml:4:26 status-property",
    ]);
  });
});

describe("what a document is", () => {
  test("an unknown kind is told at the value, with the nearest known one", async () => {
    const problems = await problemsIn("apiVersion: callform/v1", "kind: CallFlowAp");
    expect(problems).toMatchObject([
      { code: "unknown-kind", at: { line: 2, column: 7 }, hint: "did you mean CallFlowApp?" },
    ]);
    expect(await problemsIn("apiVersion: callform/v1", "kind: [x]")).toMatchObject([
      { code: "unknown-kind", hint: "kinds: CallFlowApp" },
    ]);
  });

  test("an unknown apiVersion does not hide what else is wrong", async () => {
    const problems = await problemsIn(
      "apiVersion: callform/v2",
      "kind: CallFlowApp",
      "metadata: { number: '1' }",
      "spec: { nam: x }",
    );
    expect(briefly(problems)).toEqual([
      "a.yaml:1:13 unknown-api-version",
      "a.yaml:4:1 missing-key",
      "a.yaml:4:9 unknown-key",
    ]);
  });

  test("a Project among the manifests is sent to callform.yaml", async () => {
    const problems = await problemsIn("apiVersion: callform/v1", "kind: Project");
    expect(problems).toMatchObject([{ code: "misplaced-project", at: { line: 2, column: 7 } }]);
    expect(problems[0]?.hint).toContain("callform.yaml");
  });
});

test("twelve mistakes in six files are twelve problems, each at its place", async () => {
  const { problems, files } = await loadFiles({
    "apps/1.yaml": appManifest(["transcripton: Both", "routingType: forward"], '"801"'),
    "apps/2.yaml": appManifest(["scriptFile: gone.cs", "isRegistered: true"], "802"),
    "apps/3.yaml": `${appManifest(["scriptCode: x", "scriptFile: ../../x.cs"], '"803"')}---\nkind: Nothing\n`,
    "apps/4.yaml": appManifest(["groups: [{ name: A }, { name: A }]", "name: again"], '"801"'),
    "apps/5.yaml": "apiVersion: callform/v1\nkind: CallFlowApp\nmetadata:\n\tnumber: 5\n",
    "apps/6.yaml": appManifest(["scriptCode: ${var:MISSING}"], '"8 06"'),
  });
  expect(files).toHaveLength(6);
  expect(briefly(problems)).toEqual([
    "apps/1.yaml:7:3 unknown-key",
    "apps/1.yaml:8:16 invalid-value",
    "apps/2.yaml:4:11 invalid-type",
    "apps/2.yaml:7:15 script-missing-file",
    "apps/2.yaml:8:3 status-property",
    "apps/3.yaml:8:3 script-both",
    "apps/3.yaml:10:7 unknown-kind",
    "apps/4.yaml:4:11 duplicate-resource",
    "apps/4.yaml:7:25 invalid-value",
    "apps/4.yaml:8:3 duplicate-key",
    "apps/5.yaml:4:1 yaml-syntax",
    "apps/6.yaml:4:11 invalid-value",
    "apps/6.yaml:7:15 unresolved-reference",
  ]);
});
