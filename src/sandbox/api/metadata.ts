import { ENUMS } from "../model/enums.ts";
import { COMPLEX_TYPES } from "../model/complex-types.ts";
import { ENTITY_SETS } from "../model/registry.ts";
import type { ObjectType, Property } from "../model/types.ts";

const EDM: Readonly<Record<string, string>> = {
  string: "Edm.String",
  int: "Edm.Int32",
  byte: "Edm.Byte",
  bool: "Edm.Boolean",
  date: "Edm.DateTimeOffset",
  duration: "Edm.Duration",
  time: "Edm.TimeOfDay",
  number: "Edm.Int64",
  any: "Edm.Untyped",
};

/** The model as an OData 4 metadata document (CSDL XML). */
export function writeMetadata(): string {
  const enums = [...ENUMS].map(
    ([name, members]) =>
      `<EnumType Name="${name}">${[...members].map((member, index) => `<Member Name="${member}" Value="${index}"/>`).join("")}</EnumType>`,
  );
  const complex = COMPLEX_TYPES.map((type) => writeType("ComplexType", type, undefined));
  const entities = ENTITY_SETS.map(({ type, key, alternateKey }) =>
    writeType("EntityType", type, key ?? alternateKey ?? "Id"),
  );
  const sets = ENTITY_SETS.map(({ name, type, singleton }) =>
    singleton === true
      ? `<Singleton Name="${name}" Type="Pbx.${type.name}"/>`
      : `<EntitySet Name="${name}" EntityType="Pbx.${type.name}"/>`,
  );
  return [
    `<?xml version="1.0" encoding="utf-8"?>`,
    `<edmx:Edmx Version="4.0" xmlns:edmx="http://docs.oasis-open.org/odata/ns/edmx"><edmx:DataServices>`,
    `<Schema Namespace="Pbx" xmlns="http://docs.oasis-open.org/odata/ns/edm">`,
    ...enums,
    ...complex,
    ...entities,
    `<EntityContainer Name="Container">${sets.join("")}</EntityContainer>`,
    `</Schema></edmx:DataServices></edmx:Edmx>`,
  ].join("\n");
}

function writeType(element: string, type: ObjectType, key: string | undefined): string {
  const ref = key === undefined ? "" : `<Key><PropertyRef Name="${key}"/></Key>`;
  const properties = [...type.properties.values()].map(writeProperty).join("");
  return `<${element} Name="${type.name}">${ref}${properties}</${element}>`;
}

function writeProperty({ name, type, list, navigation, required }: Property): string {
  const element = navigation ? "NavigationProperty" : "Property";
  const edm = EDM[type] ?? `Pbx.${type}`;
  const nullable = required ? ` Nullable="false"` : "";
  return `<${element} Name="${name}" Type="${list ? `Collection(${edm})` : edm}"${nullable}/>`;
}
