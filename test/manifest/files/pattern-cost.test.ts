import { describe, expect, it } from "vitest";

import { matchNames } from "../../../src/manifest/files/match-patterns.ts";
import { findCost } from "../../../src/manifest/files/pattern-cost.ts";
import { loadProject } from "../../../src/manifest/project/load.ts";
import { makeFolder } from "../../support/project/folder.ts";

const stars = `apps/${"*a".repeat(25)}b.yaml`;

describe("a pattern of manifests", () => {
  it.each([
    stars,
    "apps/*a*a*a*a*a.yaml",
    "**/**/**/**/x.yaml",
    "a*b*/a*b*/a*b*/a*b*/x",
    "apps/+(a|aa)b.yaml",
    "apps/*(a|aa)b.yaml",
    "apps/!(a|b).yaml",
    "!(apps)/x.yaml",
    `apps/${"{,a}".repeat(30)}b`,
    `apps/${"@(a|aa)".repeat(30)}b`,
    "a".repeat(501),
  ])("is refused where it could take for ever: %s", async (pattern) => {
    expect(findCost(pattern)).toBeDefined();
    const folder = makeFolder({
      "callform.yaml": `apiVersion: callform/v1\nkind: Project\nmanifests: [${JSON.stringify(pattern)}]\n`,
    });
    const { project, problems } = await loadProject(folder.root, { env: {} });
    expect(project).toBeUndefined();
    expect(problems).toMatchObject([{ code: "invalid-value", at: { line: 3, column: 13 } }]);
  });

  it.each([
    "apps/**/*.{yaml,yml}",
    "apps/**/*.yaml",
    "**/apps/**/*-*.yaml",
    "!apps/**/*.draft.yaml",
    String.raw`apps/\*\*\*\*\*\*.yaml`,
    "apps/[a-z]*.yaml",
    "apps/@(one|two).yaml",
  ])("is matched as ever: %s", (pattern) => {
    expect(findCost(pattern)).toBeUndefined();
  });

  it("takes no longer than a moment with as much doubt as it may have", async () => {
    const names = Array.from({ length: 20 }, (_, index) => `apps/${"a".repeat(200)}${index}.yam`);
    for (const pattern of ["apps/*a*a*a*c.yaml", "**/*a*a*c.yaml", "apps/{a,aa}{a,aa}*a*c"]) {
      expect(findCost(pattern)).toBeUndefined();
      expect([...(await matchNames([pattern], names))]).toEqual([]);
    }
  });
});
