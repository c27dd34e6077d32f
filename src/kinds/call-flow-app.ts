import { isList, normalizeLineEnds } from "../domain/plan/canonical.ts";
import type { Entity, Health, Kind, Lookup, Query, ResolveId } from "../domain/ports.ts";
import type { Problem } from "../domain/problem.ts";
import type { Json, JsonObject } from "../domain/json.ts";
import { nameResource, type DesiredResource, type LiveResource } from "../domain/resource.ts";
import { reveal } from "../domain/secret.ts";
import { callFlowPackage } from "./call-flow-package.ts";
import { explainCompilation, firstError, judgeCompilation } from "./compile.ts";
import {
  readInteger,
  readObject,
  readObjects,
  readOptionalBoolean,
  readOptionalText,
  readText,
} from "./entity.ts";

const NAME = "CallFlowApp";
const COLLECTION = "CallFlowApps";
const DEFAULT_ROLE = "users";
/** Long enough for the largest scripts seen; a client in production use gives up at 25 seconds. */
const COMPILE_TIMEOUT = 60_000;

/** ScriptCode comes only with $select, Groups and Trunk only with $expand; seen live by two clients. */
const COMPILE_STATE = [
  "Id",
  "Number",
  "ScriptCode",
  "InvalidScript",
  "CompilationSucceeded",
  "CompilationResult",
  "CompilationLastSuccess",
  "RejectedCode",
];

const QUERY: Query = {
  collection: COLLECTION,
  select: [...COMPILE_STATE, "Name", "RoutingType", "TranscriptionMode", "IsRegistered"],
  expand: [
    {
      property: "Groups",
      select: ["GroupId", "Name"],
      expand: [{ property: "Rights", select: ["RoleName"] }],
    },
    { property: "Trunk", select: ["Id", "Number"] },
  ],
};

/** A call flow app: a C# script bound to an extension number. */
export const callFlowApp: Kind = {
  name: NAME,
  collection: COLLECTION,
  keyField: "number",
  keyProperty: "Number",
  titleField: "name",
  query: QUERY,
  fields: [
    { name: "name", comparison: "line" },
    { name: "routingType", comparison: "exact" },
    { name: "trunk", comparison: "exact" },
    { name: "transcriptionMode", comparison: "exact" },
    { name: "groups", comparison: "set" },
    { name: "scriptCode", comparison: "text" },
  ],
  statusFields: [
    { name: "id", why: "the PBX assigns it, and it differs from one PBX to the next" },
    { name: "isRegistered", why: "it says whether the Call Flow service holds the number" },
    { name: "invalidScript", why: "it is the compiler's verdict on the script" },
    { name: "compilationSucceeded", why: "it is the compiler's verdict on the script" },
    { name: "compilationResult", why: "it is the compiler's own text" },
    { name: "compilationLastSuccess", why: "the compiler notes the time itself" },
    { name: "rejectedCode", why: "it holds the last script that the compiler refused" },
  ],
  fileFields: { scriptFile: "scriptCode" },
  fileEndings: { scriptFile: ".cs" },
  archives: { scriptFile: callFlowPackage },
  numbered: true,
  createdFields: ["name"],
  settle: {
    field: "scriptCode",
    query: { collection: COLLECTION, select: COMPILE_STATE },
    timeout: COMPILE_TIMEOUT,
    reduce: judgeCompilation,
    explain: explainCompilation,
  },
  readEntity,
  complete,
  createBody: (key, fields) => ({ Number: key, ...pick(fields, "name", "Name") }),
  updateBody,
  lookups,
  lookupCollections: ["Groups", "Trunks"],
  references: () => [],
  check,
  health,
};

function readEntity(entity: Entity): LiveResource {
  const groups = readObjects(entity, "Groups");
  const trunk = readObject(entity, "Trunk");
  return {
    kind: NAME,
    key: readText(entity, "Number"),
    id: readInteger(entity, "Id"),
    fields: dropAbsent({
      name: readOptionalText(entity, "Name"),
      routingType: readOptionalText(entity, "RoutingType"),
      trunk: trunk && { number: readText(trunk, "Number") },
      transcriptionMode: readOptionalText(entity, "TranscriptionMode"),
      groups: groups?.flatMap(readGroup),
      scriptCode: readOptionalText(entity, "ScriptCode"),
    }),
    status: dropAbsent({
      id: readInteger(entity, "Id"),
      isRegistered: readOptionalBoolean(entity, "IsRegistered"),
      invalidScript: readOptionalBoolean(entity, "InvalidScript"),
      compilationSucceeded: readOptionalBoolean(entity, "CompilationSucceeded"),
      compilationResult: readOptionalText(entity, "CompilationResult"),
      compilationLastSuccess: readOptionalText(entity, "CompilationLastSuccess"),
      rejectedCode: readOptionalText(entity, "RejectedCode"),
    }),
  };
}

/** Every user's favourites are a hidden department of that name; they are not anybody's configuration. */
function readGroup(group: JsonObject): JsonObject[] {
  const name = readText(group, "Name");
  if (name.startsWith("___FAVORITES___")) return [];
  const rights = readObject(group, "Rights");
  return [{ name, role: readOptionalText(rights ?? {}, "RoleName") ?? DEFAULT_ROLE }];
}

function complete(field: string, value: Json): Json {
  if (field !== "groups" || value === null || !isList(value)) return value;
  return value.map((group) =>
    isObject(group) && group["role"] === undefined ? { ...group, role: DEFAULT_ROLE } : group,
  );
}

function updateBody(fields: Readonly<Record<string, Json>>, resolve: ResolveId): Entity {
  return {
    ...pick(fields, "name", "Name"),
    ...pick(fields, "routingType", "RoutingType"),
    ...pick(fields, "transcriptionMode", "TranscriptionMode"),
    ...(typeof fields["scriptCode"] === "string"
      ? { ScriptCode: normalizeLineEnds(fields["scriptCode"]) }
      : {}),
    ...(fields["groups"] === undefined ? {} : { Groups: writeGroups(fields["groups"], resolve) }),
    ...(fields["trunk"] === undefined ? {} : { Trunk: writeTrunk(fields["trunk"], resolve) }),
  };
}

/** `Rights`, because a `GroupRights` is accepted and does nothing; the list replaces the one before. */
function writeGroups(groups: Json, resolve: ResolveId): Json {
  return objectsOf(complete("groups", groups)).map((group) => ({
    GroupId: resolve(departmentOf(group)),
    Rights: { RoleName: group["role"] ?? DEFAULT_ROLE },
  }));
}

/** Nobody has shown this write; the nearest one seen live is the TrunkDN of an inbound rule, which takes both. */
function writeTrunk(trunk: Json, resolve: ResolveId): Json {
  if (trunk === null || !isObject(trunk)) return null;
  return { Id: resolve(trunkOf(trunk)), Number: trunk["number"] ?? null };
}

function lookups(field: string, value: Json): Lookup[] {
  if (field === "groups")
    return objectsOf(value).map((group) =>
      Object.assign(departmentOf(group), { field, noun: "department" }),
    );
  if (field === "trunk" && value !== null && isObject(value))
    return [{ ...trunkOf(value), field, noun: "trunk" }];
  return [];
}

function departmentOf(group: JsonObject): Omit<Lookup, "field" | "noun"> {
  return { collection: "Groups", property: "Name", value: writeKey(group["name"]) };
}

function trunkOf(trunk: JsonObject): Omit<Lookup, "field" | "noun"> {
  return { collection: "Trunks", property: "Number", value: writeKey(trunk["number"]) };
}

function writeKey(value: Json | undefined): string {
  return typeof value === "string" ? value : JSON.stringify(value ?? null);
}

function check(desired: DesiredResource): Problem[] {
  const { trunk, routingType } = desired.fields;
  const unused =
    trunk !== undefined &&
    reveal(trunk) !== null &&
    routingType !== undefined &&
    reveal(routingType) !== "Trunk";
  if (!unused) return [];
  const at = desired.fieldSpans["trunk"];
  return [
    {
      severity: "warning",
      code: "trunk-unused",
      message: "a trunk is named, but only routingType Trunk sends its calls to this app",
      hint: "set routingType: Trunk, or remove the trunk",
      subject: nameResource(desired),
      ...(at === undefined ? {} : { at }),
    },
  ];
}

function health({ status }: LiveResource): Health {
  const reasons = [
    ...(status["invalidScript"] === true ? [`no script that runs${because(status)}`] : []),
    ...(status["invalidScript"] !== true && status["compilationSucceeded"] === false
      ? [`the last script was refused, the one before still answers calls${because(status)}`]
      : []),
    ...(status["isRegistered"] === false ? ["not registered with the Call Flow service"] : []),
  ];
  return {
    state: reasons.length === 0 ? "healthy" : "unhealthy",
    reason: reasons.join("; "),
    runnable: status["invalidScript"] !== true,
  };
}

function because(status: LiveResource["status"]): string {
  const text = firstError(status["compilationResult"]);
  return text === undefined ? "" : ` (${text})`;
}

function pick(fields: Readonly<Record<string, Json>>, field: string, property: string): Entity {
  const value = fields[field];
  return value === undefined ? {} : { [property]: value };
}

function objectsOf(value: Json): JsonObject[] {
  return value !== null && isList(value) ? value.filter(isObject) : [];
}

function isObject(value: Json): value is JsonObject {
  return typeof value === "object" && value !== null && !isList(value);
}

function dropAbsent(values: Readonly<Record<string, Json | undefined>>): Record<string, Json> {
  const kept: Record<string, Json> = {};
  for (const [name, value] of Object.entries(values)) if (value !== undefined) kept[name] = value;
  return kept;
}
