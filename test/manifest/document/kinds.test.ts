import { expect, test } from "vitest";

import { appKind, noticeKind, noticeValidators } from "../../support/kinds/manifest-kinds.ts";
import { appManifest, briefly, loadFiles } from "../../support/project/manifest-project.ts";
import { validators } from "../../../src/manifest/schema/validators.ts";

const both = { kinds: [appKind, noticeKind], validators: { ...validators, ...noticeValidators } };

function notice(slug: string, spec: readonly string[]): string {
  return [
    "apiVersion: callform/v1",
    "kind: Notice",
    `metadata: { slug: ${slug} }`,
    "spec:",
    ...spec.map((line) => `  ${line}`),
    "",
  ].join("\n");
}

test("a kind of another shape is read with the same code, beside the first", async () => {
  const { resources, problems } = await loadFiles(
    {
      "a.yaml": `${appManifest([], '"806"')}---\n${notice("x", ["title: Hello", "level: 3", "pinned: false", "bodyFile: body.txt", "footer: |", "  one", "  ${var:TWO}"])}`,
      "body.txt": "text",
    },
    { ...both, variables: { TWO: "two" } },
  );
  expect(problems).toEqual([]);
  expect(resources[1]).toMatchObject({
    kind: "Notice",
    key: "x",
    labels: {},
    fields: { title: "Hello", level: 3, pinned: false, body: "text", footer: "one\ntwo\n" },
    textSources: { body: { file: "body.txt" }, footer: { file: "a.yaml", line: 17, indent: 4 } },
  });
});

test("two kinds may have the same key", async () => {
  const { resources, problems } = await loadFiles(
    { "a.yaml": `${appManifest([], '"x"')}---\n${notice("x", ["title: y"])}` },
    both,
  );
  expect(problems).toEqual([]);
  expect(resources).toHaveLength(2);
});

test("its own key, fields and status properties are known to its problems", async () => {
  const { problems } = await loadFiles(
    {
      "a.yaml": notice("x", [
        "slug: y",
        "ReadCount: 5",
        "titel: z",
        "level: 'three'",
        "body: a",
        "bodyFile: b",
      ]),
      "b.yaml": "apiVersion: callform/v1\nkind: notice\n",
    },
    both,
  );
  expect(problems.map(({ code, hint }) => `${code}: ${hint ?? ""}`)).toEqual([
    "unknown-key: it belongs under metadata",
    "status-property: remove it; callform status shows it",
    "unknown-key: did you mean title?",
    "invalid-type: ",
    "script-both: keep one of the two; body is on line 9",
    "unknown-kind: did you mean Notice?",
  ]);
});

test("its own check is made once its manifest is sound, and finds places in it", async () => {
  const { problems } = await loadFiles(
    {
      "a.yaml": notice("a", ["title: forbidden"]),
      "b.yaml": notice("b", ["title: forbidden", "colour: red"]),
    },
    both,
  );
  expect(briefly(problems)).toEqual(["a.yaml:5:10 notice-title", "b.yaml:6:3 unknown-key"]);
});

test("a kind without a schema is a mistake of the program, not of the user", async () => {
  const load = loadFiles({ "a.yaml": notice("a", []) }, { kinds: [noticeKind] });
  await expect(load).rejects.toThrow("kind Notice has no schema");
});

test("a manifest with problems is still there for further checks, without the fields that are wrong", async () => {
  const { resources, problems } = await loadFiles({
    "a.yaml": appManifest(["routingType: forward", "scriptCode: class A {}", "colour: red"]),
    "b.yaml": appManifest([], "806"),
  });
  expect(problems).toHaveLength(3);
  expect(resources.map(({ fields }) => fields)).toEqual([
    { name: "afterhours", scriptCode: "class A {}" },
  ]);
});
