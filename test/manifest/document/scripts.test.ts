import { execFileSync } from "node:child_process";
import { mkdir, symlink } from "node:fs/promises";
import { join } from "node:path";

import { describe, expect, test } from "vitest";

import {
  appManifest,
  briefly,
  type Files,
  loadFiles,
  writeInto,
  writeProject,
} from "../../support/project/manifest-project.ts";

/** Loads `apps/a.yaml`, which names this script, among other files. */
async function loadScript(name: string, files: Files = {}) {
  const { resources, problems } = await loadFiles({
    "apps/a.yaml": appManifest([`scriptFile: ${JSON.stringify(name)}`]),
    ...files,
  });
  return { script: resources[0]?.fields["scriptCode"], problems };
}

describe("the text of a script file", () => {
  test.each([
    ["plain", "class A {}\n", "class A {}\n"],
    ["with a byte order mark", "\uFEFFclass A {}", "class A {}"],
    ["with CRLF", "class A {}\r\nclass B {}\r\n", "class A {}\r\nclass B {}\r\n"],
    ["with a lone CR", "class A {}\rclass B {}", "class A {}\rclass B {}"],
    ["with blanks at the ends", "  class A {}  \n\n\n", "  class A {}  \n\n\n"],
    ["beyond Latin", "// Привет 你好 😀\n", "// Привет 你好 😀\n"],
    ["in UTF-16", Buffer.from("\uFEFFclass Ä {}\r\n", "utf16le"), "class Ä {}\r\n"],
    [
      "in UTF-16, the other way round",
      Buffer.from("\uFEFFclass Ä {}", "utf16le").swap16(),
      "class Ä {}",
    ],
  ])("%s is read as it is", async (_, content, expected) => {
    expect(await loadScript("a.cs", { "apps/a.cs": content })).toEqual({
      script: expected,
      problems: [],
    });
  });

  test("may stand in another folder of the project", async () => {
    const { script } = await loadScript("../scripts/./x/../menu.cs", {
      "scripts/menu.cs": "class A {}",
    });
    expect(script).toBe("class A {}");
  });

  test("is managed by nobody when the manifest names none", async () => {
    const { resources, problems } = await loadFiles({ "a.yaml": appManifest([]) });
    expect(problems).toEqual([]);
    expect(resources[0]?.fields).not.toHaveProperty("scriptCode");
  });
});

describe("a script that cannot be read", () => {
  test("because it is missing is told where it is named, with the nearest file there", async () => {
    const { problems } = await loadScript("after-hour.cs", { "apps/after-hours.cs": "class A {}" });
    expect(problems).toEqual([
      {
        severity: "error",
        code: "script-missing-file",
        message: "apps/after-hour.cs does not exist",
        at: { file: "apps/a.yaml", line: 7, column: 15, endLine: 7, endColumn: 30 },
        hint: "did you mean after-hours.cs?",
        subject: "CallFlowApp 806",
      },
    ]);
  });

  test("because its folder is missing, or is a file, is told the same way", async () => {
    for (const name of ["nowhere/a.cs", "a.yaml/a.cs"]) {
      const { problems } = await loadScript(name);
      expect(briefly(problems)).toEqual(["apps/a.yaml:7:15 script-missing-file"]);
      expect(problems[0]).not.toHaveProperty("hint");
    }
  });

  test("because the path has backslashes says so", async () => {
    const { problems } = await loadScript("scripts\\a.cs", { "apps/scripts/a.cs": "class A {}" });
    expect(problems).toMatchObject([{ hint: "write the path with forward slashes" }]);
  });

  test.each([
    ["binary", Uint8Array.from([0x4d, 0x5a, 0x0a, 0x00]), "apps/a.cs:2:1 file-binary"],
    ["not UTF-8", Buffer.from("// 1\n// caf\u00e9", "latin1"), "apps/a.cs:2:7 file-encoding"],
    ["6 MiB", "x".repeat(6 * 1024 * 1024), "apps/a.cs:1:1 file-too-large"],
    ["blank", " \r\n\t\n", "apps/a.cs:1:1 file-empty"],
    ["empty", "", "apps/a.cs:1:1 file-empty"],
  ])("because it is %s is told in the script", async (_, content, place) => {
    expect(briefly((await loadScript("a.cs", { "apps/a.cs": content })).problems)).toEqual([place]);
  });

  test("because it is a folder or a pipe is told where it is named, and nothing waits", async () => {
    const root = await writeProject({
      "a.yaml": appManifest(["scriptFile: folder"], '"1"'),
      "b.yaml": appManifest(["scriptFile: pipe"], '"2"'),
    });
    await mkdir(join(root, "folder"));
    execFileSync("mkfifo", [join(root, "pipe")]);
    const { problems } = await loadFiles({}, { root });
    expect(briefly(problems)).toEqual([
      "a.yaml:7:15 file-unreadable",
      "b.yaml:7:15 file-unreadable",
    ]);
  });

  test("does not hide what else is wrong with the manifest", async () => {
    const { problems } = await loadFiles({
      "a.yaml": appManifest(["scriptFile: a.cs", "colour: red"]),
    });
    expect(briefly(problems)).toEqual([
      "a.yaml:7:15 script-missing-file",
      "a.yaml:8:3 unknown-key",
    ]);
  });

  test("is told once for every manifest that names it, its own text only once", async () => {
    const { problems } = await loadFiles({
      "a.yaml": appManifest(["scriptFile: x.cs"], '"1"'),
      "b.yaml": appManifest(["scriptFile: x.cs"], '"2"'),
      "c.yaml": appManifest(["scriptFile: gone.cs"], '"3"'),
      "d.yaml": appManifest(["scriptFile: gone.cs"], '"4"'),
      "x.cs": "${var:NOPE}",
    });
    expect(briefly(problems)).toEqual([
      "c.yaml:7:15 script-missing-file",
      "d.yaml:7:15 script-missing-file",
      "x.cs:1:1 unresolved-reference",
    ]);
  });
});

describe("a script outside the project", () => {
  test.each(["../../secrets.cs", "../../../../../../etc/passwd", "x/../../../a.cs"])(
    "by way of %s is refused",
    async (name) => {
      const { problems, script } = await loadScript(name);
      expect(briefly(problems)).toEqual(["apps/a.yaml:7:15 path-escape"]);
      expect(script).toBeUndefined();
    },
  );

  test.each(["/etc/passwd", "C:\\scripts\\a.cs", "\\\\server\\share\\a.cs"])(
    "by way of the absolute path %s is refused",
    async (name) => {
      const { problems } = await loadScript(name);
      expect(problems).toMatchObject([
        { code: "path-escape", hint: "write the path relative to the manifest" },
      ]);
    },
  );

  test("by way of a symbolic link, to a file or to a folder, is refused", async () => {
    const outside = await writeProject({ "a.cs": "class Outside {}" });
    const root = await writeProject({
      "a.yaml": appManifest(["scriptFile: link.cs"], '"1"'),
      "b.yaml": appManifest(["scriptFile: folder/a.cs"], '"2"'),
      "real/a.cs": "class Inside {}",
      "c.yaml": appManifest(["scriptFile: inner.cs"], '"3"'),
      "d.yaml": appManifest(["scriptFile: circle.cs"], '"4"'),
    });
    await symlink(join(outside, "a.cs"), join(root, "link.cs"));
    await symlink(outside, join(root, "folder"));
    await symlink("real/a.cs", join(root, "inner.cs"));
    await symlink("circle.cs", join(root, "circle.cs"));
    const { problems, resources } = await loadFiles({}, { root });
    expect(briefly(problems)).toEqual([
      "a.yaml:7:15 path-escape",
      "b.yaml:7:15 path-escape",
      "d.yaml:7:15 file-unreadable",
      "folder:1:1 path-escape",
    ]);
    expect(resources.map(({ fields }) => fields["scriptCode"])).toEqual([
      undefined,
      undefined,
      "class Inside {}",
      undefined,
    ]);
  });

  test("is inside when the project folder itself is behind a link", async () => {
    const root = await writeProject({
      "real/a.yaml": appManifest(["scriptFile: a.cs"]),
      "real/a.cs": "class A {}",
    });
    await symlink("real", join(root, "link"));
    expect((await loadFiles({}, { root: join(root, "link") })).problems).toEqual([]);
  });
});

describe("a script both in a file and in the manifest", () => {
  test("is told at the one that stands second, in either order", async () => {
    const root = await writeProject({ "a.cs": "class A {}" });
    await writeInto(root, "1.yaml", appManifest(["scriptFile: a.cs", "scriptCode: x"], '"1"'));
    await writeInto(root, "2.yaml", appManifest(["scriptCode: x", "scriptFile: a.cs"], '"2"'));
    const { problems } = await loadFiles({}, { root });
    expect(problems).toMatchObject([
      {
        code: "script-both",
        message: "scriptCode and scriptFile exclude each other",
        at: { file: "1.yaml", line: 8, column: 3 },
        hint: "keep one of the two; scriptFile is on line 7",
      },
      {
        code: "script-both",
        message: "scriptFile and scriptCode exclude each other",
        at: { file: "2.yaml", line: 8, column: 3 },
        hint: "keep one of the two; scriptCode is on line 7",
      },
    ]);
  });
});
