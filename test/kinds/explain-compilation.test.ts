import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Entity } from "../../src/domain/ports.ts";
import type { Problem, SourceSpan } from "../../src/domain/problem.ts";
import type { DesiredResource, TextSource } from "../../src/domain/resource.ts";
import { Secret } from "../../src/domain/secret.ts";
import { callFlowApp } from "../../src/kinds/call-flow-app.ts";
import { explainCompilation } from "../../src/kinds/compile.ts";
import { hostileText, makeDesired, makeLive } from "../support/worlds/arbitraries.ts";

const SCRIPT = "class A {\n  int a = 1;\n  int b = c;\n}";

/** A manifest whose script is all of a file, unless more is said. */
function makeApp(text: string, source: Partial<TextSource> = {}): DesiredResource {
  const scriptCode = {
    file: "apps/menu.cs",
    line: 1,
    column: 1,
    indent: 0,
    text,
    substitutions: [],
  };
  return makeDesired(
    callFlowApp,
    "806",
    { scriptCode: text },
    {
      textSources: { scriptCode: { ...scriptCode, ...source } },
    },
  );
}

/** What is said of a refusal at these offsets, counted from 0, of the text that the PBX kept. */
function explain(desired: DesiredResource, state: Entity): Problem[] {
  return explainCompilation(makeLive(callFlowApp, "806", state), desired);
}

function refuse(kept: string, offset: number): Entity {
  const span = `:[${offset + 1}..${offset + 2})`;
  return {
    InvalidScript: true,
    ScriptCode: kept,
    CompilationResult: `${span}E:CS0103:\nno such name`,
  };
}

function placeOf(desired: DesiredResource, kept: string, offset: number): SourceSpan | undefined {
  return explain(desired, refuse(kept, offset))[0]?.at;
}

function at(line: number, column: number, file = "apps/menu.cs"): SourceSpan {
  return { file, line, column };
}

describe("the place of a compiler's message", () => {
  it("is the line and column of the script's own file", () => {
    expect(placeOf(makeApp(SCRIPT), SCRIPT, SCRIPT.indexOf("c;"))).toEqual(at(3, 11));
    expect(placeOf(makeApp(SCRIPT), SCRIPT, 0)).toEqual(at(1, 1));
  });

  it("is in the manifest, behind the indent, for a script in a block", () => {
    const app = makeApp(SCRIPT, { file: "apps/806.yaml", line: 8, column: 5, indent: 4 });
    expect(placeOf(app, SCRIPT, 0)).toEqual(at(8, 5, "apps/806.yaml"));
    expect(placeOf(app, SCRIPT, SCRIPT.indexOf("c;"))).toEqual(at(10, 15, "apps/806.yaml"));
  });

  it("does not move when the PBX keeps other line ends than the file has", () => {
    const windows = SCRIPT.replaceAll("\n", "\r\n");
    const forms = [SCRIPT, windows];
    const places = forms.flatMap((own) =>
      forms.map((kept) => placeOf(makeApp(own), kept, kept.indexOf("c;"))),
    );
    expect(places).toEqual(places.map(() => at(3, 11)));
  });

  it("is that of the same character, for any script, file and PBX", () => {
    const line = fc.stringMatching(/^[a-z ;ä😀]{0,8}$/u);
    const ends = fc.constantFrom("\n", "\r\n");
    const given = fc.record({
      lines: fc.array(line, { minLength: 1, maxLength: 6 }),
      own: ends,
      kept: ends,
      row: fc.nat(),
      column: fc.nat(),
    });
    fc.assert(
      fc.property(given, ({ lines, own, kept, row, column }) => {
        const above = row % lines.length;
        const within = column % ((lines[above] ?? "").length + 1);
        const head = lines.slice(0, above).map((text) => text + kept);
        const place = placeOf(
          makeApp(lines.join(own)),
          lines.join(kept),
          head.join("").length + within,
        );
        expect(place).toEqual(at(above + 1, within + 1));
      }),
    );
  });

  it("is moved back by what a reference behind which it stands has become", () => {
    const source = 'var p = "${secret:PIN}"; var q = r;';
    const text = source.replace("${secret:PIN}", "123456789012345678901234567890");
    const [start, sourceStart] = [text.indexOf("123"), source.indexOf("${")];
    const substitution = { start, end: start + 30, sourceStart, sourceEnd: sourceStart + 13 };
    const app = makeApp(text, { text: source, substitutions: [substitution] });
    expect(placeOf(app, text, text.indexOf("r;"))).toEqual(at(1, source.indexOf("r;") + 1));
    expect(placeOf(app, text, start + 7)).toEqual(at(1, sourceStart + 1));
    expect(placeOf(app, text, 4)).toEqual(at(1, 5));
  });

  it("is found in a secret script too, and says nothing of it", () => {
    const app = makeApp(SCRIPT);
    const tainted = { ...app, fields: { scriptCode: new Secret(SCRIPT) } };
    const problems = explain(tainted, refuse(SCRIPT, SCRIPT.indexOf("c;")));
    expect(problems[0]?.at).toEqual(at(3, 11));
    expect(JSON.stringify(problems)).not.toContain("int");
  });

  it("is in the text that was rejected while the old one runs", () => {
    const state = {
      ...refuse("class Old { }", 9),
      InvalidScript: false,
      RejectedCode: `\r\n${SCRIPT}`,
    };
    const app = makeApp(`\n${SCRIPT}`);
    expect(explain(app, state)[0]?.at).toEqual(at(2, 8));
  });

  it("is nowhere for a script that has no file", () => {
    const bare = makeDesired(callFlowApp, "806", { scriptCode: SCRIPT });
    expect(explain(bare, refuse(SCRIPT, 3))).toEqual([
      {
        severity: "error",
        code: "script-refused",
        message: "CS0103: no such name",
        subject: "CallFlowApp 806",
      },
    ]);
  });
});

describe("the explanation of a refusal", () => {
  const field = makeApp(SCRIPT).fieldSpans["scriptCode"];

  it("has the errors and warnings in the compiler's order, and nothing hidden", () => {
    const result = ":[1..2)H:CS8019:\nneedless\n:[3..4)W:CS0105:\ntwice\n:[5..6)E:CS0103:\nno name";
    const problems = explain(makeApp(SCRIPT), { ScriptCode: SCRIPT, CompilationResult: result });
    expect(problems.map(({ severity, message }) => `${severity} ${message}`)).toEqual([
      "warning CS0105: twice",
      "error CS0103: no name",
    ]);
  });

  it("without a reason says so, at the script", () => {
    expect(explain(makeApp(SCRIPT), { CompilationResult: null })).toEqual([
      {
        severity: "error",
        code: "script-refused",
        message: "the PBX refused the script and gave no reason",
        subject: "CallFlowApp 806",
        at: field,
      },
    ]);
  });

  it("in no known form repeats it, at the script", () => {
    const problems = explain(makeApp(SCRIPT), { CompilationResult: " Compiler crashed\n" });
    expect(problems).toMatchObject([
      { message: "the PBX refused the script: Compiler crashed", at: field },
    ]);
  });

  it("with warnings alone has an error as well, because it is one", () => {
    const problems = explain(makeApp(SCRIPT), { CompilationResult: ":[1..2)W:CS0105:\ntwice" });
    expect(problems.map(({ severity }) => severity)).toEqual(["warning", "error"]);
  });

  it("with a span and no words says that there are none", () => {
    const problems = explain(makeApp(SCRIPT), { CompilationResult: ":[1..2)E:" });
    expect(problems).toMatchObject([{ message: "the compiler gave no message", at: at(1, 1) }]);
  });

  it("of any result whatever has an error, words, and places within the script", () => {
    const lines = SCRIPT.split("\n");
    const head = fc.tuple(
      fc.bigInt(0n, 10n ** 320n),
      fc.constantFrom("E", "W", "H", ""),
      hostileText,
    );
    const result = fc
      .array(
        fc.oneof(
          hostileText,
          head.map(([start, letter, rest]) => `:[${start}..1)${letter}:${rest}`),
        ),
      )
      .map((parts) => parts.join("\n"));
    const kept = fc.constantFrom(null, "", "x", SCRIPT, SCRIPT.replaceAll("\n", "\r\n"));
    fc.assert(
      fc.property(result, kept, fc.boolean(), (text, stored, invalid) => {
        const state = { ScriptCode: stored, RejectedCode: stored, InvalidScript: invalid };
        const problems = explain(makeApp(SCRIPT), { ...state, CompilationResult: text });
        expect(problems.some(({ severity }) => severity === "error")).toBe(true);
        for (const { message, at: place } of problems) {
          expect(message).not.toBe("");
          if (place?.file === "apps/806.yaml") continue;
          const line = lines[(place?.line ?? 0) - 1] ?? "";
          expect(place?.column).toBeGreaterThan(0);
          expect(place?.column).toBeLessThanOrEqual(line.length + 1);
        }
      }),
      { numRuns: 500 },
    );
  });
});
