import { mkdirSync, symlinkSync } from "node:fs";
import { describe, expect, it } from "vitest";

import type { Entity } from "../../../src/domain/ports.ts";
import { makeFolder } from "../../support/project/folder.ts";
import { buildPackage } from "../../support/project/packages.ts";
import { bindGroups, createPullBench, PULL_PROJECT } from "../../support/project/pull-bench.ts";
import { writeScript } from "../../support/project/scripts.ts";

const FORCE = { force: true };

function manifest(spec: string, number = "806"): string {
  return `apiVersion: callform/v1\nkind: CallFlowApp\nmetadata: { number: "${number}" }\nspec:\n${spec}`;
}

const live = (more: Entity = {}): Entity => ({
  Number: "806",
  Name: "night",
  RoutingType: null,
  ScriptCode: writeScript("Night"),
  ...more,
});

/** Pulls what is there and gives codes, names of files and the manifest. */
async function pull(files: Readonly<Record<string, string | Uint8Array>>, ...apps: Entity[]) {
  const bench = createPullBench(apps.length === 0 ? [live()] : apps, files);
  const report = await bench.pull(FORCE);
  const { problems } = report;
  return {
    bench,
    problems,
    codes: problems.map(({ code }) => code),
    written: report.files.map(({ file }) => file),
    read: (file: string) => bench.folder.read(file),
  };
}

const withPatterns = (...patterns: string[]): string =>
  `${PULL_PROJECT}manifests: ${JSON.stringify(patterns)}\n`;

describe("a new manifest", () => {
  it("has its keys in the kind's order, and the script beside it", async () => {
    const { read, written } = await pull(
      {},
      live({
        RoutingType: "Trunk",
        TranscriptionMode: "Inherit",
        Trunk: { Id: 7, Number: "10001" },
        Groups: bindGroups([
          ["SALES", "users"],
          ["DEFAULT", "managers"],
        ]),
      }),
    );
    expect(written).toEqual(["apps/night.cs", "apps/night.yaml"]);
    expect(read("apps/night.yaml").split("\n").slice(1).join("\n")).toBe(
      [
        "apiVersion: callform/v1",
        "kind: CallFlowApp",
        "metadata:",
        '  number: "806"',
        "spec:",
        "  name: night",
        "  routingType: Trunk",
        '  trunk: { number: "10001" }',
        "  transcriptionMode: Inherit",
        "  groups: [{ name: DEFAULT, role: managers }, { name: SALES, role: users }]",
        "  scriptFile: night.cs",
        "",
      ].join("\n"),
    );
    expect(read("apps/night.cs")).toBe(writeScript("Night"));
  });

  it("writes many departments one to a line", async () => {
    const names = ["ACCOUNTS", "DEFAULT", "MARKETING", "SALES"].map(
      (name) => [name, "users"] as const,
    );
    const { read, bench } = await pull({}, live({ Groups: bindGroups(names) }));
    expect(read("apps/night.yaml")).toContain("  groups:\n    - { name: ACCOUNTS, role: users }\n");
    expect(await bench.planFiles()).toMatchObject({ changes: [] });
  });

  it("names the project's own schemas where it has them", async () => {
    const own = await pull({ "schemas/call-flow-app.schema.json": "{}" });
    expect(own.read("apps/night.yaml")).toMatch(
      /^# yaml-language-server: \$schema=\.\.\/schemas\/call-flow-app\.schema\.json\n/,
    );
    const none = await pull({});
    expect(none.read("apps/night.yaml")).toMatch(/^# yaml-language-server: \$schema=https:/);
  });

  it("takes no name that a file has already, however it is spelled", async () => {
    const { written } = await pull(
      { "apps/Night.YML": "", "apps/second.cs": "x", "callform.yaml": withPatterns("apps/*.yaml") },
      live(),
      live({ Number: "807", Name: "second" }),
      live({ Number: "808", Name: "Third" }),
      live({ Number: "809", Name: "third" }),
    );
    expect(written.filter((file) => file.endsWith(".yaml"))).toEqual([
      "apps/806.yaml",
      "apps/807.yaml",
      "apps/808.yaml",
      "apps/809.yaml",
    ]);
  });

  it.each([
    [["pbx/**/*.yml"], "pbx/night.yml"],
    [["flows/*.yaml", "apps/*.yaml"], "apps/night.yaml"],
    [["flows/*.yaml", "!flows/n*"], "flows/806.yaml"],
    [["*.yaml"], "night.yaml"],
    [["{a,b}/*.yaml"], undefined],
    [["one.yaml"], undefined],
  ])("goes where the patterns %s find it", async (patterns, place) => {
    const { written, codes } = await pull({ "callform.yaml": withPatterns(...patterns) });
    if (place === undefined)
      expect({ written, codes }).toEqual({ written: [], codes: ["pull-no-place"] });
    else expect(written).toContain(place);
  });

  it("is not written beside a script that the patterns would take for a manifest", async () => {
    const { codes, bench } = await pull({ "callform.yaml": withPatterns("apps/**") });
    expect(codes).toEqual(["pull-no-place"]);
    expect(Object.keys(bench.files())).toEqual(["callform.yaml"]);
  });

  it("is not written through a link out of the project", async () => {
    const outside = makeFolder();
    const bench = createPullBench([live()]);
    symlinkSync(outside.root, bench.folder.path("apps"));
    const report = await bench.pull(FORCE);
    expect(report).toMatchObject({ written: false, files: [] });
    expect(report.problems.map(({ code }) => code)).toContain("pull-unwritable");
  });

  it("goes through a link to a folder of the project", async () => {
    const bench = createPullBench([live()]);
    mkdirSync(bench.folder.path("real"));
    symlinkSync("real", bench.folder.path("apps"));
    await bench.pull(FORCE);
    expect(bench.folder.read("real/night.yaml")).toContain("name: night");
    expect(await bench.planFiles()).toMatchObject({ changes: [] });
    expect(await bench.pull()).toMatchObject({ files: [] });
  });

  it("leaves out what no manifest may hold, and says so", async () => {
    const { problems, read, bench } = await pull(
      {},
      live({ RoutingType: "Telepathy", ScriptCode: "class A {}\0" }),
    );
    expect(problems.map(({ code, message }) => [code, message.split(":")[0]])).toEqual([
      ["pull-left-out", "scriptCode was left out"],
      ["pull-left-out", "routingType was left out"],
    ]);
    expect(read("apps/night.yaml")).not.toMatch(/routingType|scriptFile/);
    expect(await bench.planFiles()).toMatchObject({ changes: [] });
  });

  it.each([
    ["a name", live({ Name: "  " })],
    ["a number that a manifest may have", live({ Number: "80.6" })],
  ])("is refused for an app without %s, and nothing is written", async (_, app) => {
    const { codes, problems, bench } = await pull({}, app, live({ Number: "807" }));
    expect(codes).toEqual(["pull-unwritable"]);
    expect(problems[0]?.hint).toContain(`--exclude ${JSON.stringify(app["Number"]).slice(1, -1)}`);
    expect(Object.keys(bench.files())).toEqual(["callform.yaml"]);
  });

  it("has no script where the PBX has none that says anything", async () => {
    for (const ScriptCode of [null, "", " \r\n\t", "\uFEFF\n", "\u00A0"]) {
      const { bench, codes } = await pull({}, live({ ScriptCode }));
      expect(codes).toEqual([]);
      expect(Object.keys(bench.files())).toEqual(["apps/night.yaml", "callform.yaml"]);
      expect(await bench.planFiles()).toMatchObject({ changes: [] });
    }
  });
});

describe("a manifest that is there", () => {
  it("keeps its encoding and its line ends", async () => {
    const text = manifest('  name: "old" # é\n  scriptFile: a.cs\n').replaceAll("\n", "\r\n");
    const script = writeScript("Night", "old.wav").replaceAll("\n", "\r\n");
    const wide = (content: string): Buffer => Buffer.from(`\uFEFF${content}`, "utf16le");
    const { bench, codes } = await pull({
      "apps/a.yaml": wide(text),
      "apps/a.cs": wide(script).swap16(),
    });
    expect(codes).toEqual([]);
    const files = bench.files();
    const read = (name: string) => Buffer.from(files[name] ?? "", "latin1");
    expect(read("apps/a.yaml").toString("utf16le")).toBe(`\uFEFF${text.replace("old", "night")}`);
    expect(read("apps/a.cs").swap16().toString("utf16le")).toBe(
      `\uFEFF${script.replace("old.wav", "welcome.wav")}`,
    );
    expect(await bench.planFiles()).toMatchObject({ changes: [] });
  });

  it("leaves what it does not manage, and what is left to the console", async () => {
    const text = `${manifest("  name: mine\n")}lifecycle: { ignore: [name] }\n`;
    const { written, codes, read } = await pull({ "apps/a.yaml": text });
    expect({ written, codes }).toEqual({ written: [], codes: [] });
    expect(read("apps/a.yaml")).toBe(text);
  });

  it("says what an alias says only as long as both are to say the same", async () => {
    const text = manifest("  name: &team Support\n  groups: [{ name: *team }]\n");
    const both = live({ Name: "Sales", Groups: bindGroups([["Sales", "users"]]) });
    expect((await pull({ "apps/a.yaml": text }, both)).read("apps/a.yaml")).toBe(
      text.replace("Support", "Sales"),
    );
    const one = live({ Name: "Sales", Groups: bindGroups([["Support", "users"]]) });
    expect((await pull({ "apps/a.yaml": text }, one)).read("apps/a.yaml")).toContain(
      "  name: &team Sales\n  groups: [{ name: Support }]\n",
    );
  });

  it("has its own script where others share theirs", async () => {
    const two = (script: string) => [
      live({ ScriptCode: script }),
      live({ Number: "807", Name: "late", ScriptCode: writeScript("Night", "b.wav") }),
    ];
    const files = {
      "apps/a.yaml": manifest("  name: night\n  scriptFile: s.cs\n"),
      "apps/b.yaml": manifest("  name: late\n  scriptFile: ./s.cs\n", "807"),
      "apps/s.cs": writeScript("Night", "old.wav"),
    };
    const same = await pull(files, ...two(writeScript("Night", "b.wav")));
    expect({ codes: same.codes, written: same.written }).toEqual({
      codes: [],
      written: ["apps/s.cs"],
    });
    expect(await same.bench.planFiles()).toMatchObject({ changes: [] });
    for (const script of [writeScript("Night", "a.wav"), writeScript("Night", "old.wav")]) {
      const { codes, read } = await pull(files, ...two(script));
      expect(new Set(codes)).toEqual(new Set(["pull-shared"]));
      expect(read("apps/s.cs")).toBe(files["apps/s.cs"]);
    }
  });

  it("is left where an overlay, a package or nobody has the say, with a word about each", async () => {
    const overlaid = `${PULL_PROJECT}    overlay: [over.yaml]\n`;
    const over = [
      "apiVersion: callform/v1",
      "kind: Overlay",
      "patches:",
      '  - { kind: CallFlowApp, number: "806", merge: { spec: { transcriptionMode: Both } } }',
      '  - { kind: CallFlowApp, number: "807", drop: true }',
      "  - add:",
      "      apiVersion: callform/v1",
      "      kind: CallFlowApp",
      '      metadata: { number: "808" }',
      "      spec: { name: added }",
      "",
    ].join("\n");
    const text = manifest("  name: old\n  transcriptionMode: Inherit\n  scriptFile: a.zip\n");
    const { problems, read, written } = await pull(
      {
        "callform.yaml": overlaid,
        "over.yaml": over,
        "apps/a.yaml": text,
        "apps/b.yaml": manifest("  name: dropped\n", "807"),
        "apps/a.zip": buildPackage(),
      },
      live({ TranscriptionMode: "Nothing" }),
      live({ Number: "807", Name: "other" }),
      live({ Number: "808", Name: "changed" }),
    );
    expect(problems.map(({ code, subject }) => `${subject} ${code}`).toSorted()).toEqual([
      "CallFlowApp 806 pull-archive",
      "CallFlowApp 806 pull-overlay",
      "CallFlowApp 808 pull-overlay",
    ]);
    expect(written).toEqual(["apps/a.yaml"]);
    expect(read("apps/a.yaml")).toBe(text.replace("old", "night"));
    expect(read("over.yaml")).toBe(over);
  });

  it("keeps its script where the PBX has lost its own", async () => {
    const files = {
      "apps/a.yaml": manifest("  name: night\n  scriptFile: a.cs\n"),
      "apps/a.cs": writeScript("A"),
    };
    const { codes, read } = await pull(files, live({ ScriptCode: null }));
    expect(codes).toEqual(["pull-blank"]);
    expect(read("apps/a.cs")).toBe(files["apps/a.cs"]);
    const inline = manifest("  name: night\n  scriptCode: class A {}\n");
    expect((await pull({ "apps/a.yaml": inline }, live({ ScriptCode: " " }))).codes).toEqual([
      "pull-blank",
    ]);
  });

  it("takes the fields that it may hold, and not the one that it may not", async () => {
    const text = manifest("  name: old\n  routingType: Forward\n");
    const { codes, read } = await pull({ "apps/a.yaml": text }, live({ RoutingType: "Telepathy" }));
    expect(codes).toEqual(["pull-left-out"]);
    expect(read("apps/a.yaml")).toBe(text.replace("old", "night"));
  });

  it("keeps a variable that stands for something else on this PBX, without --force", async () => {
    const text = manifest('  name: ${var:TEAM}\n  trunk: { number: "${var:ROUTE}" }\n');
    const bench = createPullBench([live({ Trunk: { Id: 7, Number: "10002" } })], {
      "apps/a.yaml": text,
    });
    const report = await bench.pull({ dryRun: true });
    expect(report).toMatchObject({ files: [] });
    expect(report.problems.map(({ code, message, at }) => [code, message, at?.line])).toEqual([
      [
        "pull-reference",
        "name has changed on the PBX where ${var:TEAM} stands; it was left as it is",
        5,
      ],
      [
        "pull-reference",
        "trunk has changed on the PBX where ${var:ROUTE} stands; it was left as it is",
        6,
      ],
    ]);
    await bench.pull(FORCE);
    expect(bench.folder.read("apps/a.yaml")).toBe(
      manifest('  name: night\n  trunk: { number: "10002" }\n'),
    );
  });

  it("changes the right one of several in a file", async () => {
    const text = [
      "# first",
      manifest("  name: one\n", "801"),
      "---",
      "# second",
      manifest("  name: two # here\n", "802"),
      "---",
      manifest("  name: three\n", "803"),
    ].join("\n");
    const apps = ["801", "802", "803"].map((number, index) =>
      live({ Number: number, Name: ["one", "zwei", "three"][index] ?? "" }),
    );
    const { read } = await pull({ "apps/all.yaml": text }, ...apps);
    expect(read("apps/all.yaml")).toBe(text.replace("two", "zwei"));
  });

  it("is never touched for an app that is only named otherwise", async () => {
    const bench = createPullBench([live(), live({ Number: "898", Name: "callformscratch" })], {
      "callform.yaml": PULL_PROJECT.replace(
        "    variables",
        '    policy: { scratchNumber: "898" }\n    variables',
      ),
    });
    const report = await bench.pull();
    expect(report.files.map(({ file }) => file)).toEqual(["apps/night.cs", "apps/night.yaml"]);
    expect(await bench.pull({}, { selector: ["team=x"] })).toMatchObject({
      files: [],
      unchanged: 0,
    });
  });
});
