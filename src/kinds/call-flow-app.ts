import { normalizeLineEnds } from "../domain/plan/canonical.ts";
import type { Entity, Health, Kind, Lookup, Query, ResolveId } from "../domain/ports.ts";
import type { Problem } from "../domain/problem.ts";
import type { Json } from "../domain/json.ts";
import { nameResource, type DesiredResource, type LiveResource } from "../domain/resource.ts";
import { reveal } from "../domain/secret.ts";
import { callFlowPackage } from "./call-flow-package.ts";
import { explainCompilation, firstError, judgeCompilation } from "./compile.ts";
import {
  isObject,
  objectsOf,
  readInteger,
  readOptionalBoolean,
  readOptionalText,
  readText,
} from "./entity.ts";
import {
  completeMemberships,
  departmentOf,
  MEMBERSHIPS,
  readMemberships,
  WHOLE_MEMBERSHIPS,
  writeMemberships,
} from "./memberships.ts";
import { readTrunk, TRUNK, trunkOf, writeTrunk } from "./trunk.ts";

const NAME = "CallFlowApp";
const COLLECTION = "CallFlowApps";
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
  expand: [MEMBERSHIPS, TRUNK],
};

/** A call flow app: a C# script bound to an extension number. */
export const callFlowApp: Kind = {
  name: NAME,
  collection: COLLECTION,
  keyField: "number",
  keyProperty: "Number",
  titleField: "name",
  query: QUERY,
  writeQuery: { ...QUERY, expand: [WHOLE_MEMBERSHIPS, TRUNK] },
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
  return {
    kind: NAME,
    key: readText(entity, "Number"),
    id: readInteger(entity, "Id"),
    fields: dropAbsent({
      name: readOptionalText(entity, "Name"),
      routingType: readOptionalText(entity, "RoutingType"),
      trunk: readTrunk(entity),
      transcriptionMode: readOptionalText(entity, "TranscriptionMode"),
      groups: readMemberships(entity),
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

function complete(field: string, value: Json): Json {
  return field === "groups" ? completeMemberships(value) : value;
}

function updateBody(
  fields: Readonly<Record<string, Json>>,
  resolve: ResolveId,
  seen?: Entity,
): Entity {
  return {
    ...pick(fields, "name", "Name"),
    ...pick(fields, "routingType", "RoutingType"),
    ...pick(fields, "transcriptionMode", "TranscriptionMode"),
    ...(typeof fields["scriptCode"] === "string"
      ? { ScriptCode: normalizeLineEnds(fields["scriptCode"]) }
      : {}),
    ...(fields["groups"] === undefined
      ? {}
      : { Groups: writeMemberships(fields["groups"], resolve, seen) }),
    ...(fields["trunk"] === undefined ? {} : { Trunk: writeTrunk(fields["trunk"], resolve) }),
  };
}

function lookups(field: string, value: Json): Lookup[] {
  if (field === "groups")
    return objectsOf(value).map((group) => ({
      ...departmentOf(group),
      field,
      noun: "department",
    }));
  if (field === "trunk" && value !== null && isObject(value))
    return [{ ...trunkOf(value), field, noun: "trunk" }];
  return [];
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

function dropAbsent(values: Readonly<Record<string, Json | undefined>>): Record<string, Json> {
  const kept: Record<string, Json> = {};
  for (const [name, value] of Object.entries(values)) if (value !== undefined) kept[name] = value;
  return kept;
}
