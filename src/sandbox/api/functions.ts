import type { Json } from "../json.ts";
import { isObject } from "../json.ts";
import { asList } from "../model/links.ts";
import { listRoutes, replaceRoutes } from "./did-routes.ts";
import { setNamed, typeNamed } from "../model/registry.ts";
import type { Row } from "../model/types.ts";
import { bindBody } from "../pbx/binder.ts";
import type { Pbx } from "../pbx/pbx.ts";
import { firstFree } from "../pbx/writes.ts";
import { notFound, unbindable, warnOf } from "../refusal.ts";

export interface Call {
  readonly pbx: Pbx;
  /** The entity it is called on; undefined for a function of the whole collection. */
  readonly row: Row | undefined;
  readonly args: Readonly<Record<string, Json>>;
  readonly body: Json | undefined;
}

export type CallResult =
  | { readonly gives: "nothing" }
  | { readonly gives: "texts"; readonly value: readonly Json[] }
  | { readonly gives: "entity"; readonly type: string; readonly row: Row }
  | { readonly gives: "entities"; readonly type: string; readonly rows: readonly Row[] };

export interface ApiFunction {
  readonly method: "GET" | "POST";
  /** Of one entity instead of the collection. */
  readonly bound?: boolean;
  run(call: Call): CallResult;
}

const NOTHING: CallResult = { gives: "nothing" };

/** Functions and actions by `Set/Pbx.Name`. */
export const FUNCTIONS: Readonly<Record<string, ApiFunction>> = {
  "CallFlowApps/Pbx.GetFiles": {
    method: "GET",
    bound: true,
    run: ({ row }) => ({ gives: "texts", value: asList(row?.["Files"]) }),
  },
  "CallFlowApps/Pbx.DeleteFile": {
    method: "POST",
    bound: true,
    run: ({ pbx, row, body }) => {
      const name = readText(body, "filename");
      const files = asList(row?.["Files"]);
      if (row === undefined || !files.includes(name))
        throw warnOf("filename", "WARNINGS.XAPI.FILE_NOT_FOUND");
      const values = { Files: files.filter((file) => file !== name) };
      pbx.store.apply({ set: "CallFlowApps", row, values });
      return NOTHING;
    },
  },
  "Trunks/Pbx.InitTrunk": {
    method: "GET",
    run: ({ args }) => ({
      gives: "entity",
      type: "Trunk",
      row: newTrunk(readArgument(args, "template")),
    }),
  },
  "Groups/Pbx.DeleteCompanyById": {
    method: "POST",
    run: ({ pbx, body }) => {
      const id = isObject(body) ? body["id"] : undefined;
      if (typeof id !== "number") throw unbindable();
      const row = pbx.store.byId("Groups", id);
      // 3CX's REST API page gives 404 for an id that no department has.
      if (row === undefined) throw notFound();
      pbx.removeDepartment(row);
      return NOTHING;
    },
  },
  "Groups/Pbx.DeleteCompanyByNumber": {
    method: "POST",
    run: ({ pbx, body }) => {
      const found = pbx.store.byNumber(readText(body, "number"));
      if (found?.set !== "Groups") throw warnOf("number", "WARNINGS.XAPI.NOT_FOUND");
      pbx.removeDepartment(found.row);
      return NOTHING;
    },
  },
  "Users/Pbx.BatchDelete": {
    method: "POST",
    run: ({ pbx, body }) => {
      const users = setNamed("Users");
      const unknown = readIds(body).flatMap((id) => {
        const row = pbx.store.byId("Users", id);
        if (row !== undefined) pbx.remove(users, row);
        return row === undefined ? [{ Error: "WARNINGS.XAPI.NOT_FOUND", ExtensionNumber: "" }] : [];
      });
      return { gives: "entities", type: "UserDeleteError", rows: unknown };
    },
  },
  "InboundRules/Pbx.BulkInboundRulesDelete": {
    method: "POST",
    run: ({ pbx, body }) => {
      const rules = setNamed("InboundRules");
      const rows = readIds(body)
        .map((id) => pbx.store.byId("InboundRules", id))
        .filter((row) => row !== undefined);
      for (const row of rows) rules.guardRemoval?.(pbx.store, row);
      for (const row of rows) pbx.remove(rules, row);
      return NOTHING;
    },
  },
  "Queues/Pbx.ResetQueueStatistics": { method: "POST", bound: true, run: () => NOTHING },
  "Defs/Pbx.GetRoutes": {
    method: "POST",
    run: ({ pbx, body }) => ({
      gives: "entities",
      type: "SetRouteRequest",
      rows: readIds(body).map((id) => ({ Id: id, Routes: listRoutes(pbx.store, id) })),
    }),
  },
  "Trunks/Pbx.SetRoutes": {
    method: "POST",
    run: ({ pbx, body }) => {
      const routes = isObject(body) ? body["routes"] : undefined;
      const bound = bindBody(routes, typeNamed("SetRouteRequest"));
      for (const change of replaceRoutes(pbx.store, bound)) pbx.store.apply(change);
      return NOTHING;
    },
  },
  "Parameters/Pbx.GetParameterByName": {
    method: "GET",
    run: ({ pbx, args }) => {
      const name = readArgument(args, "name");
      const row = pbx.store.list("Parameters").find((one) => one["Name"] === name);
      if (row === undefined) throw notFound();
      return { gives: "entity", type: "Parameter", row };
    },
  },
  "Defs/Pbx.GetSystemParameters": {
    method: "GET",
    run: ({ pbx }) => ({
      gives: "entity",
      type: "SystemParameters",
      row: {
        ENL: 3,
        ENLRange: { From: 100, To: 999 },
        FQDN: "pbx.example.com",
        HttpsPort: 5001,
        License: { IsEnterprise: true, IsCfdEnabled: true, ProductCode: "3CXENT" },
        Version: pbx.store.version,
      },
    }),
  },
  "OutboundRules/Pbx.GetEmergencyOutboundRules": {
    method: "GET",
    run: ({ pbx }) => ({
      gives: "entities",
      type: "OutboundRule",
      rows: pbx.store.list("OutboundRules").filter((row) => row["EmergencyRule"] === true),
    }),
  },
  ...Object.fromEntries(
    [
      ["Queues", "Queue"],
      ["RingGroups", "RingGroup"],
      ["Receptionists", "Receptionist"],
      ["Trunks", "Trunk"],
      ["Users", "Extension"],
    ].map(([set = "", noun = ""]) => [
      `${set}/Pbx.GetFirstAvailable${noun}Number`,
      {
        method: "GET" as const,
        run: ({ pbx }: Call): CallResult => ({
          gives: "entity",
          type: "FirstAvailableNumber",
          row: { Number: firstFree(pbx.store, setNamed(set)) },
        }),
      },
    ]),
  ),
};

function readArgument(args: Readonly<Record<string, Json>>, name: string): string {
  const value = args[name];
  // Live PBXs answer a call without its argument as if there were no such function.
  if (typeof value !== "string") throw notFound();
  return value;
}

/** `ids` in 3CX's OpenAPI file, `Ids` on its REST API page. */
function readIds(body: Json | undefined): readonly number[] {
  const ids = isObject(body) ? (body["ids"] ?? body["Ids"]) : undefined;
  if (!Array.isArray(ids) || !ids.every(Number.isInteger)) throw unbindable();
  return ids.map(Number);
}

function readText(body: Json | undefined, name: string): string {
  const value = isObject(body) ? body[name] : undefined;
  if (typeof value !== "string") throw unbindable();
  return value;
}

function newTrunk(template: string): Row {
  return {
    Id: 0,
    Gateway: { Name: template.replace(/\..*$/u, ""), TemplateFilename: template, Type: "Provider" },
    Direction: "Both",
    EnableInboundCalls: true,
    EnableOutboundCalls: true,
    SimultaneousCalls: 10,
  };
}
