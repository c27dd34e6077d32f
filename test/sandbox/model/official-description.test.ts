import { readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { FUNCTIONS } from "../../../src/sandbox/api/functions.ts";
import { COMPLEX_TYPES } from "../../../src/sandbox/model/complex-types.ts";
import { ENUMS } from "../../../src/sandbox/model/enums.ts";
import { ENTITY_SETS } from "../../../src/sandbox/model/registry.ts";
import type { EntitySet, ObjectType, Property } from "../../../src/sandbox/model/types.ts";
import { locateSpec } from "../../support/contract/spec/read.ts";

const place = locateSpec(
  path.resolve(import.meta.dirname, "../../.."),
  process.env["CALLFORM_XAPI_SPEC"],
);
const absent = "absent" in place ? `skipped: ${place.absent}` : "against 3CX's own description";

interface Schema {
  readonly $ref?: string;
  readonly type?: string;
  readonly format?: string;
  readonly enum?: readonly string[];
  readonly items?: Schema;
  readonly allOf?: readonly Schema[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly nullable?: boolean;
  readonly "x-ms-navigationProperty"?: boolean;
}

interface Description {
  readonly paths: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, Schema>> };
}

const description: Description =
  "absent" in place
    ? { paths: {}, components: { schemas: {} } }
    : parse(readFileSync(place.file, "utf8"), { maxAliasCount: -1 });
const { schemas } = description.components;

const SCALARS: Readonly<Record<string, string>> = {
  string: "string",
  boolean: "bool",
  "integer int32": "int",
  "integer uint8": "byte",
  "integer int64": "number",
  "number int64": "number",
  "string date-time": "date",
  "string duration": "duration",
  "string time": "time",
};

/** Properties of a type with those of the types it extends. */
function propertiesOf(schema: Schema): Readonly<Record<string, Schema>> {
  const inherited = (schema.allOf ?? []).map((part) =>
    part.$ref === undefined ? propertiesOf(part) : propertiesOf(schemas[nameIn(part)] ?? {}),
  );
  return Object.assign({}, ...inherited, schema.properties);
}

function nameIn({ $ref = "" }: Schema): string {
  return $ref.slice($ref.lastIndexOf("/") + 1);
}

/** The type of one value in the sandbox's own words. */
function typeIn(schema: Schema): string {
  const reference = schema.$ref === undefined ? schema.allOf?.[0] : schema;
  if (reference !== undefined) return nameIn(reference).replace("Pbx.", "");
  return SCALARS[[schema.type, schema.format].filter(Boolean).join(" ")] ?? "";
}

function describeProperty(name: string, schema: Schema): Omit<Property, "computed" | "required"> {
  const list = schema.type === "array";
  return {
    name,
    type: typeIn(list ? (schema.items ?? {}) : schema),
    list,
    navigation: schema["x-ms-navigationProperty"] === true,
  };
}

/** What the sandbox says of a type, `any` filled in: it stands for types too far from call flows. */
function describeOurs(type: ObjectType, official: Readonly<Record<string, Schema>>) {
  return [...type.properties.values()].map(({ name, type: ours, list, navigation }) => {
    const theirs = official[name];
    const free = ours === "any" && theirs !== undefined;
    return { name, type: free ? describeProperty(name, theirs).type : ours, list, navigation };
  });
}

const byName = (a: { readonly name: string }, b: { readonly name: string }): number =>
  a.name < b.name ? -1 : 1;

describe.skipIf("absent" in place)(absent, () => {
  const types = [...COMPLEX_TYPES, ...ENTITY_SETS.map((set) => set.type)];

  test.each(types.map((type) => [type.name, type] as const))(
    "%s has every property of it, of that type, and no other",
    (name, type) => {
      const official = propertiesOf(schemas[`Pbx.${name}`] ?? {});
      const theirs = Object.entries(official).map(([key, schema]) => describeProperty(key, schema));
      expect(describeOurs(type, official).toSorted(byName)).toEqual(theirs.toSorted(byName));
    },
  );

  test.each(types.map((type) => [type.name, type] as const))(
    "%s refuses null exactly where it does",
    (name, type) => {
      const official = propertiesOf(schemas[`Pbx.${name}`] ?? {});
      const single = [...type.properties.values()].filter(({ list }) => !list);
      const ours = single.filter(({ required }) => required).map((property) => property.name);
      const theirs = single
        .map((property) => property.name)
        .filter((key) => official[key]?.nullable !== true);
      expect(ours).toEqual(theirs);
    },
  );

  test.each([...ENUMS])("%s has its members and no others", (name, members) => {
    expect([...members]).toEqual(schemas[`Pbx.${name}`]?.enum);
  });

  const operations = (template: string): readonly string[] =>
    Object.keys(description.paths[template] ?? {}).filter((key) =>
      ["get", "post", "patch", "delete"].includes(key),
    );

  test.each(ENTITY_SETS.map((set) => [set.name, set] as const))(
    "%s can be created, changed and removed where it can",
    (name, set) => {
      const expected = (verb: EntitySet["verbs"][number]): boolean => set.verbs.includes(verb);
      expect(operations(`/${name}`).includes("post")).toBe(expected("create"));
      const one = set.singleton === true ? `/${name}` : `/${name}({Id})`;
      expect(operations(one).includes("patch")).toBe(expected("update"));
      expect(operations(`/${name}({Id})`).includes("delete")).toBe(expected("remove"));
      expect(operations(`/${name}`)).toContain("get");
    },
  );

  test.each(ENTITY_SETS.map((set) => [set.name, set] as const))(
    "%s is found by the keys it is found by",
    (name, set) => {
      expect(operations(`/${name}({Id})`).includes("get")).toBe(set.key === "Id");
      expect(operations(`/${name}(Number={Number})`).includes("get")).toBe(
        set.alternateKey === "Number",
      );
    },
  );

  test.each(ENTITY_SETS.map((set) => [set.name, set] as const))(
    "%s has addresses for those navigation properties that have one",
    (name, set) => {
      const prefix = set.singleton === true ? `/${name}/` : `/${name}({Id})/`;
      const theirs = Object.keys(description.paths)
        .filter((template) => template.startsWith(prefix) && !template.includes("Pbx."))
        .map((template) => template.slice(prefix.length));
      const ours = Object.entries(set.links ?? {}).filter(([, link]) => link.path === true);
      expect(ours.map(([property]) => property).toSorted(byText)).toEqual(theirs.toSorted(byText));
    },
  );

  test.each(Object.entries(FUNCTIONS))(
    "%s is a function of it, with that method",
    (name, called) => {
      const [set = "", own = ""] = name.split("/");
      const prefix = called.bound === true ? `/${set}({Id})/${own}` : `/${name}`;
      const template = Object.keys(description.paths).find(
        (path_) => path_ === prefix || path_.startsWith(`${prefix}(`),
      );
      expect(operations(template ?? "")).toEqual([called.method.toLowerCase()]);
      expect(template?.endsWith(")")).toBe(called.method === "GET");
    },
  );
});

function byText(a: string, b: string): number {
  return a < b ? -1 : 1;
}
