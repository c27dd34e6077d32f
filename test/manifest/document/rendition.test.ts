import { describe, expect, test } from "vitest";

import type { RenderedValue } from "../../../src/domain/rendition.ts";
import type { LoadRequest } from "../../../src/manifest/load.ts";
import {
  appManifest,
  type Files,
  loadFiles,
  writeProject,
} from "../../support/project/manifest-project.ts";

const VARIABLES = { TEAM: "BERLIN", ODD: "${secret:PIN}", DOLLAR: "$", FILE: "after" };

/** The value at a path of the only manifest, as it is rendered. */
async function render(
  files: Files,
  path: readonly string[],
  request: Partial<LoadRequest> = {},
): Promise<RenderedValue | undefined> {
  const { renditions, problems } = await loadFiles(files, {
    variables: VARIABLES,
    rendering: true,
    ...request,
  });
  expect(problems).toEqual([]);
  let value = renditions[0]?.document;
  for (const step of path) value = stepInto(value, step);
  return value;
}

function stepInto(value: RenderedValue | undefined, step: string): RenderedValue | undefined {
  const content = value?.content;
  if (content instanceof Map) return content.get(step) as RenderedValue | undefined;
  return Array.isArray(content) ? (content[Number(step)] as RenderedValue | undefined) : undefined;
}

const named = (text: string): Files => ({
  "app.yaml": appManifest([`trunk: { number: '${text}' }`]),
});

describe("a text of a rendered manifest", () => {
  test.each([
    ["plain", "plain", []],
    ["${var:TEAM}", "BERLIN", ["${var:TEAM}"]],
    ["a ${var:TEAM} ${var:TEAM}", "a BERLIN BERLIN", ["${var:TEAM}", "${var:TEAM}"]],
    ["${secret:PIN}", "${secret:PIN}", []],
    ["${var:TEAM} ${secret:PIN}", "BERLIN ${secret:PIN}", ["${var:TEAM}"]],
    ["$${secret:PIN}", "$${secret:PIN}", []],
    ["$${var:TEAM} ${var:TEAM}", "$${var:TEAM} BERLIN", ["${var:TEAM}"]],
    ["${var:ODD}", "$${secret:PIN}", ["${var:ODD}"]],
    ["${var:ODD} ${secret:PIN}", "$${secret:PIN} ${secret:PIN}", ["${var:ODD}"]],
    ["${var:DOLLAR}{secret:PIN}", "$${secret:PIN}", ["${var:DOLLAR}"]],
    ["${price:C} ${when}", "${price:C} ${when}", []],
  ])("%s is written %s", async (text, written, references) => {
    const value = await render(named(text), ["spec", "trunk", "number"]);
    expect(value).toMatchObject({ content: written, references, overlay: false });
    expect(value?.at).toMatchObject({ file: "app.yaml", line: 7 });
  });

  test("keeps its variable where the value would make an escape of a secret's reference", async () => {
    const text = "${var:DOLLAR}${secret:PIN}";
    const value = await render(named(text), ["spec", "trunk", "number"]);
    expect(value).toMatchObject({ content: text, references: [] });
  });

  test("is resolved in a script too, where what only looks like a reference is text", async () => {
    const script = "// ${var:TEAM} ${secret:PIN} $${var:TEAM}";
    const files = { "app.yaml": appManifest([`scriptCode: "${script}"`]) };
    const value = await render(files, ["spec", "scriptCode"]);
    expect(value?.content).toBe("// BERLIN ${secret:PIN} $${var:TEAM}");
  });

  test("never has a secret in it, though the environment has the secret", async () => {
    const { renditions } = await loadFiles(named("${secret:PIN}"), {
      rendering: true,
      env: { PIN: "4711" },
    });
    expect(
      JSON.stringify(renditions, (_key, value: unknown) =>
        value instanceof Map ? [...value] : value,
      ),
    ).not.toContain("4711");
  });
});

describe("the name of a file in a rendered manifest", () => {
  const files = (name: string): Files => ({
    "apps/sub/app.yaml": appManifest([`scriptFile: "${name}"`]),
    "apps/sub/after.cs": "class A {}\n",
    "scripts/after.cs": "class A {}\n",
    "scripts/${var:X}.cs": "class A {}\n",
  });

  test.each([
    ["after.cs", "apps/sub/after.cs", []],
    ["./../sub/after.cs", "apps/sub/after.cs", []],
    ["../../scripts/after.cs", "scripts/after.cs", []],
    ["${var:FILE}.cs", "apps/sub/after.cs", ["${var:FILE}"]],
    ["../../scripts/$${var:X}.cs", "scripts/$${var:X}.cs", []],
  ])("%s is relative to the project: %s", async (name, written, references) => {
    const value = await render(files(name), ["spec", "scriptFile"]);
    expect(value).toMatchObject({ content: written, references });
  });

  test("does not depend on the folder that one is in", async () => {
    const root = await writeProject(files("after.cs"));
    const value = await render({}, ["spec", "scriptFile"], { root, cwd: `${root}/apps` });
    expect(value?.content).toBe("apps/sub/after.cs");
    expect(value?.at.file).toBe("sub/app.yaml");
  });
});

describe("a load", () => {
  test("that does not ask for them renders no manifests", async () => {
    const { renditions, resources } = await loadFiles(named("x"));
    expect(resources).toHaveLength(1);
    expect(renditions).toEqual([]);
  });

  test("renders what it has resources of, in their order, and of two the first", async () => {
    const { renditions } = await loadFiles(
      {
        "a.yaml": appManifest([], '"2"'),
        "b.yaml": appManifest([], '"1"'),
        "c.yaml": appManifest([], '"2"'),
      },
      { rendering: true },
    );
    expect(renditions.map(({ kind, key }) => `${kind} ${key}`)).toEqual([
      "CallFlowApp 2",
      "CallFlowApp 1",
    ]);
  });
});
