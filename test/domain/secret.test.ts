import { inspect } from "node:util";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { diffResource } from "../../src/domain/plan/diff.ts";
import type { Json } from "../../src/domain/json.ts";
import { planWrites } from "../../src/domain/plan/plan.ts";
import { nameResource } from "../../src/domain/resource.ts";
import { reveal, Secret, SECRET_MARK } from "../../src/domain/secret.ts";
import { callFlowApp } from "../../src/kinds/call-flow-app.ts";
import {
  json,
  kindCases,
  makeDesired,
  makeLive,
  taint,
  type Fields,
} from "../support/worlds/arbitraries.ts";

const MARKER = "hunter2hunter2";

/** Every way in which a value becomes text without anybody asking for a secret. */
function showAllWays(value: unknown): string {
  return [
    JSON.stringify(value),
    JSON.stringify({ deep: [value] }),
    inspect(value, { depth: null, showHidden: true, getters: true }),
    inspect(value, { depth: null, customInspect: false, showHidden: true }),
    String(value),
    [value].join(),
    inspect(Object.entries(Object(value))),
    inspect(structuredClone(value), { depth: null }),
  ].join("\n");
}

/** The same values, every text in them with the marker in it. */
function mark(value: Json): Json {
  if (typeof value === "string") return `${value}${MARKER}`;
  if (Array.isArray(value)) return [MARKER];
  return value;
}

function markFields(fields: Fields): Fields {
  return Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, mark(value)]));
}

describe("a secret", () => {
  it("shows a mark however it is formatted", () => {
    const secret = new Secret(MARKER);
    expect(JSON.stringify({ secret })).toBe(`{"secret":"${SECRET_MARK}"}`);
    expect(inspect(secret)).toBe(SECRET_MARK);
    expect(inspect({ deep: { secret } }, { depth: null })).toContain(SECRET_MARK);
    expect(String(secret)).toBe(SECRET_MARK);
    expect(`value: ${secret.toString()}`).toBe(`value: ${SECRET_MARK}`);
    expect(["a", secret].join()).toBe(`a,${SECRET_MARK}`);
    expect(new Error("x", { cause: secret }).cause).not.toContain(MARKER);
  });

  it("gives its value to nobody who does not reveal it", () => {
    expect(showAllWays(new Secret(MARKER))).not.toContain(MARKER);
    expect(showAllWays(new Secret([MARKER, { deep: MARKER }]))).not.toContain(MARKER);
    expect(Object.assign({}, new Secret(MARKER))).toEqual({});
  });

  it("gives back the very value when revealed, and a plain value is its own", () => {
    fc.assert(
      fc.property(json, (value) => {
        expect(reveal(new Secret(value))).toBe(value);
        expect(reveal(value)).toBe(value);
      }),
    );
  });
});

describe.each(kindCases)("a secret field of a $name", ({ kind, key, fields, properties }) => {
  it("never shows before, after or diff in a plan, whatever the PBX has", () => {
    const live = fc.option(properties);
    fc.assert(
      fc.property(key, fields, live, (name, plain, rest) => {
        const marked = markFields(plain);
        const desired = makeDesired(kind, name, taint(marked, Object.keys(marked)));
        const before = rest === null ? undefined : makeLive(kind, name, rest);
        const snapshot = new Map(before === undefined ? [] : [[nameResource(before), before]]);
        const planned = planWrites([kind], [desired], snapshot);
        const changes = planned.map(({ change }) => change);
        expect(showAllWays(changes)).not.toContain(MARKER);
        expect(inspect(planned, { depth: null, showHidden: true })).not.toContain(MARKER);
        for (const change of changes)
          for (const field of change.fields)
            expect(Object.keys(field).toSorted()).toEqual(["at", "field", "sensitive"]);
      }),
    );
  });

  it("is still compared by its value", () => {
    fc.assert(
      fc.property(key, fields, properties, (name, plain, rest) => {
        const live = makeLive(kind, name, rest);
        const secret = makeDesired(kind, name, taint(plain, Object.keys(plain)));
        const changed = diffResource(kind, secret, live).map(({ field }) => field);
        const open = diffResource(kind, makeDesired(kind, name, plain), live);
        expect(changed).toEqual(open.map(({ field }) => field));
      }),
    );
  });
});

describe("a script with a secret in it", () => {
  it("does not leak the old script either, which holds the old secret", () => {
    const desired = makeDesired(callFlowApp, "806", { scriptCode: new Secret("pin = 2;") });
    const live = makeLive(callFlowApp, "806", { ScriptCode: `pin = ${MARKER};` });
    const planned = planWrites([callFlowApp], [desired], new Map([["CallFlowApp 806", live]]));
    const changes = planned.map(({ change }) => change);
    expect(changes).toMatchObject([
      { fields: [{ field: "scriptCode", sensitive: true }], patch: [] },
    ]);
    expect(showAllWays(changes)).not.toContain(MARKER);
  });
});
