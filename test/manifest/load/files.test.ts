import { mkdir, symlink } from "node:fs/promises";
import { join } from "node:path";

import * as fc from "fast-check";
import { describe, expect, test } from "vitest";

import { appKind } from "../../support/kinds/manifest-kinds.ts";
import {
  appManifest,
  briefly,
  loadFiles,
  writeProject,
} from "../../support/project/manifest-project.ts";

const app = (number: number): string => appManifest([], `"${number}"`);

describe("which files are manifests", () => {
  test("those that a pattern names, in the order of their names, whatever the patterns' order", async () => {
    const root = await writeProject({
      "apps/b.yaml": app(1),
      "apps/a/z.yml": app(2),
      "apps/a.yaml": app(3),
      "other/c.yaml": app(4),
    });
    const expected = ["apps/a.yaml", "apps/a/z.yml", "apps/b.yaml", "other/c.yaml"];
    const patterns = ["apps/**/*.{yaml,yml}", "other/*.yaml", "**/*.yaml"];
    for (const order of [patterns, patterns.toReversed()]) {
      const { files, problems } = await loadFiles({}, { root, patterns: order });
      expect({ files, problems }).toEqual({ files: expected, problems: [] });
    }
  });

  test("never hidden ones, packages or the project file itself", async () => {
    const { files, problems } = await loadFiles({
      "a.yaml": app(1),
      "callform.yaml": "apiVersion: callform/v1\nkind: Project\n",
      ".github/workflows/ci.yaml": "on: push",
      ".hidden.yaml": "x: 1",
      "node_modules/x/b.yaml": "x: 1",
      "apps/node_modules/x/b.yaml": "x: 1",
      "apps/callform.yaml": app(2),
    });
    expect(problems).toEqual([]);
    expect(files).toEqual(["a.yaml", "apps/callform.yaml"]);
  });

  test("not those that a pattern with ! takes out again", async () => {
    const { files } = await loadFiles(
      { "apps/a.yaml": app(1), "apps/drafts/b.yaml": "x: 1" },
      { patterns: ["apps/**/*.yaml", "!apps/drafts/**"] },
    );
    expect(files).toEqual(["apps/a.yaml"]);
  });

  test("not those that a pattern leaves out for their case, but they are named", async () => {
    const names = ["apps/a.yaml", "apps/b.YAML", "apps/in/c.Yaml", "apps/drafts/d.YAML"];
    const others = ["apps/e.YML", "docs/f.YAML", "apps/.g.YAML", "apps/node_modules/h.YAML"];
    const root = await writeProject(
      Object.fromEntries([...names, ...others].map((name, index) => [name, app(index)])),
    );
    const patterns = ["apps/**/*.yaml", "!apps/drafts/**"];
    const { files, problems } = await loadFiles({}, { root, patterns });
    expect(files).toEqual(["apps/a.yaml"]);
    expect(problems).toMatchObject([
      {
        severity: "warning",
        code: "file-skipped",
        message:
          "no manifest is read from apps/b.YAML, apps/in/c.Yaml: the patterns match but for the case",
        hint: expect.stringContaining("rename it to b.yaml"),
        at: { file: "apps/b.YAML", line: 1 },
      },
    ]);
    const both = await loadFiles({}, { root, patterns: [...patterns, "apps/**/*.{YAML,Yaml}"] });
    expect(both.files).toEqual(["apps/a.yaml", "apps/b.YAML", "apps/in/c.Yaml"]);
    expect(both.problems).toEqual([]);
  });

  test("a pattern that names nothing is a problem, also beside one that names something", async () => {
    const { problems, resources } = await loadFiles(
      { "apps/a.yaml": app(1), "apps/b.txt": "" },
      { patterns: ["apps/*.yaml", "gone/*.yaml", "apps/b.json"] },
    );
    expect(resources).toHaveLength(1);
    expect(problems.map(({ code, severity, message }) => `${severity} ${code} ${message}`)).toEqual(
      [
        "error no-manifests no file in . matches gone/*.yaml",
        "error no-manifests no file in . matches apps/b.json",
      ],
    );
  });

  test("a project folder that does not exist is a problem", async () => {
    const root = join(await writeProject({}), "gone");
    const { problems, resources } = await loadFiles({}, { root, cwd: join(root, "..") });
    expect(resources).toEqual([]);
    expect(problems).toMatchObject([{ code: "file-unreadable", message: "gone does not exist" }]);
  });
});

describe("manifests behind symbolic links", () => {
  test("are read when they lead to the project and refused when they lead out of it", async () => {
    const outside = await writeProject({ "b.yaml": app(2), "folder/c.yaml": app(3) });
    const root = await writeProject({ "real/a.yaml": app(1) });
    await mkdir(join(root, "apps"));
    await symlink(join(root, "real/a.yaml"), join(root, "apps/a.yaml"));
    await symlink(join(outside, "b.yaml"), join(root, "apps/b.yaml"));
    await symlink(join(outside, "folder"), join(root, "apps/folder"));
    await symlink(join(root, "nowhere.yaml"), join(root, "apps/d.yaml"));
    const patterns = ["apps/*.yaml", "apps/folder/*.yaml"];
    const { problems, resources } = await loadFiles({}, { root, patterns });
    expect(resources.map(({ key }) => key)).toEqual(["1"]);
    expect(resources[0]?.at.file).toBe("apps/a.yaml");
    expect(briefly(problems).toSorted()).toEqual([
      "apps/b.yaml:1:1 path-escape",
      "apps/d.yaml:1:1 file-unreadable",
      "apps/folder/c.yaml:1:1 path-escape",
      "apps/folder:1:1 path-escape",
    ]);
  });

  test("are found behind a link to a folder inside, and a link to one outside is not searched", async () => {
    const outside = await writeProject({ "folder/c.yaml": app(3) });
    const root = await writeProject({ "real/sub/a.yaml": app(1), "apps/b.yaml": app(2) });
    await symlink(join(root, "real"), join(root, "apps/inner"));
    await symlink(join(outside, "folder"), join(root, "apps/outer"));
    const { problems, resources } = await loadFiles({}, { root, patterns: ["apps/**/*.yaml"] });
    expect(resources.map(({ at }) => at.file)).toEqual(["apps/b.yaml", "apps/inner/sub/a.yaml"]);
    expect(problems).toMatchObject([
      {
        severity: "warning",
        code: "path-escape",
        at: { file: "apps/outer" },
        message: "apps/outer is a link to a folder outside the project and was not searched",
      },
    ]);
  });

  test("that go round in a circle come to an end", async () => {
    const root = await writeProject({ "apps/a.yaml": app(1) });
    await symlink("..", join(root, "apps/up"));
    await symlink("self", join(root, "apps/self"));
    const { resources, problems } = await loadFiles({}, { root, patterns: ["apps/**/*.yaml"] });
    expect(resources.map(({ key }) => key)).toEqual(["1"]);
    expect(new Set(problems.map(({ code }) => code))).toEqual(new Set(["duplicate-resource"]));
  });

  test("a pattern that leads out of the project reads nothing there", async () => {
    const root = await writeProject({ "project/a.yaml": app(1), "b.yaml": app(2) });
    const { problems, resources } = await loadFiles(
      {},
      { root: join(root, "project"), patterns: ["*.yaml", "../*.yaml"] },
    );
    expect(resources.map(({ key }) => key)).toEqual(["1"]);
    expect(briefly(problems)).toEqual(["../b.yaml:1:1 path-escape"]);
  });
});

describe("paths on the command line", () => {
  const files = {
    "apps/a.yaml": app(1),
    "apps/sub/b.yaml": app(2),
    "apps/c.yaml": app(3),
    "README.md": "",
  };

  test.each([
    [["apps/a.yaml"], ["apps/a.yaml"]],
    [["apps/sub"], ["apps/sub/b.yaml"]],
    [["apps/sub/"], ["apps/sub/b.yaml"]],
    [["."], ["apps/a.yaml", "apps/c.yaml", "apps/sub/b.yaml"]],
    [
      ["apps/c.yaml", "./apps/a.yaml", "apps/a.yaml"],
      ["apps/a.yaml", "apps/c.yaml"],
    ],
  ])("%j narrow the manifests to %j", async (paths, expected) => {
    const { files: found, problems } = await loadFiles(files, { paths });
    expect({ found, problems }).toEqual({ found: expected, problems: [] });
  });

  test("may be absolute, or relative to the folder one is in", async () => {
    const root = await writeProject(files);
    const absolute = await loadFiles({}, { root, paths: [join(root, "apps/a.yaml")] });
    expect(absolute.files).toEqual(["apps/a.yaml"]);
    const inside = await loadFiles({}, { root, cwd: join(root, "apps/sub"), paths: ["../a.yaml"] });
    expect(inside.files).toEqual(["../a.yaml"]);
    expect(inside.resources[0]?.at.file).toBe("../a.yaml");
  });

  test.each([
    ["gone.yaml", "file-unreadable"],
    ["README.md", "no-manifests"],
    ["empty", "no-manifests"],
    ["..", undefined],
    ["../..", undefined],
    ["/etc/hostname", "path-escape"],
  ])("%s ends in %s when it names no manifest", async (path, code) => {
    const root = await writeProject(files);
    await mkdir(join(root, "empty"));
    const { problems } = await loadFiles({}, { root, paths: [path] });
    expect(problems.map((problem) => problem.code)).toEqual(code === undefined ? [] : [code]);
  });
});

describe("paths in problems", () => {
  test("are relative to the working folder, with forward slashes", async () => {
    const root = await writeProject({
      "p/apps/a.yaml": appManifest(["colour: red", "scriptFile: x.cs"]),
      "p/apps/x.cs": "${var:X}",
    });
    const { problems, files } = await loadFiles({}, { root: join(root, "p"), cwd: root });
    expect(files).toEqual(["p/apps/a.yaml"]);
    expect(briefly(problems)).toEqual([
      "p/apps/a.yaml:7:3 unknown-key",
      "p/apps/x.cs:1:1 unresolved-reference",
    ]);
  });
});

describe("the same object twice", () => {
  test("is told at the second, with the place of the first, and only the first is a resource", async () => {
    const { problems, resources } = await loadFiles({
      "a.yaml": `${app(1)}---\n${app(2)}`,
      "b.yaml": `# again\n${app(1)}`,
    });
    expect(resources.map(({ key, at }) => [key, at.file])).toEqual([
      ["1", "a.yaml"],
      ["2", "a.yaml"],
    ]);
    expect(problems).toMatchObject([
      {
        code: "duplicate-resource",
        message: "CallFlowApp 1 is described twice; the first is at a.yaml:4:11",
        at: { file: "b.yaml", line: 5, column: 11 },
        subject: "CallFlowApp 1",
      },
    ]);
  });

  test("is told for every further one, whatever else is wrong with them", async () => {
    const { problems } = await loadFiles({
      "a.yaml": app(1),
      "b.yaml": appManifest(["colour: red"], '"1"'),
      "c.yaml": app(1),
    });
    expect(briefly(problems)).toEqual([
      "b.yaml:4:11 duplicate-resource",
      "b.yaml:7:3 unknown-key",
      "c.yaml:4:11 duplicate-resource",
    ]);
    const [second, , third] = problems.map(({ message }) => message);
    expect([second, third]).toEqual(
      Array.from(
        { length: 2 },
        () => "CallFlowApp 1 is described twice; the first is at a.yaml:4:11",
      ),
    );
  });
});

describe("a load", () => {
  test("of manifests spread over files in any way gives the same resources", async () => {
    const numbers = fc.uniqueArray(fc.integer({ min: 1, max: 99 }), { minLength: 1, maxLength: 8 });
    const spread = async (keys: readonly number[], split: number): Promise<void> => {
      const first = keys.slice(0, split % keys.length).map(app);
      const rest = keys.slice(split % keys.length).map(app);
      const { resources, problems } = await loadFiles({
        "1.yaml": `#\n${first.join("---\n") || app(100)}`,
        "2.yaml": rest.join("---\n"),
      });
      expect(problems).toEqual([]);
      const expected = first.length === 0 ? [100, ...keys] : keys;
      expect(resources.map(({ key }) => key)).toEqual(expected.map(String));
    };
    await fc.assert(fc.asyncProperty(numbers, fc.nat(), spread), { numRuns: 40 });
  });

  test("ends with the reason of its signal", async () => {
    const root = await writeProject({ "a.yaml": app(1) });
    const reason = new Error("stop");
    await expect(loadFiles({}, { root, signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
  });

  test("that is cancelled on the way does not read the rest", async () => {
    const many = Array.from({ length: 100 }, (_, index) => [`${index}.yaml`, app(index)] as const);
    const root = await writeProject(Object.fromEntries(many));
    const controller = new AbortController();
    let read = 0;
    const check = () => {
      read += 1;
      controller.abort(new Error("enough"));
      return [];
    };
    const kinds = [{ ...appKind, check }];
    await expect(loadFiles({}, { root, kinds, signal: controller.signal })).rejects.toThrow(
      "enough",
    );
    expect(read).toBeLessThan(50);
  });

  test("lets others have their turn between files", async () => {
    const many = Array.from({ length: 100 }, (_, index) => [`${index}.yaml`, app(index)] as const);
    const root = await writeProject(Object.fromEntries(many));
    let turns = 0;
    let loading = true;
    const count = (): void => {
      turns += 1;
      if (loading) setImmediate(count);
    };
    setImmediate(count);
    await loadFiles({}, { root });
    loading = false;
    expect(turns).toBeGreaterThan(5);
  });
});
