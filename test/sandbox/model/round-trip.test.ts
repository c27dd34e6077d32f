import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Json, JsonObject } from "../../../src/sandbox/json.ts";
import { ENUMS } from "../../../src/sandbox/model/enums.ts";
import {
  ENTITY_SETS,
  isObjectType,
  linkOf,
  typeNamed,
} from "../../../src/sandbox/model/registry.ts";
import type { EntitySet, ObjectType, Property, Row } from "../../../src/sandbox/model/types.ts";
import { projector } from "../../../src/sandbox/odata/project.ts";
import { createPbx } from "../../../src/sandbox/pbx/pbx.ts";
import type { Pbx } from "../../../src/sandbox/pbx/pbx.ts";
import { chooseQuirks } from "../../../src/sandbox/quirks.ts";
import { Refusal } from "../../../src/sandbox/refusal.ts";
import { manualClock } from "../../support/pbx/raw-client.ts";

/** What the PBX reads back otherwise, or checks against something else; other tests are about these. */
const SPECIAL: ReadonlySet<string> = new Set([
  ...[
    "Id",
    "Number",
    "ScriptCode",
    "PrimaryGroupId",
    "EmailAddress",
    "Prefix",
    "DNRanges",
    "Routes",
  ],
  ...["OfficeHoursDestination", "OutOfOfficeHoursDestination", "HolidaysDestination"],
  ...[
    "IsRecurrent",
    "Year",
    "YearEnd",
    "Forwards",
    "DisplayName",
    "Day",
    "DayEnd",
    "Month",
    "MonthEnd",
  ],
]);

const SCALARS: Readonly<Record<string, fc.Arbitrary<Json>>> = {
  string: fc.string({ minLength: 1 }),
  int: fc.integer(),
  byte: fc.nat(255),
  bool: fc.boolean(),
  number: fc.integer(),
  date: fc
    .date({ noInvalidDate: true, min: new Date(0), max: new Date(4e12) })
    .map((date) => date.toISOString()),
  time: fc.constantFrom("08:00:00.0000000", "23:59:59.0000000", "00:00:00.1234567"),
  duration: fc.constantFrom("PT0S", "P1D", "PT23H59M59S"),
  any: fc.constant({ Anything: [1, "two"] }),
};

/** As it is read back; what becomes of others is told where destinations are tested. */
const NOWHERE = { To: "None", Number: "", External: "", Name: "", Type: "None", Tags: [] };

/** Any value that binds to a property. */
function valueOf(property: Property, depth: number): fc.Arbitrary<Json> {
  if (property.type === "Destination") return fc.constant(NOWHERE);
  const one = oneOf(property.type, depth);
  if (property.list) return fc.array(one, { maxLength: 2 });
  return property.required ? one : fc.option(one, { nil: null, freq: 5 });
}

function oneOf(type: string, depth: number): fc.Arbitrary<Json> {
  const members = ENUMS.get(type);
  if (members !== undefined) return fc.constantFrom(...members);
  return isObjectType(type)
    ? objectOf(typeNamed(type), depth + 1)
    : (SCALARS[type] ?? fc.constant(null));
}

function objectOf(type: ObjectType, depth: number): fc.Arbitrary<Row> {
  const plain = [...type.properties.values()].filter(({ navigation }) => !navigation);
  const kept = depth > 3 ? plain.filter(({ required }) => required) : plain;
  return fc.record(
    Object.fromEntries(kept.map((property) => [property.name, valueOf(property, depth)])),
  );
}

/** Any body that changes an entity of that set. */
function bodyOf({ type }: EntitySet): fc.Arbitrary<Row> {
  const written = [...type.properties.values()].filter(
    ({ name, navigation, computed }) => !navigation && !computed && !SPECIAL.has(name),
  );
  const fields = Object.fromEntries(
    written.map((property) => [property.name, valueOf(property, 0)]),
  );
  return fc.record(fields, { requiredKeys: [] }).map((body) => JSON.parse(JSON.stringify(body)));
}

function openPbx(): Pbx {
  return createPbx({
    version: "20.0.10",
    quirks: chooseQuirks("20.0.10", { numberAndNameOptional: true, updatesMayEmpty: true }),
    clock: manualClock(),
    compile: {},
    compileOf: new Map(),
  });
}

/** The least that makes an entity of that set. */
function leastOf(set: EntitySet): JsonObject {
  if (set.name === "Holidays")
    return {
      Name: "x",
      ...{ Day: 1, DayEnd: 1, Month: 1, MonthEnd: 1, Year: 0, YearEnd: 0 },
      ...{ TimeOfStartDate: "P0D", TimeOfEndDate: "P1D" },
    };
  if (set.name === "OutboundRules" || set.name === "Parameters") return { Name: "x" };
  return {};
}

const WRITABLE = ENTITY_SETS.filter(
  ({ name, verbs }) => verbs.length > 0 && name !== "InboundRules",
);

describe.each(WRITABLE.map((set) => [set.name, set] as const))("%s", (_name, set) => {
  test("gives back whatever was written, property by property", async () => {
    await fc.assert(
      fc.asyncProperty(bodyOf(set), async (body) => {
        const pbx = openPbx();
        const row = await pbx.create(set, leastOf(set));
        await pbx.update(set, row, body);
        const select = new Set(Object.keys(body));
        const shown = projector({ select, expand: new Map() }, set.type, pbx.store)(row);
        expect(shown).toEqual(complete(body, set.type));
      }),
      { numRuns: 30 },
    );
  });

  test("is not changed by sending back what it shows", async () => {
    await fc.assert(
      fc.asyncProperty(bodyOf(set), async (body) => {
        const pbx = openPbx();
        const row = await pbx.create(set, leastOf(set));
        await pbx.update(set, row, body);
        const show = projector({ select: undefined, expand: new Map() }, set.type, pbx.store);
        const before = show(row);
        const sent = Object.fromEntries(
          Object.entries(before).filter(([name]) => !SPECIAL.has(name)),
        );
        await pbx.update(set, row, sent);
        expect(show(row)).toEqual(before);
      }),
      { numRuns: 20 },
    );
  });

  test("binds no body in which one value has the wrong type", async () => {
    const wrong: Readonly<Record<string, Json>> = {
      ...{ string: 5, int: "5", byte: 256, bool: "true", number: "1", date: "today" },
      ...{ time: "8am", duration: "1h" },
    };
    const pbx = openPbx();
    const row = await pbx.create(set, leastOf(set));
    const written = [...set.type.properties.values()].filter(
      ({ name, navigation, type }) => !navigation && name !== "Id" && type !== "any",
    );
    for (const { name, type, list } of written) {
      const bad = wrong[type] ?? (isObjectType(type) ? 5 : "NoSuchMember");
      const error: unknown = await pbx
        .update(set, row, { [name]: list ? [bad] : bad })
        .catch((reason: unknown) => reason);
      expect([name, error]).toEqual([name, expect.any(Refusal)]);
      expect(String(error)).toContain("delta");
    }
  });
});

/** A written object with everything the PBX adds when it shows it: null and empty lists. */
function complete(body: JsonObject, type: ObjectType): JsonObject {
  return Object.fromEntries(
    Object.entries(body).map(([name, value]) => {
      const property = type.properties.get(name);
      if (property === undefined) throw new Error(`no property ${name}`);
      if (Array.isArray(value))
        return [name, value.map((one: Json) => completeOne(one, property.type))];
      return [name, completeOne(value, property.type)];
    }),
  );
}

function completeOne(value: Json, type: string): Json {
  if (!isObjectType(type) || typeof value !== "object" || value === null || Array.isArray(value))
    return value;
  const described = typeNamed(type);
  const plain = [...described.properties.values()].filter(({ navigation }) => !navigation);
  const empty = plain.map(({ name, list }) => [name, list ? [] : null]);
  return { ...Object.fromEntries(empty), ...complete(value as JsonObject, described) };
}

test("a navigation property that can be bound can also be read", () => {
  for (const { type, links = {} } of ENTITY_SETS)
    for (const [name, link] of Object.entries(links)) {
      expect(type.properties.get(name)?.navigation).toBe(true);
      expect(linkOf(type.name, name)).toBe(link);
      expect(link.bind !== undefined || link.read !== undefined).toBe(true);
    }
});

test("every type that a property names is described, and every default is a property", () => {
  const known = (type: string): boolean => isObjectType(type) || ENUMS.has(type) || type in SCALARS;
  for (const {
    type,
    defaults = {},
    needs = [],
    createTakes = [],
    createRefuses = [],
    onlySelected = [],
  } of ENTITY_SETS) {
    for (const { name, type: named } of type.properties.values())
      expect([name, known(named)]).toEqual([name, true]);
    for (const name of [
      ...Object.keys(defaults),
      ...needs,
      ...createTakes,
      ...createRefuses,
      ...onlySelected,
    ])
      expect([name, type.properties.has(name)]).toEqual([name, true]);
  }
});
