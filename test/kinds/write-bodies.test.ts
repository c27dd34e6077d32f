import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { diffResource } from "../../src/domain/plan/diff.ts";
import type { Json } from "../../src/domain/json.ts";
import type { Entity, ResolveId } from "../../src/domain/ports.ts";
import { Secret } from "../../src/domain/secret.ts";
import { callFlowApp } from "../../src/kinds/call-flow-app.ts";
import { callFlowAppCase, makeDesired, makeLive } from "../support/worlds/arbitraries.ts";

const IDS: Readonly<Record<string, number>> = {
  "Groups Name DEFAULT": 28,
  "Groups Name Support": 29,
  "Groups Name Sales": 30,
  "Groups Name Büro": 31,
  "Trunks Number 10001": 7,
  "Trunks Number 10002": 8,
};

const resolve: ResolveId = ({ collection, property, value }) => {
  const id = IDS[`${collection} ${property} ${value}`];
  if (id === undefined) throw new Error(`asked for an unknown ${collection} ${value}`);
  return id;
};

function nameOf(id: Json | undefined): string {
  const name = Object.keys(IDS).find((candidate) => IDS[candidate] === id);
  return name?.split(" ")[2] ?? "";
}

/** The properties that a PBX shows after it took this body: lists replaced, links shown with names. */
function store(entity: Entity, body: Entity): Entity {
  const { Groups: groups, ...rest } = body;
  if (!Array.isArray(groups)) return { ...entity, ...rest };
  const shown = groups.map((group: Entity) =>
    Object.assign({}, group, { Name: nameOf(group["GroupId"]) }),
  );
  return { ...entity, ...rest, Groups: shown };
}

describe("the body of a create", () => {
  it("has the number and the name, which is all that a create is known to take", () => {
    const fields = { name: "lobby", routingType: "Forward", scriptCode: "x" };
    expect(callFlowApp.createBody("806", fields)).toEqual({ Number: "806", Name: "lobby" });
    expect(callFlowApp.createBody("806", {})).toEqual({ Number: "806" });
  });

  it("writes just the fields that count as created", () => {
    fc.assert(
      fc.property(callFlowAppCase.fields, (fields) => {
        const created = callFlowApp.fields
          .map(({ name }) => name)
          .filter((name) => {
            const without = Object.fromEntries(
              Object.entries(fields).filter(([key]) => key !== name),
            );
            const [one, other] = [fields, without].map((some) => callFlowApp.createBody("1", some));
            return JSON.stringify(one) !== JSON.stringify(other);
          });
        expect(created).toEqual(callFlowApp.createdFields);
      }),
    );
  });
});

describe("the body of an update", () => {
  it.each([
    ["name", "lobby", { Name: "lobby" }],
    ["routingType", "Trunk", { RoutingType: "Trunk" }],
    ["routingType", null, { RoutingType: null }],
    ["transcriptionMode", "Both", { TranscriptionMode: "Both" }],
    ["transcriptionMode", null, { TranscriptionMode: null }],
    ["scriptCode", "a\r\nb\rc\n", { ScriptCode: "a\nb\nc\n" }],
    ["scriptCode", "\uFEFFa  \n", { ScriptCode: "a  \n" }],
    ["trunk", { number: "10001" }, { Trunk: { Id: 7, Number: "10001" } }],
    ["trunk", null, { Trunk: null }],
    ["groups", [], { Groups: [] }],
    ["groups", null, { Groups: [] }],
    [
      "groups",
      [{ name: "Support", role: "managers" }, { name: "DEFAULT" }],
      {
        Groups: [
          { GroupId: 29, Rights: { RoleName: "managers" } },
          { GroupId: 28, Rights: { RoleName: "users" } },
        ],
      },
    ],
  ] as const)("for %s %j holds that property alone", (field, value, body) => {
    expect(callFlowApp.updateBody({ [field]: value }, resolve)).toEqual(body);
  });

  it("of nothing is empty", () => {
    expect(callFlowApp.updateBody({}, resolve)).toEqual({});
  });

  it("has a property for each field, and only for those", () => {
    fc.assert(
      fc.property(callFlowAppCase.fields, (fields) => {
        const properties = Object.keys(callFlowApp.updateBody(fields, resolve));
        const wanted = Object.keys(fields).map(
          (name) => name.charAt(0).toUpperCase() + name.slice(1),
        );
        expect(properties.toSorted()).toEqual(wanted.toSorted());
      }),
    );
  });

  it("is what the manifest says once the PBX shows it, whatever the PBX had before", () => {
    fc.assert(
      fc.property(callFlowAppCase.fields, callFlowAppCase.properties, (fields, before) => {
        const shown = store(before, callFlowApp.updateBody(fields, resolve));
        const live = makeLive(callFlowApp, "806", shown);
        expect(diffResource(callFlowApp, makeDesired(callFlowApp, "806", fields), live)).toEqual(
          [],
        );
      }),
    );
  });

  it("says so when a name was not looked up, because that is a bug", () => {
    expect(() => callFlowApp.updateBody({ trunk: { number: "10009" } }, resolve)).toThrow("10009");
  });
});

describe("the lookups of a field", () => {
  it("are one for each department, by name", () => {
    const groups = [{ name: "Support", role: "managers" }, { name: "DEFAULT" }];
    expect(callFlowApp.lookups("groups", groups)).toEqual([
      {
        collection: "Groups",
        property: "Name",
        value: "Support",
        field: "groups",
        noun: "department",
      },
      {
        collection: "Groups",
        property: "Name",
        value: "DEFAULT",
        field: "groups",
        noun: "department",
      },
    ]);
  });

  it("are one for a trunk, by number", () => {
    expect(callFlowApp.lookups("trunk", { number: "10001" })).toEqual([
      { collection: "Trunks", property: "Number", value: "10001", field: "trunk", noun: "trunk" },
    ]);
  });

  it("are none for what names nothing", () => {
    for (const { name } of callFlowApp.fields) {
      expect(callFlowApp.lookups(name, null)).toEqual([]);
      expect(callFlowApp.lookups(name, "Support")).toEqual([]);
    }
    expect(callFlowApp.lookups("groups", [])).toEqual([]);
  });

  it("cover every id that a body asks for", () => {
    fc.assert(
      fc.property(callFlowAppCase.fields, (fields) => {
        const asked: string[] = [];
        callFlowApp.updateBody(fields, (lookup) => {
          asked.push(JSON.stringify(lookup));
          return 1;
        });
        const known = Object.entries(fields).flatMap(([field, value]) =>
          callFlowApp
            .lookups(field, value)
            .map(({ collection, property, value: name }) =>
              JSON.stringify({ collection, property, value: name }),
            ),
        );
        expect(asked.toSorted()).toEqual(known.toSorted());
      }),
    );
  });
});

describe("the check of a manifest", () => {
  const trunk = { number: "10001" };

  it("warns of a trunk that no call can come from, at the trunk", () => {
    const desired = makeDesired(callFlowApp, "806", { trunk, routingType: "Forward" });
    expect(callFlowApp.check(desired)).toEqual([
      {
        severity: "warning",
        code: "trunk-unused",
        message: "a trunk is named, but only routingType Trunk sends its calls to this app",
        hint: "set routingType: Trunk, or remove the trunk",
        subject: "CallFlowApp 806",
        at: desired.fieldSpans["trunk"],
      },
    ]);
  });

  it.each([
    ["a trunk that is used", { trunk, routingType: "Trunk" }],
    ["a trunk alone, as the routing may be set in the console", { trunk }],
    ["a trunk that is cleared", { trunk: null, routingType: "Forward" }],
    ["no trunk", { routingType: "Forward" }],
    ["no routing", { trunk: null }],
  ])("has nothing against %s", (_, fields) => {
    expect(callFlowApp.check(makeDesired(callFlowApp, "806", fields))).toEqual([]);
  });

  it.each([{ routingType: "Trunk" }, { routingType: "Trunk", trunk: null }])(
    "warns of trunk routing without a trunk, at the routing (%j)",
    (fields) => {
      const desired = makeDesired(callFlowApp, "806", fields);
      expect(callFlowApp.check(desired)).toMatchObject([
        {
          severity: "warning",
          code: "trunk-missing",
          subject: "CallFlowApp 806",
          at: desired.fieldSpans["routingType"],
        },
      ]);
      for (const field of ["trunk", "routingType"]) {
        const lifecycle = { ...desired.lifecycle, ignore: [field] };
        expect(callFlowApp.check({ ...desired, lifecycle })).toEqual([]);
      }
    },
  );

  it("looks into secrets as well", () => {
    const fields = { trunk: new Secret(trunk), routingType: new Secret("DialCode") };
    expect(callFlowApp.check(makeDesired(callFlowApp, "806", fields))).toHaveLength(1);
  });

  it("knows no other resources that must be there first", () => {
    fc.assert(
      fc.property(callFlowAppCase.fields, (fields) => {
        expect(callFlowApp.references(makeDesired(callFlowApp, "806", fields))).toEqual([]);
      }),
    );
  });
});
