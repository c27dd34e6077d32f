import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Entity } from "../../src/domain/ports.ts";
import { ProblemError } from "../../src/domain/problem.ts";
import { callFlowApp } from "../../src/kinds/call-flow-app.ts";
import { callFlowAppCase, json, kindCases, makeLive } from "../support/worlds/arbitraries.ts";

const FULL: Entity = {
  Id: 42,
  Number: "806",
  Name: "afterhours",
  RoutingType: "Forward",
  TranscriptionMode: "Inherit",
  ScriptCode: "class A { }",
  Groups: [
    { GroupId: 28, Name: "DEFAULT", Rights: { RoleName: "users" } },
    { GroupId: 29, Name: "Support", Rights: { RoleName: "managers" } },
  ],
  Trunk: { Id: 7, Number: "10001" },
  IsRegistered: true,
  InvalidScript: false,
  CompilationSucceeded: true,
  CompilationResult: "",
  CompilationLastSuccess: "2026-09-01T08:00:00Z",
  RejectedCode: null,
};

function omit(entity: Entity, property: string): Entity {
  return Object.fromEntries(Object.entries(entity).filter(([name]) => name !== property));
}

/** What the reading complains of, or nothing when it goes well. Anything but a ProblemError is passed on. */
function listComplaints(entity: Entity): string[] {
  try {
    callFlowApp.readEntity(entity);
    return [];
  } catch (error) {
    if (error instanceof ProblemError) return error.problems.map(({ message }) => message);
    throw error;
  }
}

describe("an entity of the API", () => {
  it("is read in the words of a manifest", () => {
    expect(callFlowApp.readEntity(FULL)).toEqual({
      kind: "CallFlowApp",
      key: "806",
      id: 42,
      fields: {
        name: "afterhours",
        routingType: "Forward",
        transcriptionMode: "Inherit",
        scriptCode: "class A { }",
        groups: [
          { name: "DEFAULT", role: "users" },
          { name: "Support", role: "managers" },
        ],
        trunk: { number: "10001" },
      },
      status: {
        id: 42,
        isRegistered: true,
        invalidScript: false,
        compilationSucceeded: true,
        compilationResult: "",
        compilationLastSuccess: "2026-09-01T08:00:00Z",
        rejectedCode: null,
      },
    });
  });

  it("of which little was read has little in it", () => {
    expect(callFlowApp.readEntity({ Id: 1, Number: "*39" })).toEqual({
      kind: "CallFlowApp",
      key: "*39",
      id: 1,
      fields: {},
      status: { id: 1 },
    });
  });

  it("keeps null apart from what was not read", () => {
    const nothing = { Id: 1, Number: "1", Name: null, Trunk: null, Groups: null, ScriptCode: null };
    expect(callFlowApp.readEntity(nothing).fields).toEqual({
      name: null,
      trunk: null,
      scriptCode: null,
    });
  });

  it("hides the departments that hold somebody's favourites", () => {
    const groups = [
      { GroupId: 1, Name: "___FAVORITES___100", Rights: { RoleName: "users" } },
      { GroupId: 2, Name: "Favorites", Rights: null },
      { GroupId: 3, Name: "DEFAULT" },
    ];
    expect(callFlowApp.readEntity({ ...FULL, Groups: groups }).fields["groups"]).toEqual([
      { name: "Favorites", role: "users" },
      { name: "DEFAULT", role: "users" },
    ]);
  });

  it.each([
    ["Id", undefined, "nothing for Id of 806, expected a whole number"],
    ["Id", "42", "string for Id of 806, expected a whole number"],
    ["Id", 4.5, "number for Id of 806, expected a whole number"],
    ["Number", undefined, "nothing for Number, expected a text"],
    ["Number", 806, "number for Number, expected a text"],
    ["Number", "", "string for Number, expected a text"],
    ["Name", 1, "number for Name of 806, expected a text or null"],
    ["ScriptCode", [], "a list for ScriptCode of 806, expected a text or null"],
    ["IsRegistered", "true", "string for IsRegistered of 806, expected true, false or null"],
    ["Groups", {}, "object for Groups of 806, expected a list of objects"],
    ["Groups", ["DEFAULT"], "a list for Groups of 806, expected a list of objects"],
    ["Groups", [{ Name: null }], "null for Name, expected a text"],
    ["Groups", [{ Name: "A", Rights: "users" }], "string for Rights, expected an object or null"],
    ["Trunk", "10001", "string for Trunk of 806, expected an object or null"],
    ["Trunk", { Id: 7 }, "nothing for Number, expected a text"],
  ])("with %s %j is refused with the words of what is wrong", (property, value, complaint) => {
    const entity = value === undefined ? omit(FULL, property) : { ...FULL, [property]: value };
    expect(listComplaints(entity)).toEqual([`the PBX answered with ${complaint}`]);
  });

  it("that comes from something else than a PBX leads to its address", () => {
    const hint = "check that the URL leads to a 3CX V20 PBX and not to a proxy in front of it";
    expect(() => callFlowApp.readEntity({ page: "<html>" })).toThrow(
      expect.objectContaining({
        problems: [expect.objectContaining({ code: "pbx-answer", hint })],
      }),
    );
  });

  it("of any shape whatever is read or refused, and nothing else happens", () => {
    const property = fc.oneof(
      fc.constantFrom(...Object.keys(FULL)),
      fc.constantFrom("@odata.id", "__proto__", "constructor"),
    );
    const changes = fc.dictionary(property, json, { maxKeys: 6, noNullPrototype: true });
    fc.assert(
      fc.property(fc.boolean(), changes, (whole, values) => {
        const complaints = listComplaints({ ...(whole ? FULL : {}), ...values });
        for (const complaint of complaints) expect(complaint).toMatch(/^the PBX answered with /);
      }),
      { numRuns: 500 },
    );
  });

  it("of groups and trunks of any shape is read or refused as well", () => {
    const loose = fc.record({ GroupId: json, Name: json, Rights: json }, { requiredKeys: [] });
    fc.assert(
      fc.property(fc.array(fc.oneof(loose, json), { maxLength: 3 }), json, (groups, trunk) => {
        const complaints = listComplaints({ ...FULL, Groups: groups, Trunk: { Number: trunk } });
        expect(complaints.length).toBeLessThanOrEqual(1);
      }),
      { numRuns: 500 },
    );
  });
});

describe.each(kindCases)("a reading of a $name", ({ kind, key, properties }) => {
  it("has no fields and no status that the kind does not declare", () => {
    const fields = new Set(kind.fields.map(({ name }) => name));
    const status = new Set(kind.statusFields.map(({ name }) => name));
    fc.assert(
      fc.property(key, properties, (name, rest) => {
        const live = makeLive(kind, name, rest, 5);
        expect([live.kind, live.key, live.id]).toEqual([kind.name, name, 5]);
        expect(Object.keys(live.fields).filter((field) => !fields.has(field))).toEqual([]);
        expect(Object.keys(live.status).filter((field) => !status.has(field))).toEqual([]);
      }),
    );
  });
});

describe("a tick of settling", () => {
  it("reads a state without knowing the fields it did not ask for", () => {
    const asked = callFlowApp.settle?.query.select ?? [];
    fc.assert(
      fc.property(callFlowAppCase.properties, (rest) => {
        const answer = Object.entries({ Id: 1, Number: "806", ...rest });
        const entity = Object.fromEntries(answer.filter(([name]) => asked.includes(name)));
        expect(Object.keys(callFlowApp.readEntity(entity).fields)).toEqual(["scriptCode"]);
      }),
    );
  });
});
