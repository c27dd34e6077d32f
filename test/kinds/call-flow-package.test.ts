import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { callFlowPackage } from "../../src/kinds/call-flow-package.ts";
import { kinds } from "../../src/kinds/index.ts";
import { writePackageManifest } from "../support/project/packages.ts";

const { choose, readKey } = callFlowPackage;

describe("a package of the Call Flow Designer", () => {
  it("may be named wherever a script file is", () => {
    expect(kinds.flatMap(({ archives = {} }) => Object.keys(archives))).toEqual(["scriptFile"]);
  });

  it("belongs to a field that names a file, for every kind that has one", () => {
    for (const { archives = {}, fileFields } of kinds)
      expect(Object.keys(fileFields)).toEqual(expect.arrayContaining(Object.keys(archives)));
  });
});

describe("the entries that count", () => {
  it("are the manifest and the one script, in any order and among any prompts", () => {
    const names = ["manifest.xml", "Sources/Main.cs", "Audio/a.wav", "Sources/", "Audio/b.cs"];
    fc.assert(
      fc.property(fc.shuffledSubarray(names, { minLength: names.length }), (shuffled) => {
        expect(choose(shuffled)).toEqual({ text: "Sources/Main.cs", description: "manifest.xml" });
      }),
    );
  });

  it("are missing by name, all at once", () => {
    expect(choose([])).toEqual({ fault: "has no manifest.xml, no Sources/Main.cs" });
    expect(choose(["manifest.xml"])).toEqual({ fault: "has no Sources/Main.cs" });
    expect(choose(["Sources/Main.cs"])).toEqual({ fault: "has no manifest.xml" });
  });

  it.each(["Sources/a/Main.cs", "x/Sources/Main.cs", "Main.cs", "Sources/Main.CS", "Sources/.cs/"])(
    "are not such as %s",
    (name) => {
      expect(choose(["manifest.xml", name])).toEqual({ fault: "has no Sources/Main.cs" });
    },
  );

  it("are unclear with more than one script", () => {
    expect(choose(["manifest.xml", "Sources/A.cs", "Sources/B.cs", "Sources/C.cs"])).toEqual({
      fault: "has 3 scripts in Sources instead of one",
    });
  });
});

describe("the extension in the manifest of a package", () => {
  it("is what stands there, for any number that a manifest of ours could have", () => {
    fc.assert(
      fc.property(fc.stringMatching(/^#?[0-9A-Za-z*]{1,19}$/), (number) => {
        expect(readKey(writePackageManifest(number))).toEqual({ key: number });
        expect(readKey(writePackageManifest(`\r\n  ${number} `))).toEqual({ key: number });
      }),
    );
  });

  it.each([
    "<cfd_app_package><extension></extension></cfd_app_package>",
    "<cfd_app_package><extension/></cfd_app_package>",
    "<cfd_app_package> <name>a</name> <extension /> </cfd_app_package>\n",
    writePackageManifest("  "),
  ])("may be left open: %j", (text) => {
    expect(readKey(text)).toEqual({ key: undefined });
  });

  it.each([
    ["", "is not a <cfd_app_package> of plain elements"],
    ["806", "is not a <cfd_app_package> of plain elements"],
    [
      "<package><extension>806</extension></package>",
      "is not a <cfd_app_package> of plain elements",
    ],
    [
      '<!DOCTYPE x [<!ENTITY e "806">]><cfd_app_package><extension>&e;</extension></cfd_app_package>',
      "is not a <cfd_app_package> of plain elements",
    ],
    [
      "<cfd_app_package><!-- <extension>806</extension> --></cfd_app_package>",
      "is not a <cfd_app_package> of plain elements",
    ],
    [
      "<cfd_app_package><a><extension>806</extension></a></cfd_app_package>",
      "is not a <cfd_app_package> of plain elements",
    ],
    [
      '<cfd_app_package><extension n="1">806</extension></cfd_app_package>',
      "is not a <cfd_app_package> of plain elements",
    ],
    ["<cfd_app_package></cfd_app_package>", "has no <extension>"],
    ["<cfd_app_package><name>806</name></cfd_app_package>", "has no <extension>"],
    [
      "<cfd_app_package><extension>806</extension><extension>806</extension></cfd_app_package>",
      "has more than one <extension>",
    ],
    [writePackageManifest("80 6"), "has an <extension> that is no extension number"],
    [writePackageManifest("&#56;06"), "has an <extension> that is no extension number"],
    [writePackageManifest("8".repeat(21)), "has an <extension> that is no extension number"],
  ])("is a fault in %j", (text, fault) => {
    expect(readKey(text)).toEqual({ fault });
  });

  it("is read or refused for any text at all, and quickly for a long one", () => {
    const part = fc.constantFrom(
      "<cfd_app_package>",
      "</cfd_app_package>",
      "<extension>",
      "</extension>",
      "<extension/>",
      "<?xml ?>",
      "806",
      " ",
      "<",
    );
    const texts = fc.array(fc.oneof(part, fc.string({ maxLength: 5 })), { maxLength: 12 });
    fc.assert(
      fc.property(texts, (parts) => {
        const { key, fault } = readKey(parts.join(""));
        if (fault === undefined) expect(key ?? "0").toMatch(/^(?=.{1,20}$)#?[0-9A-Za-z*]+$/);
        else expect(fault).toMatch(/^(is|has) [^\n]+$/);
      }),
      { numRuns: 300 },
    );
    for (const long of ["<", " ", "</cfd_app_package>", "<cfd_app_package>", "<a></a>"])
      readKey(`<cfd_app_package>${long.repeat(4_000_000 / long.length)}`);
  });
});
