import { expect, test } from "vitest";

import { appManifest, loadFiles } from "../../support/project/manifest-project.ts";

test("a manifest becomes a resource with its script, its labels and the place of every field", async () => {
  const { resources, problems, files } = await loadFiles({
    "apps/after-hours.yaml": [
      "apiVersion: callform/v1",
      "kind: CallFlowApp",
      "metadata:",
      '  number: "806"',
      "  labels: { team: support }",
      "spec:",
      "  name: afterhours",
      "  routingType: Forward",
      "  transcriptionMode: Inherit",
      "  scriptFile: after-hours.cs",
      "  groups: [{ name: DEFAULT, role: users }]",
      "  trunk: null",
      "lifecycle:",
      "  protect: true",
      "  ignore: [transcriptionMode]",
      "",
    ].join("\n"),
    "apps/after-hours.cs": "class A {}\r\n",
  });
  expect(problems).toEqual([]);
  expect(files).toEqual(["apps/after-hours.yaml"]);
  expect(resources).toHaveLength(1);
  expect(resources[0]).toMatchObject({
    kind: "CallFlowApp",
    key: "806",
    labels: { team: "support" },
    lifecycle: { protect: true, ignore: ["transcriptionMode"] },
    at: { file: "apps/after-hours.yaml", line: 4, column: 11, endLine: 4, endColumn: 16 },
  });
  expect(resources[0]?.fields).toEqual({
    name: "afterhours",
    routingType: "Forward",
    transcriptionMode: "Inherit",
    groups: [{ name: "DEFAULT", role: "users" }],
    trunk: null,
    scriptCode: "class A {}\r\n",
  });
  expect(resources[0]?.fieldSpans).toMatchObject({
    name: { line: 7, column: 9 },
    groups: { line: 11, column: 11 },
    scriptCode: { file: "apps/after-hours.yaml", line: 10, column: 15 },
  });
  expect(resources[0]?.textSources).toEqual({
    scriptCode: {
      file: "apps/after-hours.cs",
      line: 1,
      column: 1,
      indent: 0,
      text: "class A {}\r\n",
      substitutions: [],
    },
  });
});

test("what a manifest leaves out is not in the resource, and what it sets to null is null", async () => {
  const { resources, problems } = await loadFiles({
    "a.yaml": appManifest(["routingType: null", "groups: []"]),
  });
  expect(problems).toEqual([]);
  expect(resources[0]?.fields).toEqual({ name: "afterhours", routingType: null, groups: [] });
  expect(resources[0]).toMatchObject({ labels: {}, lifecycle: { protect: false, ignore: [] } });
});
