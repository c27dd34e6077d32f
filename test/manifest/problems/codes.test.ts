import { csharpEmbedding } from "../../../src/script/embed/slots.ts";
import { symlink } from "node:fs/promises";
import { join } from "node:path";

import { describe, expect, test } from "vitest";

import { MANIFEST_CODES, type ManifestCode } from "../../../src/manifest/problems/codes.ts";
import { loadProject } from "../../../src/manifest/project/load.ts";
import { noticeKind } from "../../support/kinds/manifest-kinds.ts";
import {
  appManifest,
  type Files,
  loadFiles,
  writeProject,
} from "../../support/project/manifest-project.ts";
import { buildPackage, zipFiles } from "../../support/project/packages.ts";
import { Ajv2020 } from "ajv/dist/2020.js";
import { adaptValidate } from "../../../src/manifest/schema/validators.ts";

const app = (...spec: readonly string[]): Files => ({ "a.yaml": appManifest(spec) });

/** The least that leads to each code. */
const CAUSES: Readonly<
  Record<Exclude<ManifestCode, "literal-secret" | "conflicting-keys" | `overlay-${string}`>, Files>
> = {
  "alias-limit": { "a.yaml": "a: &a [*a]" },
  "archive-content": { ...app("scriptFile: x.zip"), "x.zip": zipFiles({}) },
  "archive-invalid": { ...app("scriptFile: x.zip"), "x.zip": "no zip" },
  "archive-key": { ...app("scriptFile: x.zip"), "x.zip": buildPackage({ extension: "807" }) },
  "credential-reference": app("trunk: { number: '${secret:GITHUB_TOKEN}' }"),
  "duplicate-key": app("name: x"),
  "duplicate-resource": { ...app(), "b.yaml": appManifest([]) },
  "file-binary": { "a.yaml": "\0" },
  "file-empty": { "a.yaml": "" },
  "file-encoding": { "a.yaml": Uint8Array.from([0xff]) },
  "file-pointer": {
    "a.yaml": "version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 1\n",
  },
  "file-skipped": { ...app(), "b.YAML": appManifest([]) },
  "file-too-large": { "a.yaml": " ".repeat(5 * 1024 * 1024 + 1) },
  "file-unreadable": { ...app("scriptFile: x"), "x/y": "" },
  "forbidden-key": app("__proto__: 1"),
  "invalid-key": app("1: 1"),
  "invalid-type": app("routingType: 1"),
  "invalid-value": app("routingType: x"),
  "merge-conflict": { "a.yaml": "a: 1\n<<<<<<< HEAD\n=======\n>>>>>>> b\n" },
  "merge-key": app("<<: 1"),
  "misplaced-overlay": { "a.yaml": "kind: Overlay" },
  "misplaced-project": { "a.yaml": "kind: Project" },
  "misplaced-reference": app("trunk: { number: '${env:X}' }"),
  "misplaced-secret": app("scriptCode: \"c = '${secret:LONG}'\""),
  "missing-key": { "a.yaml": "a: 1" },
  "no-manifests": {},
  "path-escape": app("scriptFile: ../x.cs"),
  "pull-interrupted": { ...app(), ".callform/pull.json": "{}" },
  "script-both": app("scriptFile: x.cs", "scriptCode: x"),
  "script-missing-file": app("scriptFile: x.cs"),
  "status-property": app("id: 1"),
  "too-complex": { "a.yaml": "[".repeat(1000) },
  "unknown-api-version": { "a.yaml": "apiVersion: v1\nkind: CallFlowApp" },
  "unknown-key": app("x: 1"),
  "unknown-kind": { "a.yaml": "kind: X" },
  "unknown-reference-scheme": app("trunk: { number: '${vars:X}' }"),
  "unresolved-reference": app("trunk: { number: '${var:X}' }"),
  "weak-secret": app("trunk: { number: '${secret:WEAK}' }"),
  "yaml-syntax": { "a.yaml": "a: @" },
  "yaml-tag": app("x: !y 1"),
};

/** What may well be meant. */
const WARNINGS = new Set(["archive-key", "file-skipped"]);

describe("a problem code", () => {
  test.each(Object.entries(CAUSES))("%s can be met, with a place", async (code, files) => {
    const { problems } = await loadFiles(files, {
      secrets: { WEAK: "1", LONG: "long enough" },
      embeddings: { csharp: csharpEmbedding },
    });
    const met = problems.find((problem) => problem.code === code);
    expect(met?.severity).toBe(WARNINGS.has(code) ? "warning" : "error");
    expect(met?.at !== undefined || code === "no-manifests").toBe(true);
  });

  test("literal-secret can be met in the project file", async () => {
    const root = await writeProject({
      "callform.yaml":
        "apiVersion: callform/v1\nkind: Project\ntargets: { a: { clientSecret: x } }\n",
    });
    const { problems } = await loadProject(root, { env: {} });
    expect(problems.map(({ code }) => code)).toEqual(["literal-secret"]);
  });

  test("conflicting-keys can be met with a kind whose schema has such keys", async () => {
    const schema = { properties: { spec: { not: { required: ["title", "level"] } } } };
    const validators = {
      Notice: adaptValidate(
        new Ajv2020({ allErrors: true, verbose: true, strict: false }).compile(schema),
      ),
    };
    const text =
      "apiVersion: callform/v1\nkind: Notice\nmetadata: { slug: x }\nspec: { title: a, level: 1 }\n";
    const { problems } = await loadFiles({ "a.yaml": text }, { kinds: [noticeKind], validators });
    expect(problems).toMatchObject([{ code: "conflicting-keys", at: { line: 4, column: 7 } }]);
  });

  test("is told with a link that leads out of the project", async () => {
    const outside = await writeProject({ "x.yaml": "" });
    const root = await writeProject({});
    await symlink(join(outside, "x.yaml"), join(root, "a.yaml"));
    const { problems } = await loadFiles({}, { root });
    expect(problems.map(({ code }) => code)).toEqual(["path-escape"]);
  });

  test("is a word in small letters with a meaning in a sentence", () => {
    for (const [code, meaning] of Object.entries(MANIFEST_CODES)) {
      expect(code).toMatch(/^[a-z]+(-[a-z]+)*$/);
      expect(meaning).toMatch(/^[A-Z].*\.$/);
    }
  });

  test("stands in the table in its alphabetical place", () => {
    const codes = Object.keys(MANIFEST_CODES);
    expect(codes).toEqual(codes.toSorted());
  });
});

describe("a message", () => {
  test("is one line without a full stop, and so is its hint", async () => {
    for (const files of Object.values(CAUSES)) {
      for (const { message, hint = "x" } of (await loadFiles(files)).problems) {
        for (const text of [message, hint]) expect(text).toMatch(/^[^\n]*[^.\n]$/);
        expect(message).not.toMatch(/undefined|\[object|NaN/);
      }
    }
  });
});
