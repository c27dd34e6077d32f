import { describe, expect, it } from "vitest";
import { makePbxProject, writeApp, writeManifest } from "../support/project/pbx-project.ts";
import { BROKEN_LINE, writeBrokenScript, writeScript } from "../support/project/scripts.ts";

const plain = writeScript("Odd");

const forms: Readonly<Record<string, string>> = {
  "CRLF line ends": plain.replaceAll("\n", "\r\n"),
  "a BOM": `\uFEFF${plain}`,
  "a BOM and CRLF": `\uFEFF${plain.replaceAll("\n", "\r\n")}`,
  "blanks at line ends": plain.replaceAll("\n", " \t\n"),
  "no final newline": plain.trimEnd(),
  "many final newlines": `${plain}\n\n\n`,
  "non-Latin text": plain.replace("welcome.wav", "приветствие-ようこそ-🎧.wav"),
  "lone carriage returns": plain.replaceAll("\n", "\r"),
};

describe("a script with", () => {
  it.each(Object.entries(forms))("%s never differs after apply", async (_form, text) => {
    const project = await makePbxProject({ ...writeApp("806", "odd"), "apps/odd.cs": text });
    expect(await project.run(["apply", "--yes"])).toMatchObject({ code: 0 });
    const again = await project.run(["plan", "--detailed-exitcode"]);
    expect(again.stdout).toContain("No changes.");
    expect(again.code).toBe(0);
  });

  it("other line ends than the PBX gives back is the same script", async () => {
    const project = await makePbxProject({ ...writeApp("806", "odd"), "apps/odd.cs": plain });
    await project.run(["apply", "--yes"]);
    await project.pbx.console.edit("806", { ScriptCode: plain.replaceAll("\n", "\r\n") });
    expect(await project.run(["plan", "--detailed-exitcode"])).toMatchObject({ code: 0 });
  });
});

describe("a refusal names the line of the user's file", () => {
  it("when the file has a BOM and CRLF line ends", async () => {
    const broken = `\uFEFF${writeBrokenScript("Odd").replaceAll("\n", "\r\n")}`;
    const project = await makePbxProject({ ...writeApp("806", "odd"), "apps/odd.cs": broken });
    const ran = await project.run(["apply", "--yes"]);
    expect(ran.stderr).toMatch(
      new RegExp(`apps/odd\\.cs:${BROKEN_LINE}:\\d+ error script-refused`),
    );
  });

  it("when the script stands in the manifest", async () => {
    const block = writeBrokenScript("Odd")
      .split("\n")
      .map((line) => `    ${line}`.trimEnd())
      .join("\n");
    const manifest = writeManifest("806", "odd").replace(
      "scriptFile: odd.cs\n",
      `scriptCode: |\n${block}\n`,
    );
    const project = await makePbxProject({ "apps/odd.yaml": manifest });
    const ran = await project.run(["apply", "--yes"]);
    const line = BROKEN_LINE + 7;
    expect(ran.stderr).toMatch(new RegExp(`apps/odd\\.yaml:${line}:\\d+ error script-refused`));
  });
});
