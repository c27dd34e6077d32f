import * as fc from "fast-check";
import { describe, expect, it } from "vitest";

import { chooseFileNames, type Named } from "../../../src/manifest/adopt/file-names.ts";
import { findFiles } from "../../../src/manifest/files/find-files.ts";
import { openFolders } from "../../../src/manifest/files/folders.ts";
import { matchNames } from "../../../src/manifest/files/match-patterns.ts";
import { makeFolder } from "../../support/project/folder.ts";
import { codePoint } from "../../support/worlds/text.ts";

const DEFAULT = ["apps/**/*.{yaml,yml}"];

async function choose(
  resources: readonly Named[],
  patterns: readonly string[] = DEFAULT,
  taken: readonly string[] = [],
): Promise<(string | undefined)[]> {
  const isTaken = (stem: string): boolean => taken.includes(stem);
  const names = await chooseFileNames({ patterns, resources, isTaken });
  return names.map((name) => name?.manifest);
}

const nameOf = async (title: string, key = "806") => (await choose([{ key, title }]))[0];

describe("the name of a new file", () => {
  it.each([
    ["afterhours", "apps/afterhours.yaml"],
    ["After Hours", "apps/after-hours.yaml"],
    ["  Büro_München!  ", "apps/buro-munchen.yaml"],
    ["e\u0301t\u00E9", "apps/ete.yaml"],
    ["../../etc/passwd", "apps/etc-passwd.yaml"],
    ["a\\b:c*?", "apps/a-b-c.yaml"],
    [".hidden", "apps/hidden.yaml"],
    ["com1 desk", "apps/com1-desk.yaml"],
    ["1e3", "apps/1e3.yaml"],
  ])("is made of %j", async (title, file) => {
    expect(await nameOf(title)).toBe(file);
  });

  it.each([
    [""],
    [" "],
    ["日本"],
    ["🌙"],
    ["---"],
    ["CON"],
    ["nul"],
    ["Com9"],
    ["LPT0"],
    ["#1!"],
    ["x".repeat(61)],
  ])("is the number where %j makes none", async (title) => {
    expect(await nameOf(title)).toBe("apps/806.yaml");
  });

  it("spells out what no file name can have", async () => {
    expect(await nameOf("", "*39")).toBe("apps/star39.yaml");
    expect(await nameOf("", "#1*")).toBe("apps/hash1star.yaml");
  });

  it("is nobody's where several want it, and never given twice", async () => {
    const same = ["801", "802", "803"].map((key) => ({
      key,
      title: key === "802" ? "NIGHT" : "night",
    }));
    expect(await choose(same)).toEqual(["apps/801.yaml", "apps/802.yaml", "apps/803.yaml"]);
    const number = [
      { key: "801", title: "802" },
      { key: "802", title: "" },
      { key: "8A", title: "" },
      { key: "8a", title: "" },
    ];
    expect(await choose(number)).toEqual([
      "apps/802.yaml",
      "apps/802-2.yaml",
      "apps/8a.yaml",
      "apps/8a-2.yaml",
    ]);
  });

  it("is not one that is taken, nor in another folder because of that", async () => {
    const one = [{ key: "806", title: "night" }];
    expect(await choose(one, DEFAULT, ["apps/night"])).toEqual(["apps/806.yaml"]);
    expect(await choose(one, [...DEFAULT, "pbx/*.yaml"], ["apps/night"])).toEqual([
      "apps/806.yaml",
    ]);
  });

  it("is the same whatever else there is in the same run, for every app on its own", async () => {
    const resource = fc.record({
      key: fc.stringMatching(/^#?[0-9A-Za-z*]{1,4}$/),
      title: fc.oneof(
        fc.constantFrom("night", "Night", "day", "CON", "8"),
        fc.string({ unit: codePoint, maxLength: 8 }),
      ),
    });
    const law = async (resources: readonly Named[]): Promise<void> => {
      const names = await choose(resources);
      const given = names.map((name) => name?.toLowerCase());
      expect(new Set(given).size).toBe(resources.length);
      for (const name of names) expect(name).toMatch(/^apps\/[a-z0-9][a-z0-9-]*\.yaml$/);
    };
    const list = fc.uniqueArray(resource, {
      selector: ({ key }) => key.toLowerCase(),
      maxLength: 8,
    });
    await fc.assert(fc.asyncProperty(list, law), { numRuns: 60 });
  });
});

describe("asking the patterns for names", () => {
  it("gives what a search finds once the files are there", async () => {
    const name = fc
      .array(
        fc.constantFrom("apps", "a", "b.yaml", "c.yml", "node_modules", ".x", "callform.yaml", "d"),
        {
          minLength: 1,
          maxLength: 3,
        },
      )
      .map((steps) => steps.join("/"));
    const pattern = fc.constantFrom(
      "apps/**/*.{yaml,yml}",
      "**/*.yaml",
      "*.yaml",
      "apps/*",
      "!**/a/**",
      "!apps/b.yaml",
      "{apps,a}/*.yml",
      "apps/b.yaml",
    );
    const law = async (names: readonly string[], patterns: readonly string[]): Promise<void> => {
      const files = names.filter((one) => names.every((other) => !other.startsWith(`${one}/`)));
      const folder = makeFolder(Object.fromEntries(files.map((file) => [file, "x"])));
      const folders = openFolders(folder.root, folder.root);
      const found = await findFiles(patterns, undefined, folders, undefined);
      const expected = found.files.map((file) => file.slice(folders.root.length + 1));
      expect([...(await matchNames(patterns, files))].toSorted()).toEqual(expected.toSorted());
    };
    const names = fc.uniqueArray(name, { minLength: 1, maxLength: 8 });
    const patterns = fc.uniqueArray(pattern, { minLength: 1, maxLength: 3 });
    await fc.assert(fc.asyncProperty(names, patterns, law), { numRuns: 100 });
  });
});
