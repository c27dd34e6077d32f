import { inspect } from "node:util";

import { describe, expect, test } from "vitest";

import { Secret } from "../../../src/domain/secret.ts";
import { appManifest, briefly, loadFiles } from "../../support/project/manifest-project.ts";

const PIN = "4711-hunter2";
const secrets = { PIN, EMPTY: "" };

describe("a value that came from a secret", () => {
  test("is tainted as a whole field, however little of it was secret", async () => {
    const { resources, problems } = await loadFiles(
      {
        "a.yaml": appManifest([
          "groups: [{ name: DEFAULT }, { name: 'x ${secret:PIN}' }]",
          "trunk: { number: '1' }",
          "scriptCode: pin = ${secret:PIN}",
        ]),
      },
      { secrets },
    );
    expect(problems).toEqual([]);
    const { groups, trunk, scriptCode, name } = resources[0]?.fields ?? {};
    expect(groups).toBeInstanceOf(Secret);
    expect(scriptCode).toBeInstanceOf(Secret);
    expect(groups instanceof Secret && groups.reveal()).toEqual([
      { name: "DEFAULT" },
      { name: `x ${PIN}` },
    ]);
    expect(scriptCode instanceof Secret && scriptCode.reveal()).toBe(`pin = ${PIN}`);
    expect([trunk, name]).toEqual([{ number: "1" }, "afterhours"]);
  });

  test("is tainted in a script file too", async () => {
    const { resources } = await loadFiles(
      { "a.yaml": appManifest(["scriptFile: a.cs"]), "a.cs": 'var pin = "${secret:PIN}";' },
      { secrets },
    );
    const script = resources[0]?.fields["scriptCode"];
    expect(script instanceof Secret && script.reveal()).toBe(`var pin = "${PIN}";`);
    expect(resources[0]?.textSources["scriptCode"]?.text).toBe('var pin = "${secret:PIN}";');
  });

  test("is told to the caller for the redactor, each once", async () => {
    const files = {
      "a.yaml": appManifest([
        "scriptCode: ${secret:PIN} ${secret:PIN}",
        "trunk: { number: '${secret:PIN}' }",
      ]),
    };
    const used = (await loadFiles(files, { secrets: { ...secrets, OTHER: "unused" } })).secrets;
    expect(used.map((secret) => secret.reveal())).toEqual([PIN]);
    expect((await loadFiles(files)).secrets).toEqual([]);
  });

  test("appears in nothing that a load returns, right or wrong", async () => {
    const spec = (value: string): string[] => [`routingType: "${value}"`, `scriptCode: ${value}`];
    const { resources, problems } = await loadFiles(
      {
        "a.yaml": appManifest([...spec("${secret:PIN}"), 'groups: "${secret:PIN}"'], '"1"'),
        "b.yaml": appManifest(
          ["groups: [{ name: '${secret:PIN}' }, { name: '${secret:PIN}', role: '${secret:PIN}' }]"],
          '"2"',
        ),
        "c.yaml": appManifest(
          ["trunk: '${secret:PIN}'", "transcriptionMode: '${secret:PIN}'"],
          '"3"',
        ),
      },
      { secrets },
    );
    expect(problems.length).toBeGreaterThan(5);
    const shown = [
      JSON.stringify({ resources, problems }),
      inspect({ resources, problems }, { depth: 20 }),
    ];
    for (const text of shown) expect(text).not.toContain(PIN);
  });

  test("that is a number is not repeated in a hint", async () => {
    const { problems } = await loadFiles(
      { "a.yaml": `${appManifest([])}lifecycle: { protect: '\${var:N}' }\n` },
      { variables: { N: "1" } },
    );
    expect(problems).toMatchObject([{ code: "invalid-type" }]);
  });
});

describe("secrets that are not there", () => {
  test("without secrets to look in, references are left as they stand and nothing is said", async () => {
    const { resources, problems } = await loadFiles({
      "a.yaml": appManifest([
        'routingType: "${secret:MODE}"',
        "scriptCode: ${secret:PIN}",
        "groups: [{ name: '${secret:PIN}' }]",
      ]),
    });
    expect(problems).toEqual([]);
    expect(resources[0]?.fields).toMatchObject({
      scriptCode: "${secret:PIN}",
      routingType: "${secret:MODE}",
    });
  });

  test("a variable that is not set or empty is a problem at each place that needs it", async () => {
    const { problems } = await loadFiles(
      { "a.yaml": appManifest(["scriptCode: ${secret:EMPTY} ${secret:NOPE} ${secret:NOPE}"]) },
      { secrets },
    );
    expect(briefly(problems)).toEqual([
      "a.yaml:7:15 unresolved-reference",
      "a.yaml:7:31 unresolved-reference",
      "a.yaml:7:46 unresolved-reference",
    ]);
    expect(problems[0]?.message).toBe("the environment variable EMPTY is empty");
    expect(problems[1]?.message).toBe("the environment variable NOPE is not set");
  });

  test("what every object inherits is not set", async () => {
    const spec = ["scriptCode: ${secret:__PROTO__} ${var:TO_STRING}"];
    const { problems } = await loadFiles({ "a.yaml": appManifest(spec) }, { secrets });
    expect(problems).toHaveLength(2);
  });
});

describe("where references are allowed", () => {
  test("a variable may stand in any value, the number too", async () => {
    const { resources, problems } = await loadFiles(
      {
        "a.yaml": `${appManifest(["scriptFile: ${var:FILE}.cs", 'routingType: "${var:MODE}"'], "${var:NUMBER}")}lifecycle: { ignore: ["\${var:FIELD}"] }\n`,
        "menu.cs": "class A {}",
      },
      { variables: { FILE: "menu", MODE: "Forward", NUMBER: "806", FIELD: "name" } },
    );
    expect(problems).toEqual([]);
    expect(resources[0]).toMatchObject({
      key: "806",
      fields: { routingType: "Forward", scriptCode: "class A {}" },
      lifecycle: { ignore: ["name"] },
    });
  });

  test("a secret may not stand where plans show the value", async () => {
    const { problems } = await loadFiles(
      {
        "a.yaml": `${appManifest(["scriptFile: ${secret:PIN}.cs"], '"${secret:PIN}"')}lifecycle: { ignore: ["\${secret:PIN}"] }\n`,
      },
      { secrets },
    );
    expect(briefly(problems)).toEqual([
      "a.yaml:4:12 misplaced-reference",
      "a.yaml:7:15 misplaced-reference",
      "a.yaml:8:24 misplaced-reference",
    ]);
  });

  test("the environment may be asked in callform.yaml only: an error in a value, a warning in a script", async () => {
    const { problems } = await loadFiles({
      "a.yaml": appManifest(['routingType: "${env:MODE}"', "scriptFile: a.cs"]),
      "a.cs": "// ${env:PATH}\n// ${vars:X}",
    });
    expect(problems).toMatchObject([
      {
        code: "misplaced-reference",
        severity: "warning",
        at: { file: "a.cs", line: 1, column: 4 },
      },
      {
        code: "unknown-reference-scheme",
        severity: "warning",
        at: { file: "a.cs", line: 2, column: 4 },
      },
      {
        code: "misplaced-reference",
        severity: "error",
        at: { file: "a.yaml", line: 7, column: 17 },
      },
    ]);
    expect(problems[2]?.hint).toContain("${secret:MODE}");
  });

  test("a value that is put in must fit the schema like any other", async () => {
    const { problems } = await loadFiles(
      { "a.yaml": appManifest(['routingType: "${var:MODE}"'], '"${var:NUMBER}"') },
      { variables: { MODE: "forward", NUMBER: "8 06" } },
    );
    expect(briefly(problems)).toEqual(["a.yaml:4:11 invalid-value", "a.yaml:7:16 invalid-value"]);
  });

  test("an escaped reference is the text itself", async () => {
    const { resources, problems } = await loadFiles(
      {
        "a.yaml": appManifest([
          "scriptCode: $${secret:PIN} $${var:X}",
          'trunk: { number: "$${var:X}" }',
        ]),
      },
      { secrets },
    );
    expect(problems).toEqual([]);
    expect(resources[0]?.fields).toMatchObject({
      scriptCode: "${secret:PIN} ${var:X}",
      trunk: { number: "${var:X}" },
    });
  });

  test("a reference hidden behind a YAML escape is one like any other", async () => {
    const { problems } = await loadFiles({
      "a.yaml": appManifest(['trunk: { number: "\\u0024{var:X}" }']),
    });
    expect(briefly(problems)).toEqual(["a.yaml:7:20 unresolved-reference"]);
  });

  test("a misspelled variable is told with the nearest one", async () => {
    const { problems } = await loadFiles(
      { "a.yaml": appManifest(["scriptCode: ${var:HOTLNE} ${var:X}"]) },
      { variables: { HOTLINE: "100" } },
    );
    expect(problems.map(({ hint }) => hint)).toEqual([
      "did you mean HOTLINE?",
      "set it under variables of the target in callform.yaml",
    ]);
  });
});
