import { mkdir, symlink } from "node:fs/promises";
import { join } from "node:path";

import { describe, expect, test } from "vitest";

import type { LoadRequest } from "../../../src/manifest/load.ts";
import { Secret } from "../../../src/domain/secret.ts";
import { locateInText } from "../../../src/domain/text-place.ts";
import { noticeKind, noticeValidators } from "../../support/kinds/manifest-kinds.ts";
import {
  appManifest,
  briefly,
  type Files,
  loadFiles,
  writeInto,
  writeProject,
} from "../../support/project/manifest-project.ts";

const NAMED_AT = { file: "callform.yaml", line: 5, column: 14 };

/** An overlay with these entries, each written from its first line on; the first stands on line 4. */
function overlay(...patches: readonly string[]): string {
  const items = patches.map((patch) => `  - ${patch.replaceAll("\n", "\n    ")}\n`);
  return `apiVersion: callform/v1\nkind: Overlay\npatches:\n${items.join("") || "  []\n"}`;
}

const on = (number: string, rest: string): string =>
  `kind: CallFlowApp\nnumber: "${number}"\n${rest}`;

const MANIFESTS: Files = {
  "apps/one.yaml": appManifest([
    "routingType: Forward",
    "transcriptionMode: Inherit",
    "groups: [{ name: DEFAULT }, { name: SALES, role: managers }]",
  ]),
  "apps/two.yaml": appManifest(["scriptFile: two.cs"], '"${var:TWO}"'),
  "apps/two.cs": "class Two {}\n",
};

async function loadOverlaid(
  text: string | readonly string[],
  files: Files = {},
  request: Partial<LoadRequest> = {},
) {
  const texts = typeof text === "string" ? [text] : text;
  const overlays = Object.fromEntries(texts.map((item, index) => [`overlays/${index}.yaml`, item]));
  return loadFiles(
    { ...MANIFESTS, ...overlays, ...files },
    {
      patterns: ["apps/**/*.yaml"],
      variables: { TWO: "807", TEAM: "BERLIN" },
      overlays: Object.keys(overlays).map((name) => ({ name, at: NAMED_AT })),
      ...request,
    },
  );
}

/** What a load without a problem made of one app. */
async function readApp(text: string, number = "806", request: Partial<LoadRequest> = {}) {
  const { resources, problems } = await loadOverlaid(text, {}, request);
  expect(problems).toEqual([]);
  return resources.find(({ key }) => key === number);
}

describe("a merge", () => {
  test("replaces the values that it names and leaves the others", async () => {
    const app = await readApp(
      overlay(on("806", "merge:\n  spec: { routingType: DialCode, groups: [{ name: NIGHT }] }")),
    );
    expect(app?.fields).toEqual({
      name: "afterhours",
      routingType: "DialCode",
      transcriptionMode: "Inherit",
      groups: [{ name: "NIGHT" }],
    });
  });

  test("with null leaves a field to the console; an empty list clears it", async () => {
    const app = await readApp(
      overlay(on("806", "merge:\n  spec: { transcriptionMode: null, groups: [] }")),
    );
    expect(app?.fields).toEqual({ name: "afterhours", routingType: "Forward", groups: [] });
  });

  test("sets labels and lifecycle, where the manifest has none too", async () => {
    const app = await readApp(
      overlay(
        on("806", "merge:\n  metadata: { labels: { site: b } }\n  lifecycle: { protect: true }"),
      ),
    );
    expect(app?.labels).toEqual({ site: "b" });
    expect(app?.lifecycle).toEqual({ protect: true, ignore: [] });
  });

  test("finds its app by the number that it has on this target", async () => {
    const app = await readApp(overlay(on("807", "merge: { spec: { name: second } }")), "807");
    expect(app?.fields["name"]).toBe("second");
  });

  test("gives the fields their places in the overlay, and leaves those of the rest", async () => {
    const app = await readApp(overlay(on("806", "merge:\n  spec:\n    routingType: DialCode")));
    expect(app?.fieldSpans["routingType"]).toMatchObject({ file: "overlays/0.yaml", line: 8 });
    expect(app?.fieldSpans["name"]).toMatchObject({ file: "apps/one.yaml", line: 6 });
    expect(app?.at).toMatchObject({ file: "apps/one.yaml", line: 4 });
  });
});

describe("operations", () => {
  test("are carried out in order", async () => {
    const app = await readApp(
      overlay(
        on(
          "806",
          [
            "patch:",
            "  - { op: test, path: /spec/groups/0/name, value: DEFAULT }",
            "  - { op: add, path: /spec/groups/-, value: { name: NIGHT } }",
            "  - { op: move, from: /spec/groups/2, path: /spec/groups/0 }",
            "  - { op: remove, path: /spec/groups/2 }",
            "  - { op: replace, path: /spec/groups/1/name, value: DAY }",
            "  - { op: add, path: /spec/trunk, value: null }",
            "  - { op: copy, from: /spec/name, path: /spec/routingType }",
            "  - { op: replace, path: /spec/routingType, value: Trunk }",
          ].join("\n"),
        ),
      ),
    );
    expect(app?.fields["groups"]).toEqual([{ name: "NIGHT" }, { name: "DAY" }]);
    expect(app?.fields["trunk"]).toBeNull();
    expect(app?.fields["routingType"]).toBe("Trunk");
  });

  test("of which one cannot be carried out change nothing, and say so at their own line", async () => {
    const { problems, resources } = await loadOverlaid(
      overlay(
        on(
          "806",
          [
            "patch:",
            "  - { op: replace, path: /spec/routingType, value: DialCode }",
            "  - { op: test, path: /spec/transcriptionMode, value: Both }",
            "  - { op: remove, path: /spec/none }",
          ].join("\n"),
        ),
      ),
    );
    expect(problems).toMatchObject([
      {
        code: "overlay-failed",
        message: 'spec.transcriptionMode is "Inherit", not "Both"',
        at: { file: "overlays/0.yaml", line: 8, column: 59 },
        subject: "CallFlowApp 806",
      },
    ]);
    expect(resources[0]?.fields["routingType"]).toBe("Forward");
  });

  test("see what earlier patches of the app left, file after file", async () => {
    const first = overlay(on("806", "merge: { spec: { routingType: DialCode } }"));
    const second = overlay(
      on("806", "patch:\n  - { op: test, path: /spec/routingType, value: DialCode }"),
      on("806", "merge: { spec: { routingType: Trunk } }"),
    );
    const { resources, problems } = await loadOverlaid([first, second]);
    expect(problems).toEqual([]);
    expect(resources[0]?.fields["routingType"]).toBe("Trunk");
  });
});

describe("an app", () => {
  test("that is dropped is not there, and its mistakes are nobody's", async () => {
    const { resources, problems } = await loadOverlaid(overlay(on("806", "drop: true")), {
      "apps/one.yaml": appManifest(["colour: red"]),
    });
    expect(problems).toEqual([]);
    expect(resources.map(({ key }) => key)).toEqual(["807"]);
  });

  test("that is added is there with its own file's places and scripts", async () => {
    const { resources, problems } = await loadOverlaid(
      overlay(
        `add:\n  ${appManifest(["scriptFile: echo.cs"], '"899"').trim().replaceAll("\n", "\n  ")}`,
      ),
      { "overlays/echo.cs": "class Echo {}\n" },
    );
    expect(problems).toEqual([]);
    const added = resources.at(-1);
    expect(added?.key).toBe("899");
    expect(added?.fields["scriptCode"]).toBe("class Echo {}\n");
    expect(added?.at).toMatchObject({ file: "overlays/0.yaml", line: 8 });
    expect(added?.textSources["scriptCode"]?.file).toBe("overlays/echo.cs");
  });

  test("that is added may be changed by a later overlay, and dropped ones may be added anew", async () => {
    const manifest = appManifest([], '"899"').trim().replaceAll("\n", "\n  ");
    const { resources, problems } = await loadOverlaid([
      overlay(`add:\n  ${manifest}`, on("806", "drop: true")),
      overlay(
        on("899", "merge: { spec: { name: echo } }"),
        `add:\n  ${manifest.replace("899", "806").replace("afterhours", "again")}`,
      ),
    ]);
    expect(problems).toEqual([]);
    expect(resources.map(({ key, fields }) => [key, fields["name"]])).toEqual([
      ["806", "again"],
      ["807", "afterhours"],
      ["899", "echo"],
    ]);
  });
});

describe("a script", () => {
  test("that an overlay names is relative to the overlay, and that of the manifest to the manifest", async () => {
    const named = overlay(on("807", "merge: { spec: { scriptFile: ../apps/three.cs } }"));
    const { resources, problems } = await loadOverlaid(named, { "apps/three.cs": "class X {}\n" });
    expect(problems).toEqual([]);
    expect(resources[1]?.textSources["scriptCode"]?.file).toBe("apps/three.cs");
    expect(resources[1]?.fieldSpans["scriptCode"]).toMatchObject({ file: "overlays/0.yaml" });
    const untouched = await loadOverlaid(overlay(on("807", "merge: { spec: { name: x } }")));
    expect(untouched.resources[1]?.textSources["scriptCode"]?.file).toBe("apps/two.cs");
  });

  test("that stands in an overlay has its lines there", async () => {
    const text = overlay(
      on(
        "806",
        "merge:\n  spec:\n    scriptCode: |\n      class A {}\n      // ${var:TEAM} here\n",
      ),
    );
    const app = await readApp(text);
    expect(app?.fields["scriptCode"]).toBe("class A {}\n// BERLIN here\n");
    const source = app?.textSources["scriptCode"];
    expect(source && locateInText(source, "class A {}\n// BERLIN ".length)).toMatchObject({
      file: "overlays/0.yaml",
      line: 10,
      column: 26,
    });
  });

  test("does not stand beside one that the overlay names", async () => {
    const text = overlay(on("807", 'merge:\n  spec:\n    scriptCode: "class A {}"'));
    const { problems } = await loadOverlaid(text);
    expect(problems).toMatchObject([{ code: "script-both" }]);
  });

  test("that an overlay names and that is missing is told at the overlay's line", async () => {
    const { problems } = await loadOverlaid(
      overlay(on("807", "merge: { spec: { scriptFile: two.cs } }")),
    );
    expect(briefly(problems)).toEqual(["overlays/0.yaml:6:34 script-missing-file"]);
  });
});

describe("references in an overlay", () => {
  const merged = overlay(
    on(
      "806",
      'merge:\n  spec:\n    name: "${var:TEAM}-${env:SITE}"\n    scriptCode: "${env:SITE}"',
    ),
  );

  test("are to variables, the environment and secrets", async () => {
    const app = await readApp(merged, "806", { env: { SITE: "x" } });
    expect(app?.fields).toMatchObject({ name: "BERLIN-x", scriptCode: "x" });
    const secret = overlay(on("806", 'merge: { spec: { name: "${secret:PIN}" } }'));
    const tainted = await readApp(secret, "806", { secrets: { PIN: "1234" } });
    expect(tainted?.fields["name"]).toBeInstanceOf(Secret);
  });

  test("to the environment stay as they are where it is not asked", async () => {
    const app = await readApp(merged);
    expect(app?.fields["name"]).toBe("BERLIN-${env:SITE}");
  });

  test("that have no value are told at their place in the overlay", async () => {
    const { problems } = await loadOverlaid(merged, {}, { env: {}, variables: { TWO: "807" } });
    expect(briefly(problems)).toEqual([
      "overlays/0.yaml:8:16 unresolved-reference",
      "overlays/0.yaml:8:28 unresolved-reference",
      "overlays/0.yaml:9:22 unresolved-reference",
    ]);
  });

  test("to the environment remain an error in what the manifest says itself", async () => {
    const { problems } = await loadOverlaid(
      overlay(on("806", "merge: { spec: { routingType: Trunk } }")),
      { "apps/one.yaml": appManifest(['trunk: { number: "${env:X}" }']) },
      { env: { X: "1" } },
    );
    expect(briefly(problems)).toEqual(["apps/one.yaml:7:21 misplaced-reference"]);
  });
});

describe("a mistake in an overlay is a problem at its place", () => {
  test.each([
    ["an app that nobody describes", on("860", "drop: true"), "5:13 overlay-unmatched"],
    [
      "a kind that there is not",
      'kind: CallFlowAp\nnumber: "806"\ndrop: true',
      "4:11 unknown-kind",
    ],
    ["an app without a number", "kind: CallFlowApp\ndrop: true", "4:5 missing-key"],
    ["a number without quotes", "kind: CallFlowApp\nnumber: 806\ndrop: true", "5:13 invalid-type"],
    ["a number that is a reference", on("${var:TWO}", "drop: true"), "5:13 invalid-value"],
    ["two actions", on("806", "drop: true\nmerge: {}"), "4:5 conflicting-keys"],
    ["no action", on("806", "").trim(), "4:5 conflicting-keys"],
    ["drop: false", on("806", "drop: false"), "6:11 invalid-value"],
    ["an unknown key", on("806", "drop: true\ncolour: red"), "7:5 unknown-key"],
    ["a new number", on("806", 'merge: { metadata: { number: "1" } }'), "6:26 overlay-scope"],
    ["a new kind", on("806", "merge: { kind: X }"), "6:14 overlay-scope"],
    [
      "a new number by operation",
      on("806", 'patch:\n  - { op: replace, path: /metadata/number, value: "1" }'),
      "7:30 overlay-scope",
    ],
    [
      "the number as a source",
      on("806", "patch:\n  - { op: copy, path: /spec/name, from: /metadata/number }"),
      "7:45 overlay-scope",
    ],
    [
      "a key of JavaScript's own",
      on("806", "patch:\n  - { op: add, path: /spec/__proto__/x, value: 1 }"),
      "7:26 forbidden-key",
    ],
    ["the same in a merge", on("806", "merge: { spec: { __proto__: 1 } }"), "6:22 forbidden-key"],
    [
      "a path that is none",
      on("806", "patch:\n  - { op: remove, path: spec }"),
      "7:29 invalid-value",
    ],
    [
      "an operation without a value",
      on("806", "patch:\n  - { op: add, path: /spec/x }"),
      "7:9 missing-key",
    ],
    [
      "a move from nowhere",
      on("806", "patch:\n  - { op: move, path: /spec/x }"),
      "7:9 missing-key",
    ],
    [
      "an unknown operation",
      on("806", "patch:\n  - { op: put, path: /spec/x }"),
      "7:15 invalid-value",
    ],
    ["no operations", on("806", "patch: []"), "6:12 invalid-value"],
    [
      "an item that is not there",
      on("806", "patch:\n  - { op: remove, path: /spec/groups/2 }"),
      "7:29 overlay-failed",
    ],
    ["an addition with a number", 'number: "1"\nadd: {}', "4:5 conflicting-keys"],
    [
      "an addition of nothing known",
      "add: { apiVersion: callform/v1, kind: Nix }",
      "4:43 unknown-kind",
    ],
    ["a text instead of a patch", "x", "4:5 invalid-type"],
  ])("%s", async (_, patch, place) => {
    const { problems } = await loadOverlaid(overlay(patch));
    expect(briefly(problems)).toEqual([`overlays/0.yaml:${place}`]);
    for (const { message, hint = "x" } of problems)
      for (const text of [message, hint]) {
        expect(text).toMatch(/^[^\n]*[^.\n]$/);
        expect(text).not.toMatch(/undefined|\[object/);
      }
  });

  test.each([
    ["of a wrong value", "merge: { spec: { routingType: Forwrd } }", "6:35 invalid-value"],
    ["of a wrong type", "merge: { spec: { groups: x } }", "6:30 invalid-type"],
    ["of an unknown key", "merge: { spec: { colour: red } }", "6:22 unknown-key"],
    ["of a status property", "merge: { spec: { id: 1 } }", "6:22 status-property"],
    ["of a name that was taken out", "merge: { spec: { name: null } }", "6:28 missing-key"],
    ["of a spec that was taken out", "merge: { spec: null }", "6:20 missing-key"],
    [
      "of a name that was removed",
      "patch:\n  - { op: remove, path: /spec/name }",
      "7:29 missing-key",
    ],
    [
      "of an unknown key in an operation",
      "patch:\n  - { op: add, path: /spec/colour, value: red }",
      "7:26 unknown-key",
    ],
    [
      "of an item in an operation",
      "patch:\n  - { op: add, path: /spec/groups/0, value: { role: users } }",
      "7:49 missing-key",
    ],
    [
      "of a department that is there twice then",
      "patch:\n  - { op: add, path: /spec/groups/0, value: { name: SALES } }",
      "apps/one.yaml:9:31 invalid-value",
    ],
  ])("of the schema, %s", async (_, action, place) => {
    const { problems } = await loadOverlaid(overlay(on("806", action)));
    expect(briefly(problems)).toEqual([
      place.startsWith("apps") ? place : `overlays/0.yaml:${place}`,
    ]);
  });

  test("with what was probably meant", async () => {
    const { problems } = await loadOverlaid(
      overlay(on("805", "drop: true"), on("1", "drop: true")),
    );
    expect(problems.map(({ message, hint }) => [message, hint])).toEqual([
      ["no manifest describes CallFlowApp 805", "did you mean 806?"],
      ["no manifest describes CallFlowApp 1", "add it with add, or remove this patch"],
    ]);
  });

  test("when it changes or drops what it has dropped, and adds what is there", async () => {
    const manifest = appManifest([]).trim().replaceAll("\n", "\n  ");
    const { problems } = await loadOverlaid(
      overlay(`add:\n  ${manifest}`, on("806", "drop: true"), on("806", "drop: true")),
    );
    expect(problems.map(({ message }) => message)).toEqual([
      "CallFlowApp 806 is described already, at apps/one.yaml:3",
      "CallFlowApp 806 was dropped before, at overlays/0.yaml:13",
    ]);
  });

  test("in an added manifest, as in any other", async () => {
    const manifest = appManifest(["colour: red"], "899").trim().replaceAll("\n", "\n  ");
    const { problems } = await loadOverlaid(overlay(`add:\n  ${manifest}`));
    expect(briefly(problems)).toEqual([
      "overlays/0.yaml:8:17 invalid-type",
      "overlays/0.yaml:11:9 unknown-key",
    ]);
  });

  test("all of them at once, those of other patches and files among them", async () => {
    const { problems } = await loadOverlaid(
      [overlay(on("1", "drop: true"), on("806", "merge: { spec: { a: 1 } }")), "a: 1\n"],
      { "apps/two.yaml": appManifest(["b: 1"], '"807"') },
    );
    expect(problems.map(({ at, code }) => `${at?.file}:${at?.line} ${code}`)).toEqual([
      "apps/two.yaml:7 unknown-key",
      "overlays/0.yaml:5 overlay-unmatched",
      "overlays/0.yaml:9 unknown-key",
      "overlays/1.yaml:1 missing-key",
      "overlays/1.yaml:1 missing-key",
    ]);
  });

  test("but none about an app that may be the one that could not be read", async () => {
    const { problems } = await loadOverlaid(overlay(on("808", "drop: true")), {
      "apps/three.yaml": appManifest([], "808"),
    });
    expect(briefly(problems)).toEqual(["apps/three.yaml:4:11 invalid-type"]);
  });
});

describe("an overlay file", () => {
  test("may hold several documents, and none", async () => {
    const both =
      overlay(on("806", "drop: true")) + "---\n" + overlay(on("807", "drop: true")) + "---\n";
    const { resources, problems } = await loadOverlaid([both, "# nothing yet\n"]);
    expect(problems).toEqual([]);
    expect(resources).toEqual([]);
  });

  test("that is missing is told where the project names it, with one that is like it", async () => {
    const { problems } = await loadOverlaid(
      overlay(),
      {},
      {
        overlays: [{ name: "overlays/O.yaml", at: NAMED_AT }],
      },
    );
    expect(problems).toMatchObject([
      { code: "overlay-missing-file", at: NAMED_AT, hint: "did you mean 0.yaml?" },
    ]);
  });

  test.each(["../outside.yaml", "/etc/hosts", "C:\\x.yaml", "overlays/../../x.yaml"])(
    "%s is outside the project",
    async (name) => {
      const { problems } = await loadOverlaid(
        overlay(),
        {},
        { overlays: [{ name, at: NAMED_AT }] },
      );
      expect(problems).toMatchObject([{ code: "path-escape", at: NAMED_AT }]);
    },
  );

  test("must not lead out of the project by a link, nor by one to its folder", async () => {
    const outside = await writeProject({ "x.yaml": overlay(on("806", "drop: true")) });
    const root = await writeProject(MANIFESTS);
    await mkdir(join(root, "overlays"));
    await symlink(join(outside, "x.yaml"), join(root, "overlays/x.yaml"));
    await symlink(outside, join(root, "linked"));
    for (const name of ["overlays/x.yaml", "linked/x.yaml"]) {
      const { problems } = await loadOverlaid("", {}, { root, overlays: [{ name, at: NAMED_AT }] });
      expect(problems.map(({ code }) => code)).toEqual(["path-escape"]);
    }
  });

  test("with a syntax error is told like one of a manifest", async () => {
    const { problems } = await loadOverlaid("a: @\n");
    expect(briefly(problems)).toEqual(["overlays/0.yaml:1:4 yaml-syntax"]);
  });

  test("of another kind is told what it should be", async () => {
    const { problems } = await loadOverlaid([appManifest([]), "kind: Project\n", "kind: X\n"]);
    expect(problems.map(({ code }) => code)).toEqual([
      "unknown-kind",
      "misplaced-project",
      "unknown-kind",
    ]);
    expect(problems[0]?.hint).toContain("under add");
  });

  test("of another version is told", async () => {
    const { problems } = await loadOverlaid(overlay().replace("/v1", "/v2"));
    expect(briefly(problems)).toEqual(["overlays/0.yaml:1:13 unknown-api-version"]);
  });

  test("does not pass for a manifest", async () => {
    const { problems } = await loadOverlaid([], { "apps/o.yaml": overlay() });
    expect(briefly(problems)).toEqual(["apps/o.yaml:2:7 misplaced-overlay"]);
  });

  test("may use anchors, whose values have their place where they are used", async () => {
    const text = overlay(
      on("806", "merge: { spec: { groups: &g [{ name: NIGHT }] } }"),
      on("807", "merge: { spec: { groups: *g } }"),
    );
    const { resources, problems } = await loadOverlaid(text);
    expect(problems).toEqual([]);
    expect(resources.map(({ fields }) => fields["groups"])).toEqual([
      [{ name: "NIGHT" }],
      [{ name: "NIGHT" }],
    ]);
    expect(resources[1]?.fieldSpans["groups"]).toMatchObject({ file: "overlays/0.yaml", line: 9 });
  });

  test("can change what an alias of the manifest stands for, and nothing but that", async () => {
    const { resources, problems } = await loadOverlaid(
      overlay(on("806", "patch:\n  - { op: replace, path: /spec/groups/1/name, value: B }")),
      {
        "apps/one.yaml": appManifest([
          "trunk: &a { number: x }",
          "groups: [&g { name: A }, { name: C }]",
        ]),
      },
    );
    expect(problems).toEqual([]);
    expect(resources[0]?.fields["groups"]).toEqual([{ name: "A" }, { name: "B" }]);
  });
});

describe("a choice of files", () => {
  test("leaves out what only an overlay has, and does not miss apps in other files", async () => {
    const manifest = appManifest([], '"899"').trim().replaceAll("\n", "\n  ");
    const text = overlay(
      `add:\n  ${manifest}`,
      on("807", "drop: true"),
      on("806", "merge: { spec: { name: x } }"),
    );
    const root = await writeProject({ ...MANIFESTS, "overlays/0.yaml": text });
    const { resources, problems } = await loadOverlaid(
      text,
      {},
      { root, paths: [join(root, "apps/one.yaml")] },
    );
    expect(problems).toEqual([]);
    expect(resources.map(({ key, fields }) => [key, fields["name"]])).toEqual([["806", "x"]]);
  });
});

describe("another kind", () => {
  test("is patched the same way, by the key that it has", async () => {
    const notice =
      "apiVersion: callform/v1\nkind: Notice\nmetadata: { slug: hello }\nspec: { title: a, level: 1 }\n";
    const text = overlay(
      "kind: Notice\nnumber: hello\nmerge: { spec: { title: b, bodyFile: b.txt } }",
    );
    const { resources, problems } = await loadOverlaid(
      text,
      { "apps/n.yaml": notice, "overlays/b.txt": "body\n" },
      {
        kinds: [noticeKind],
        validators: noticeValidators,
        patterns: ["apps/n.yaml"],
      },
    );
    expect(problems).toEqual([]);
    expect(resources[0]?.fields).toEqual({ title: "b", level: 1, body: "body\n" });
  });
});

test("a hostile overlay ends in problems", async () => {
  const root = await writeProject(MANIFESTS);
  const texts = [
    "[".repeat(500),
    overlay(on("806", "merge: { spec: &a { x: *a } }")),
    `${overlay()}a: &a [1]\nb: [${"*a, ".repeat(20_000)}]\n`,
    "\0",
    overlay(on("806", "merge: !!js/function x")),
  ];
  for (const [index, text] of texts.entries()) {
    await writeInto(root, `overlays/h${index}.yaml`, text);
    const { problems } = await loadOverlaid(
      "",
      {},
      {
        root,
        overlays: [{ name: `overlays/h${index}.yaml`, at: NAMED_AT }],
      },
    );
    expect(problems.length).toBeGreaterThan(0);
    expect(problems.every(({ at }) => at?.file === `overlays/h${index}.yaml`)).toBe(true);
  }
});
