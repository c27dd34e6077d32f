import path from "node:path";
import { describe, expect, it } from "vitest";
import { readSources } from "../support/source/imports.ts";
import { classify, judgeClassification } from "../support/kinds/classification.ts";
import { kinds } from "../../src/kinds/index.ts";
import { ABSENT, readOfficial } from "../contract/official.ts";

describe.each(kinds)("the properties of a $name", (kind) => {
  const { declaration } = kind;

  it.skipIf(ABSENT !== undefined)(
    `are those of 3CX's description, each in one place${ABSENT === undefined ? "" : `: ${ABSENT}`}`,
    () => {
      const { schemas } = readOfficial();
      const type = schemas.named(`Pbx.${declaration.type ?? declaration.name}`);
      const properties = [...(schemas.modelOf(type)?.properties.keys() ?? [])];
      expect(judgeClassification(declaration, properties)).toEqual([]);
    },
  );

  it("say why, where the PBX writes them or Callform leaves them alone", () => {
    const reasons = [
      ...Object.values(declaration.leaves),
      ...Object.values(declaration.status).map(({ why }) => why),
    ];
    for (const reason of reasons) expect(reason).toMatch(/^[a-z].{10,}[^.]$/);
  });

  it("are read by the one query, all that are managed or status and none beside", () => {
    const { select, expand = [] } = kind.query;
    const asked = [...select, ...expand.map(({ property }) => property)].toSorted();
    const { managed, status } = classify(declaration);
    expect(asked).toEqual([...managed, ...status].toSorted());
  });
});

describe("the names of kinds", () => {
  it("stand in no line of code outside kinds and the sandbox", () => {
    const names = new RegExp(`\\b(${kinds.map(({ name }) => name).join("|")})\\b`);
    const code = readSources(path.resolve(import.meta.dirname, "../../src"))
      .filter(({ name }) => !/^(kinds|sandbox)\/|generated/.test(name))
      .flatMap(({ name, text }) => text.split("\n").map((line) => ({ name, line: line.trim() })));
    expect(code.length).toBeGreaterThan(10_000);
    const guilty = code.filter(({ line }) => !/^(\/?\*|\/\/)/.test(line) && names.test(line));
    expect(guilty).toEqual([]);
  });
});

describe("the judge of classifications", () => {
  const { declaration } = kinds[0] ?? {};
  if (declaration === undefined) throw new Error("there is no kind");
  const known = Object.values(classify(declaration)).flat();

  it("has nothing against what is complete", () => {
    expect(judgeClassification(declaration, known)).toEqual([]);
  });

  it("names a property that a newer 3CX has", () => {
    expect(judgeClassification(declaration, [...known, "RingTone"])).toEqual([
      "CallFlowApp.RingTone is new in 3CX: declare it as a field, as status, as a secret, or say in leaves why it is left alone",
    ]);
  });

  it("names one that 3CX has no longer, and one that stands in two places", () => {
    expect(judgeClassification(declaration, known.slice(1))).toEqual([
      `CallFlowApp.${known[0]} is not in 3CX's description`,
    ]);
    const twice = { ...declaration, leaves: { Name: "nobody sets it in the console" } };
    expect(judgeClassification(twice, known)).toEqual([
      "CallFlowApp.Name stands in managed and leaves",
    ]);
  });
});
