import { symlink } from "node:fs/promises";
import { join } from "node:path";

import { describe, expect, test } from "vitest";

import { locateInText } from "../../../src/domain/text-place.ts";
import type { ArchiveRule, Kind } from "../../../src/domain/ports.ts";
import type { LoadRequest } from "../../../src/manifest/load.ts";
import { noticeKind, noticeValidators } from "../../support/kinds/manifest-kinds.ts";
import {
  appManifest,
  briefly,
  type Files,
  loadFiles,
  writeProject,
} from "../../support/project/manifest-project.ts";
import { buildPackage, writePackageManifest, zipFiles } from "../../support/project/packages.ts";
import { writeScript } from "../../support/project/scripts.ts";

/** Loads `apps/a.yaml`, which names `menu.zip` beside it. */
async function loadPackage(
  zip: Uint8Array | string,
  files: Files = {},
  request: Partial<LoadRequest> = {},
) {
  const { resources, problems, secrets } = await loadFiles(
    {
      "apps/a.yaml": appManifest(["scriptFile: menu.zip"]),
      "apps/menu.zip": zip,
      ...files,
    },
    request,
  );
  const [resource] = resources;
  return { resource, script: resource?.fields["scriptCode"], problems, secrets };
}

describe("a package that a manifest names as its script", () => {
  test("gives the script in it, as it is", async () => {
    const { script, problems } = await loadPackage(buildPackage());
    expect(problems).toEqual([]);
    expect(script).toBe(writeScript("Main").replaceAll("\n", "\r\n"));
  });

  test("gives the same resource as the script beside the manifest would, but for places", async () => {
    const text = writeScript("Main");
    const packed = await loadPackage(buildPackage({ script: text }));
    const plain = await loadFiles({
      "apps/a.yaml": appManifest(["scriptFile: menu.cs"]),
      "apps/menu.cs": text,
    });
    expect(packed.resource?.fields).toEqual(plain.resources[0]?.fields);
  });

  test.each([
    ["with a byte order mark", Buffer.from("\uFEFFclass A {}")],
    ["in UTF-16", Buffer.from("\uFEFFclass A {}", "utf16le")],
    ["not packed", "class A {}"],
  ])("may hold it %s", async (_, script) => {
    const zip = zipFiles({
      "manifest.xml": writePackageManifest("806"),
      "Sources/Main.cs": [Buffer.from(script), { level: 0 }],
    });
    expect(await loadPackage(zip)).toMatchObject({ script: "class A {}", problems: [] });
  });

  test("may have backslashes in its names, as .NET wrote them once", async () => {
    const zip = zipFiles({
      "manifest.xml": writePackageManifest("806"),
      "Sources\\Main.cs": "class A {}",
    });
    expect(await loadPackage(zip)).toMatchObject({ script: "class A {}", problems: [] });
  });

  test("may have a flow of another name than Main, entries for its folders, and a comment at its end", async () => {
    const zip = Buffer.from(
      zipFiles({
        "Sources/": "",
        "Audio/": "",
        "manifest.xml": writePackageManifest("806"),
        "Sources/Welcome.cs": "class A {}",
        "Audio/Grüße.wav": "x",
      }),
    );
    const comment = Buffer.from("built on a Monday");
    zip.writeUInt16LE(comment.length, zip.length - 2);
    const { script, problems, resource } = await loadPackage(Buffer.concat([zip, comment]));
    expect({ script, problems }).toEqual({ script: "class A {}", problems: [] });
    expect(resource?.textSources["scriptCode"]?.file).toBe("apps/menu.zip/Sources/Welcome.cs");
  });

  test("may have its ending in capitals", async () => {
    const { resources, problems } = await loadFiles({
      "a.yaml": appManifest(["scriptFile: MENU.ZIP"]),
      "MENU.ZIP": buildPackage({ script: "class A {}" }),
    });
    expect(problems).toEqual([]);
    expect(resources[0]?.fields["scriptCode"]).toBe("class A {}");
  });

  test("has the references in its script resolved, secrets among them", async () => {
    const script = 'class A { string a = "${var:LINE}", b = "${secret:PIN}"; }';
    const { resource, problems, secrets } = await loadPackage(
      buildPackage({ script }),
      {},
      { variables: { LINE: "800" }, secrets: { PIN: "4711-4712" } },
    );
    expect(problems).toEqual([]);
    expect(JSON.stringify(resource?.fields["scriptCode"])).toBe('"(secret)"');
    expect(secrets.map((secret) => secret.reveal())).toEqual(["4711-4712"]);
  });
});

describe("a place in the script of a package", () => {
  test("is told as a file below the package, with the package beside it", async () => {
    const script = "class A\r\n{\r\n  ${var:NOPE}\r\n}";
    const { problems } = await loadPackage(buildPackage({ script }));
    expect(problems).toMatchObject([
      {
        code: "unresolved-reference",
        at: {
          file: "apps/menu.zip/Sources/Main.cs",
          line: 3,
          column: 3,
          archive: "apps/menu.zip",
        },
      },
    ]);
  });

  test("can be found for any offset of the text", async () => {
    const { resource } = await loadPackage(buildPackage({ script: "class A\r\n{\r\n}" }));
    const source = resource?.textSources["scriptCode"];
    expect(source && locateInText(source, 10)).toEqual({
      file: "apps/menu.zip/Sources/Main.cs",
      line: 2,
      column: 2,
      archive: "apps/menu.zip",
    });
  });

  test("has no package beside it where the script is a file of its own", async () => {
    const { problems } = await loadFiles({
      "a.yaml": appManifest(["scriptFile: a.cs"]),
      "a.cs": "${var:NOPE}",
    });
    expect(problems[0]?.at).toEqual({ file: "a.cs", line: 1, column: 1 });
  });
});

describe("a package that was built for another number", () => {
  test("is told where the manifest names it, with both numbers", async () => {
    const { problems, resource } = await loadPackage(buildPackage({ extension: "807" }));
    expect(problems).toEqual([
      {
        severity: "warning",
        code: "archive-key",
        message: "apps/menu.zip was built for 807, and the manifest says 806",
        at: { file: "apps/a.yaml", line: 7, column: 15, endLine: 7, endColumn: 23 },
        hint: "it will run under 806; if that is not meant, build it again for 806 or name another file",
        subject: "CallFlowApp 806",
      },
    ]);
    expect(resource?.key).toBe("806");
  });

  test("is told together with what is wrong in its script", async () => {
    const zip = buildPackage({ extension: "807", script: "${var:NOPE}" });
    expect(briefly((await loadPackage(zip)).problems)).toEqual([
      "apps/a.yaml:7:15 archive-key",
      "apps/menu.zip/Sources/Main.cs:1:1 unresolved-reference",
    ]);
  });

  test.each(["", "  ", "806", " 806\r\n"])(
    "is not one with %j as its extension",
    async (extension) => {
      expect((await loadPackage(buildPackage({ extension }))).problems).toEqual([]);
    },
  );

  test("is judged by the number after variables were put in", async () => {
    const files = { "apps/a.yaml": appManifest(["scriptFile: menu.zip"], '"${var:NUMBER}"') };
    const zip = buildPackage({ extension: "*39" });
    const right = await loadPackage(zip, files, { variables: { NUMBER: "*39" } });
    expect(right.problems).toEqual([]);
    const wrong = await loadPackage(zip, files, { variables: { NUMBER: "*40" } });
    expect(wrong.problems.map(({ code }) => code)).toEqual(["archive-key"]);
  });

  test("is not judged where the manifest has no number to judge by", async () => {
    const files = { "apps/a.yaml": appManifest(["scriptFile: menu.zip"], "[]") };
    const { problems } = await loadPackage(buildPackage(), files);
    expect(problems.map(({ code }) => code)).toEqual(["invalid-type"]);
  });
});

describe("a zip file that is not such a package", () => {
  const cases: readonly (readonly [string, Uint8Array, string])[] = [
    ["nothing", zipFiles({}), "has no manifest.xml, no Sources/Main.cs"],
    ["no script", zipFiles({ "manifest.xml": "<a/>" }), "has no Sources/Main.cs"],
    ["no manifest", zipFiles({ "Sources/Main.cs": "x" }), "has no manifest.xml"],
    [
      "a folder around everything",
      zipFiles({ "menu/manifest.xml": "<a/>", "menu/Sources/Main.cs": "x" }),
      "has no manifest.xml, no Sources/Main.cs",
    ],
    [
      "two scripts",
      buildPackage({ more: { "Sources/Other.cs": "x" } }),
      "has 2 scripts in Sources instead of one",
    ],
  ];

  test.each(cases)("because it holds %s says what is expected", async (_, zip, fault) => {
    expect((await loadPackage(zip)).problems).toEqual([
      {
        severity: "error",
        code: "archive-content",
        message: `apps/menu.zip ${fault}`,
        at: { file: "apps/menu.zip", line: 1, column: 1 },
        hint: "a Call Flow Designer package is expected here; build it again",
        subject: "CallFlowApp 806",
      },
    ]);
  });

  test("because its manifest is another kind of XML is told in that", async () => {
    const zip = buildPackage({ manifest: "<something/>" });
    expect((await loadPackage(zip)).problems).toMatchObject([
      {
        code: "archive-content",
        message: "apps/menu.zip/manifest.xml is not a <cfd_app_package> of plain elements",
        at: { file: "apps/menu.zip/manifest.xml", archive: "apps/menu.zip" },
      },
    ]);
  });

  test.each([
    ["blank", " \r\n", "file-empty"],
    ["binary", Buffer.from("MZ\0"), "file-binary"],
    ["another zip file", Buffer.from(buildPackage()), "file-binary"],
    ["not UTF-8", Buffer.from("caf\u00e9", "latin1"), "file-encoding"],
    ["6 MiB", " ".repeat(6 * 1024 * 1024), "file-too-large"],
  ])("because its script is %s is told in that, on the package", async (_, script, code) => {
    const { problems } = await loadPackage(buildPackage({ script }));
    expect(problems).toMatchObject([
      { code, at: { file: "apps/menu.zip/Sources/Main.cs", archive: "apps/menu.zip" } },
    ]);
  });

  test("because it is no zip file at all, or only the first half of one, says so", async () => {
    const zip = buildPackage();
    for (const [bytes, message] of [
      ["class A {}", "apps/menu.zip is not a zip archive"],
      ["", "apps/menu.zip is not a zip archive"],
      [
        zip.subarray(0, zip.length / 2),
        "apps/menu.zip is cut short: the directory at its end is missing",
      ],
    ] as const) {
      const { problems } = await loadPackage(bytes);
      expect(problems).toMatchObject([
        { code: "archive-invalid", message, at: { file: "apps/menu.zip", line: 1, column: 1 } },
      ]);
    }
  });

  test("because it is larger than 64 MiB is told without reading it", async () => {
    const { problems } = await loadPackage(Buffer.alloc(64 * 1024 * 1024 + 1));
    expect(problems).toMatchObject([
      { code: "file-too-large", message: "apps/menu.zip is 64.0 MiB; the limit is 64 MiB" },
    ]);
  });
});

describe("a package as a file of the project", () => {
  test("may be missing, with the nearest file there", async () => {
    const { problems } = await loadFiles({
      "a.yaml": appManifest(["scriptFile: menus.zip"]),
      "menu.zip": buildPackage(),
    });
    expect(problems).toMatchObject([
      { code: "script-missing-file", hint: "did you mean menu.zip?", at: { file: "a.yaml" } },
    ]);
  });

  test("lies inside the project, links resolved", async () => {
    const outside = await writeProject({ "menu.zip": buildPackage() });
    const root = await writeProject({
      "a.yaml": appManifest(["scriptFile: link.zip"], '"1"'),
      "b.yaml": appManifest(["scriptFile: ../menu.zip"], '"2"'),
      "c.yaml": appManifest(["scriptFile: /menu.zip"], '"3"'),
    });
    await symlink(join(outside, "menu.zip"), join(root, "link.zip"));
    expect(briefly((await loadFiles({}, { root })).problems)).toEqual([
      "a.yaml:7:15 path-escape",
      "b.yaml:7:15 path-escape",
      "c.yaml:7:15 path-escape",
    ]);
  });

  test("has its problems once, however many manifests name it", async () => {
    const { problems } = await loadFiles({
      "a.yaml": appManifest(["scriptFile: x.zip"], '"1"'),
      "b.yaml": appManifest(["scriptFile: x.zip"], '"2"'),
      "x.zip": "no",
    });
    expect(briefly(problems)).toEqual(["x.zip:1:1 archive-invalid"]);
  });

  test("is text like any other where the kind knows of no archives", async () => {
    const { problems } = await loadNotice(noticeKind, { "x.zip": buildPackage() });
    expect(problems).toMatchObject([{ code: "file-binary", at: { file: "x.zip" } }]);
  });
});

describe("an archive of another kind", () => {
  const rule: ArchiveRule = {
    noun: "bundle",
    ending: ".bundle",
    choose: (names) =>
      names.includes("text") ? { text: "text", description: "about" } : { fault: "has no text" },
    readKey: (about) => (about === "" ? { fault: "is empty" } : { key: about }),
  };
  const kind: Kind = { ...noticeKind, archives: { bodyFile: rule } };

  test("is read by the rule of that kind", async () => {
    const bundle = zipFiles({ text: "hello", about: "slug" });
    const { resources, problems } = await loadNotice(kind, { "x.bundle": bundle });
    expect(problems).toEqual([]);
    expect(resources[0]?.fields["body"]).toBe("hello");
  });

  test("is refused in the words of that rule", async () => {
    for (const [files, message] of [
      [{ about: "slug" }, "x.bundle has no text"],
      [{ text: "a", about: "" }, "x.bundle/about is empty"],
      [{ text: "a", about: "other" }, "x.bundle was built for other, and the manifest says slug"],
    ] as const) {
      const { problems } = await loadNotice(kind, { "x.bundle": zipFiles(files) });
      expect(problems.map((problem) => problem.message)).toEqual([message]);
    }
  });
});

/** Loads a notice whose body is in the one file given. */
function loadNotice(kind: Kind, files: Files) {
  const [name] = Object.keys(files);
  const text = `apiVersion: callform/v1\nkind: Notice\nmetadata: { slug: slug }\nspec: { bodyFile: ${name} }\n`;
  return loadFiles({ "a.yaml": text, ...files }, { kinds: [kind], validators: noticeValidators });
}
