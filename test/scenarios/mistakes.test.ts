import { symlinkSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { makeFolder } from "../support/project/folder.ts";
import { runProgram } from "../support/program/run.ts";
import { writeApp, writeManifest } from "../support/project/pbx-project.ts";
import { writeBrokenScript, writeScript } from "../support/project/scripts.ts";

describe("validate", () => {
  it("lists thirteen different mistakes in six files at once, each with its place, without any network", async () => {
    const folder = makeFolder({
      "apps/a.yaml": `apiVersion: callform/v1
kind: CallFlowApp
metadata:
  number: 806
spec:
  name: first
  transcritionMode: Both
  routingType: Forwrd
`,
      "apps/b.yaml": `apiVersion: callform/v1
kind: CallFlowApp
metadata:
  number: "807"
spec:
  name: second
  isRegistered: true
  scriptFile: nowhere.cs
`,
      "apps/c.yaml": `apiVersion: callform/v2
kind: CallFlowApp
metadata:
  number: "808"
spec:
  name: third
  scriptFile: ../../etc/passwd
`,
      "apps/d.yaml": `apiVersion: callform/v1
kind: CallFlowAp
metadata:
  number: "809"
spec:
  name: fourth
---
apiVersion: callform/v1
kind: CallFlowApp
metadata:
  number: "807"
spec:
  name: again
`,
      "apps/e.yaml": `apiVersion: callform/v1
kind: CallFlowApp
metadata:
  number: "810"
spec:
  name: fifth
  name: sixth
  groups: [{ name: "\${var:DEPARTMENT}" }]
`,
      "apps/f.yaml": `apiVersion: callform/v1
kind: CallFlowApp
metadata:
  number: "811"
spec:
  scriptFile: f.cs
  scriptCode: |
    class X {}
`,
      "apps/f.cs": writeScript("F"),
    });
    const ran = await runProgram(["validate"], { cwd: folder.root });
    expect(ran.code).toBe(1);
    const places = ran.stderr
      .split("\n")
      .filter((line) => line.includes(" error "))
      .map((line) => line.split(" ").slice(0, 3).join(" "));
    expect(places).toEqual([
      "apps/a.yaml:4:11 error invalid-type",
      "apps/a.yaml:7:3 error unknown-key",
      "apps/a.yaml:8:16 error invalid-value",
      "apps/b.yaml:7:3 error status-property",
      "apps/b.yaml:8:15 error script-missing-file",
      "apps/c.yaml:1:13 error unknown-api-version",
      "apps/c.yaml:7:15 error path-escape",
      "apps/d.yaml:2:7 error unknown-kind",
      "apps/d.yaml:11:11 error duplicate-resource",
      "apps/e.yaml:7:3 error duplicate-key",
      "apps/e.yaml:8:21 error unresolved-reference",
      "apps/f.yaml:5:1 error missing-key",
      "apps/f.yaml:7:3 error script-both",
    ]);
    expect(ran.stderr).toContain("transcriptionMode");
    expect(ran.stderr).toContain("Forward");
    expect(ran.stdout).toContain("Invalid: ");
  });

  it("finds C# mistakes in the user's file, as warnings unless strict", async () => {
    const folder = makeFolder({
      ...writeApp("806", "afterhours"),
      "apps/afterhours.cs": writeBrokenScript("Afterhours"),
    });
    const lax = await runProgram(["validate"], { cwd: folder.root });
    expect(lax.code).toBe(0);
    expect(lax.stderr).toMatch(/apps\/afterhours\.cs:11:\d+ warning script-syntax/);
    const strict = await runProgram(["validate", "--strict"], { cwd: folder.root });
    expect(strict.code).toBe(1);
    expect(strict.stderr).toMatch(/apps\/afterhours\.cs:11:\d+ error script-syntax/);
  });

  it("survives hostile files, each with a problem of its own", async () => {
    const bomb = ["a: &a [x, x, x, x, x, x, x, x, x]"];
    for (let n = 1; n < 12; n += 1) {
      const [name, before] = [String.fromCodePoint(97 + n), String.fromCodePoint(96 + n)];
      bomb.push(`${name}: &${name} [${`*${before}, `.repeat(8)}*${before}]`);
    }
    const folder = makeFolder({
      "apps/bomb.yaml": `${bomb.join("\n")}\n`,
      "apps/proto.yaml": `${writeManifest("820", "proto")}  __proto__: { polluted: true }\n`,
      "apps/binary.yaml": new Uint8Array([0, 1, 2, 3, 255, 0]),
      "apps/huge.yaml": `# ${"x".repeat(6 * 1024 * 1024)}\n`,
      "apps/latin1.yaml": new Uint8Array([0x6e, 0x3a, 0x20, 0xe4, 0x0a]),
      "apps/tabs.yaml": 'apiVersion: callform/v1\nkind: CallFlowApp\nmetadata:\n\tnumber: "821"\n',
      "apps/empty.yaml": "",
      "apps/deep.yaml": `${"[".repeat(20_000)}\n`,
      "apps/link.yaml": writeManifest("822", "link"),
    });
    symlinkSync("/etc/hostname", folder.path("apps/link.cs"));
    const ran = await runProgram(["validate"], { cwd: folder.root });
    expect(ran.code).toBe(1);
    const files = ["bomb", "proto", "binary", "huge", "latin1", "tabs", "empty", "deep", "link"];
    for (const file of files)
      expect(ran.stderr).toMatch(new RegExp(`apps/${file}\\.yaml:\\d+:\\d+ error `));
    expect(ran.stderr).not.toContain("has a bug");
  });

  it("speaks JSON, SARIF, Markdown and GitHub's commands", async () => {
    const folder = makeFolder({ "apps/a.yaml": writeManifest("806", "one") });
    const run = async (format: string): Promise<string> =>
      (await runProgram(["validate", "--format", format], { cwd: folder.root })).stdout;
    expect(JSON.parse(await run("json"))).toMatchObject({
      formatVersion: 1,
      command: "validate",
      valid: false,
      problems: [{ code: "script-missing-file", at: { file: "apps/a.yaml", line: 7, column: 15 } }],
    });
    expect(JSON.parse(await run("sarif"))).toMatchObject({
      version: "2.1.0",
      runs: [{ results: [{ ruleId: "script-missing-file", level: "error" }] }],
    });
    expect(await run("github")).toMatch(
      /^::error file=apps\/a\.yaml,line=7,col=15,title=script-missing-file::/,
    );
    expect(await run("markdown")).toContain("- **error** `apps/a.yaml:7:15` `script-missing-file`");
  });

  it("refuses a folder without manifests, because absent is not empty", async () => {
    const ran = await runProgram(["validate"], { cwd: makeFolder().root });
    expect(ran.code).toBe(1);
    expect(ran.stderr).toContain("error no-manifests");
  });
});
