import { expect, test } from "vitest";
import { discover } from "../../../src/sandbox/api/discovery.ts";
import { writeMetadata } from "../../../src/sandbox/api/metadata.ts";
import { ENUMS } from "../../../src/sandbox/model/enums.ts";
import { ENTITY_SETS } from "../../../src/sandbox/model/registry.ts";

const XML = writeMetadata();

/** Values of an attribute of every element of that name. */
function attributes(element: string, attribute: string): readonly string[] {
  const pattern = new RegExp(`<${element} [^>]*\\b${attribute}="([^"]*)"`, "gu");
  return [...XML.matchAll(pattern)].map(([, value = ""]) => value);
}

test("every element that is opened is closed, in order", () => {
  const open: string[] = [];
  for (const [, close, name = "", rest = ""] of XML.matchAll(/<(\/?)([\w:]+)([^>?]*)>/gu)) {
    if (close === "/") expect(open.pop()).toBe(name);
    else if (!rest.endsWith("/")) open.push(name);
  }
  expect(open).toEqual([]);
});

test("every type that is named is described once", () => {
  const described = ["EnumType", "ComplexType", "EntityType"].flatMap((kind) =>
    attributes(kind, "Name"),
  );
  expect(new Set(described).size).toBe(described.length);
  const named = ["Property", "NavigationProperty"]
    .flatMap((kind) => attributes(kind, "Type"))
    .map((type) => type.replace(/^Collection\((.*)\)$/u, "$1"))
    .filter((type) => type.startsWith("Pbx."));
  for (const type of named) expect(described).toContain(type.slice("Pbx.".length));
});

test("every collection, singleton and enum of the model is in it", () => {
  const singletons = ENTITY_SETS.filter((set) => set.singleton === true).map((set) => set.name);
  const sets = ENTITY_SETS.filter((set) => set.singleton !== true).map((set) => set.name);
  expect(attributes("EntitySet", "Name")).toEqual(sets);
  expect(attributes("Singleton", "Name")).toEqual(singletons);
  expect(attributes("EnumType", "Name")).toEqual([...ENUMS.keys()]);
});

test("what may not be null says so", () => {
  expect(XML).toContain(`<Property Name="RoleName" Type="Edm.String" Nullable="false"/>`);
  expect(XML).toContain(`<Key><PropertyRef Name="Id"/></Key>`);
});

test("the service document names every collection, and nothing else is discovered", () => {
  const answer = discover("", "http://pbx/xapi/v1");
  const { value } = JSON.parse(answer?.body ?? "");
  expect(value.map((one: { name: string }) => one.name)).toEqual(
    ENTITY_SETS.map((set) => set.name),
  );
  expect(discover("%24metadata", "x")?.body).toBe(XML);
  for (const path of ["Groups", "$meta", "$batch"]) expect(discover(path, "x")).toBeUndefined();
});
