import * as fc from "fast-check";
import { describe, expect, it } from "vitest";

import { canonicalizeText } from "../../../src/domain/plan/canonical.ts";
import { mergeText } from "../../../src/manifest/adopt/merge-text.ts";
import { mergeValue } from "../../../src/manifest/adopt/merge-value.ts";
import {
  escapeReferences,
  findReferences,
  resolveText,
} from "../../../src/manifest/references/resolve.ts";
import { restoreReferences, type UsedReference } from "../../../src/manifest/references/restore.ts";
import { scopeManifest } from "../../../src/manifest/references/scopes.ts";
import { scriptText } from "../../support/worlds/arbitraries.ts";

const VARIABLES = { TEAM: "Support", ONE: "1", EMPTY: "" };
const SECRETS = { KEY: "s3cr3t-of-mine", PIN: "4711", LINES: "first\nsecond\n" };

const scope = scopeManifest(
  { variables: VARIABLES, secrets: SECRETS, used: new Set() },
  { allowSecrets: true, doubt: "warning" },
);
const resolve = (text: string): string => resolveText(text, scope).text;

const known: UsedReference[] = [
  { source: "${secret:KEY}", value: SECRETS.KEY, secret: true },
  { source: "${secret:LINES}", value: SECRETS.LINES, secret: true },
];

/** What references are made of, and what stands around them. */
const fragment = fc.constantFrom(
  "$",
  "{",
  "}",
  ":",
  "${",
  "$${",
  "${secret:KEY}",
  "${secret:PIN}",
  "${secret:LINES}",
  "$${secret:KEY}",
  "${var:TEAM}",
  "${var:ONE}",
  "${var:EMPTY}",
  "${Var:TEAM}",
  "${x:$",
  "${secret:",
  "${env:HOME}",
  "${{ secrets.X }}",
  "${price:F2}",
  "KEY",
  "s3cr3t-of-mine",
  "4711",
  "Support",
  "1",
  " ",
  "\t",
  "\n",
  "\r\n",
  "\r",
  "x",
  "// ",
);
const text = fc.array(fragment, { maxLength: 14 }).map((parts) => parts.join(""));

describe("escaping", () => {
  it("makes any text stand for itself, without a word of doubt about it", () => {
    fc.assert(
      fc.property(fc.oneof(text, scriptText), (source) => {
        const { text: back, findings, tainted } = resolveText(escapeReferences(source), scope);
        expect(back).toBe(source);
        expect(findings).toEqual([]);
        expect(tainted).toBe(false);
      }),
      { numRuns: 2000 },
    );
  });

  it("leaves alone what is no reference", () => {
    for (const source of ['$"{a}"', "${price:F2}", "$$", "${", "a:{b}", "$${price:F2}"])
      expect(escapeReferences(source)).toBe(source);
  });

  it("is undone by what lists the references", () => {
    expect(findReferences("${var:A} $${var:B} ${Var:C} ${secret:D}")).toEqual([
      "${var:A}",
      "${secret:D}",
    ]);
    fc.assert(
      fc.property(text, (source) => {
        expect(findReferences(escapeReferences(source))).toEqual([]);
      }),
    );
  });
});

describe("putting references back", () => {
  const team = { source: "${var:TEAM}", value: "Support", secret: false };

  it("puts a variable back as often as it stood there, where it stands alone", () => {
    expect(restoreReferences("Support Support", [team], [])).toEqual({
      text: "${var:TEAM} Support",
      lost: [],
    });
    expect(restoreReferences("Supporting", [team], [])).toEqual({
      text: "Supporting",
      lost: ["${var:TEAM}"],
    });
    expect(restoreReferences("a (Support)", [team], [])).toEqual({
      text: "a (${var:TEAM})",
      lost: [],
    });
  });

  it("puts a secret back wherever it stands, a short one only where it stands alone", () => {
    const pin = { source: "${secret:PIN}", value: "4711", secret: true };
    expect(restoreReferences("xs3cr3t-of-minex", [], known).text).toBe("x${secret:KEY}x");
    expect(restoreReferences("4711 47110 4711", [pin], [])).toEqual({
      text: "${secret:PIN} 47110 ${secret:PIN}",
      lost: [],
    });
  });

  it("puts nothing back behind a $, where it would be an escape", () => {
    expect(restoreReferences("$Support", [team], [])).toEqual({
      text: "$Support",
      lost: ["${var:TEAM}"],
    });
  });

  it("takes the longest value first", () => {
    const long = { source: "${var:LONG}", value: "Support-Team", secret: false };
    expect(restoreReferences("Support-Team Support", [team, long], []).text).toBe(
      "${var:LONG} ${var:TEAM}",
    );
  });
});

describe("merging a text", () => {
  it("stands for what it should, whatever stood there", () => {
    fc.assert(
      fc.property(fc.oneof(text, scriptText), fc.oneof(text, scriptText), (source, wanted) => {
        fc.pre(canonicalizeText(wanted) !== "");
        const { text: merged } = mergeText(source, wanted, scope, known);
        expect(canonicalizeText(resolve(merged))).toBe(canonicalizeText(wanted));
      }),
      { numRuns: 2000 },
    );
  });

  it("gives back every byte of a text that stands for it already", () => {
    fc.assert(
      fc.property(fc.oneof(text, scriptText), (source) => {
        const wanted = resolve(source);
        fc.pre(canonicalizeText(wanted) !== "" && canonicalizeText(source) !== "");
        fc.pre(!/\$\{[^}]*[\r\n]/.test(source));
        const merged = mergeText(source, wanted, scope, known);
        expect(merged.lost).toEqual([]);
        expect(merged.text).toBe(source);
      }),
      { numRuns: 2000 },
    );
  });

  it("gives back a text in which a reference to nothing joins a line end", () => {
    const source = "\r${var:EMPTY}\n$";
    expect(mergeText(source, resolve(source), scope, known)).toEqual({ text: source, lost: [] });
  });

  it("never writes a secret that it knows by its value without a word about it", () => {
    fc.assert(
      fc.property(text, text, (source, wanted) => {
        fc.pre(canonicalizeText(wanted) !== "" && !source.includes("s3cr3t"));
        const { text: merged, lost } = mergeText(source, wanted, scope, known);
        if (merged.includes("s3cr3t-of-mine")) expect(lost).toContain("${secret:KEY}");
        if (!source.includes("${") && !wanted.includes("$")) expect(lost).toEqual([]);
      }),
      { numRuns: 2000 },
    );
    expect(mergeText("", "a s3cr3t-of-mine", scope, known)).toEqual({
      text: "a ${secret:KEY}\n",
      lost: [],
    });
    expect(mergeText("", "$s3cr3t-of-mine", scope, known).lost).toEqual(["${secret:KEY}"]);
  });

  it("names every reference that would be lost, and none that is still there", () => {
    const source = "a\nkey = ${secret:KEY};\nb ${var:TEAM}\n";
    const merge = (wanted: string) => mergeText(source, wanted, scope, []);
    expect(merge("a\nkey = s3cr3t-of-mine; // new\nb Support\n")).toEqual({
      text: "a\nkey = ${secret:KEY}; // new\nb ${var:TEAM}\n",
      lost: [],
    });
    expect(merge("a\nkey = other;\nb Support\n").lost).toEqual(["${secret:KEY}"]);
    expect(merge("a\nc\n").lost.toSorted()).toEqual(["${secret:KEY}", "${var:TEAM}"]);
    expect(merge("a\nb Support\nkey = s3cr3t-of-mine;\n").lost).toEqual(["${secret:KEY}"]);
  });

  it("counts a reference that stands for several lines as one", () => {
    const source = "a\n${secret:LINES}\nz\n";
    expect(mergeText(source, "a\nfirst\nsecond\n\nz\n", scope, []).text).toBe(source);
    expect(mergeText(source, "b\nfirst\nsecond\n\nz\n", scope, []).text).toBe(
      "b\n${secret:LINES}\nz\n",
    );
    expect(mergeText(source, "a\nfirst\nother\n\nz\n", scope, []).lost).toEqual([
      "${secret:LINES}",
    ]);
  });
});

describe("merging a value", () => {
  const merge = (raw: never, current: never, wanted: never, comparison: "set" | "exact" = "set") =>
    mergeValue({ raw, current, wanted }, comparison);
  const item = (name: string, role = "users") => ({ name, role });

  it("keeps every item of a set in its place, and what is filled in unsaid", () => {
    const raw = [{ name: "${var:TEAM}" }, { name: "B" }, { name: "C" }];
    const current = [item("Support"), item("B"), item("C")];
    const wanted = [item("D"), item("C"), item("Support"), item("B", "managers")];
    expect(merge(raw as never, current as never, wanted as never)).toEqual({
      value: [{ name: "${var:TEAM}" }, { name: "B", role: "managers" }, { name: "C" }, item("D")],
      lost: [],
    });
  });

  it("adds the new items of a set in an order of its own, whatever the PBX's", () => {
    const wanted = [item("C"), item("A"), item("B"), item("D")];
    const merged = (list: readonly unknown[]) =>
      merge([{ name: "A" }] as never, [item("A")] as never, list as never);
    expect(merged(wanted)).toEqual({
      value: [{ name: "A" }, item("B"), item("C"), item("D")],
      lost: [],
    });
    expect(merged(wanted.toReversed())).toEqual(merged(wanted));
  });

  it("says which references go, also those of an item that goes as a whole", () => {
    const raw = [{ name: "${var:TEAM}" }, { name: "B" }];
    const current = [item("Support"), item("B")];
    expect(merge(raw as never, current as never, [item("B")] as never)).toEqual({
      value: [{ name: "B" }],
      lost: ["${var:TEAM}"],
    });
    expect(merge("${secret:PIN}" as never, "4711" as never, "4712" as never, "exact")).toEqual({
      value: "4712",
      lost: ["${secret:PIN}"],
    });
  });

  it("goes by position in a list whose order counts", () => {
    const [raw, current] = [
      ["${var:TEAM}", "b", "c"],
      ["Support", "b", "c"],
    ];
    expect(
      merge(raw as never, current as never, ["Support", "${var:X}"] as never, "exact"),
    ).toEqual({
      value: ["${var:TEAM}", "$${var:X}"],
      lost: [],
    });
  });
});
