import { describe, expect, it } from "vitest";
import type { Expand, Query } from "../../src/domain/ports.ts";
import { callFlowApp } from "../../src/kinds/call-flow-app.ts";
import { kinds } from "../../src/kinds/index.ts";

/** The 14 properties that 3CX's OpenAPI description gives Pbx.CallFlowApp. */
const WRITTEN_BY_PEOPLE = [
  "Groups",
  "Name",
  "Number",
  "RoutingType",
  "ScriptCode",
  "TranscriptionMode",
  "Trunk",
];
const WRITTEN_BY_THE_PBX = [
  "CompilationLastSuccess",
  "CompilationResult",
  "CompilationSucceeded",
  "Id",
  "InvalidScript",
  "IsRegistered",
  "RejectedCode",
];

function toProperty(field: string): string {
  return field.charAt(0).toUpperCase() + field.slice(1);
}

function listProperties({ select, expand = [] }: Query): string[] {
  return [...select, ...expand.map(({ property }: Expand) => property)].toSorted();
}

describe("the properties of a call flow app", () => {
  const managed = [callFlowApp.keyField, ...callFlowApp.fields.map(({ name }) => name)];
  const status = callFlowApp.statusFields.map(({ name }) => name);

  it("that people write are the key and the fields of a manifest, all seven", () => {
    expect(managed.map(toProperty).toSorted()).toEqual(WRITTEN_BY_PEOPLE);
  });

  it("that the PBX writes are status, all seven, each with the reason why it cannot be set", () => {
    expect(status.map(toProperty).toSorted()).toEqual(WRITTEN_BY_THE_PBX);
    for (const { why } of callFlowApp.statusFields) expect(why).toMatch(/^(it|the) .{10,}[^.]$/);
  });

  it("are all read by the one query, and none beside them", () => {
    const all = [...WRITTEN_BY_PEOPLE, ...WRITTEN_BY_THE_PBX].toSorted();
    expect(listProperties(callFlowApp.query)).toEqual(all);
  });

  it("that link to other objects are expanded, because a select leaves them out", () => {
    expect(callFlowApp.query.expand?.map(({ property }) => property)).toEqual(["Groups", "Trunk"]);
  });

  it("that a verdict is judged by are in the query of every tick, without the others", () => {
    expect(callFlowApp.settle && listProperties(callFlowApp.settle.query)).toEqual([
      "CompilationLastSuccess",
      "CompilationResult",
      "CompilationSucceeded",
      "Id",
      "InvalidScript",
      "Number",
      "RejectedCode",
      "ScriptCode",
    ]);
  });
});

describe("every kind", () => {
  it.each(kinds.map((kind) => [kind.name, kind] as const))(
    "%s is consistent in itself",
    (_, kind) => {
      const names = kind.fields.map(({ name }) => name);
      expect(new Set(names).size).toBe(names.length);
      expect(names).toEqual(expect.arrayContaining([kind.titleField, ...kind.createdFields]));
      expect(names).toEqual(expect.arrayContaining(Object.values(kind.fileFields)));
      expect(names.filter((name) => name in kind.fileFields)).toEqual([]);
      expect(
        names.filter((name) => kind.statusFields.some((field) => field.name === name)),
      ).toEqual([]);
      expect(listProperties(kind.query)).toEqual(expect.arrayContaining(["Id", kind.keyProperty]));
    },
  );

  it("has a name and a collection of its own", () => {
    expect(new Set(kinds.map(({ name }) => name)).size).toBe(kinds.length);
    expect(new Set(kinds.map(({ collection }) => collection)).size).toBe(kinds.length);
  });
});
