import type { Json } from "../../../src/domain/json.ts";
import type { Answer, Seen } from "../pbx/server.ts";
import { isMap } from "./damage.ts";

const OLD = "class Old {}";

/** A PBX that answers as a real one does, with one app, one department and a trunk, and compiles at once. */
export function createAnswers(): (seen: Seen) => Answer {
  const apps = new Map<number, Record<string, Json>>([[3, makeApp(3, "806", OLD)]]);
  const rows: Readonly<Record<string, () => readonly Json[]>> = {
    CallFlowApps: () => [...apps.values()],
    Groups: () => [{ Id: 28, Name: "DEFAULT" }],
    Trunks: () => [{ Id: 9, Number: "10001" }],
    Peers: () =>
      [...apps.values()].map(({ Number: number = null }) => ({
        Id: 1,
        Number: number,
        Name: "x",
        Type: "RoutePoint",
      })),
  };
  return ({ method, path: target, body }) => {
    if (target === "/connect/token")
      return { status: 200, json: { access_token: "a.e30.c", expires_in: 3600 } };
    const { pathname, searchParams } = new URL(target, "http://pbx");
    const [, set = "", id] = /^\/xapi\/v1\/(\w+)(?:\((\d+)\))?$/.exec(pathname) ?? [];
    if (method === "GET") {
      const all = rows[set]?.() ?? [];
      const value = all.filter((row) => matches(row, searchParams.get("$filter")));
      return { status: 200, json: { "@odata.context": "x", "@odata.count": value.length, value } };
    }
    if (method === "DELETE") return { status: apps.delete(Number(id)) ? 204 : 404 };
    const given = JSON.parse(body) as Record<string, Json>;
    if (method === "POST") {
      const row = { ...makeApp(4, "807", null), ...given };
      apps.set(4, row);
      return { status: 201, json: row };
    }
    const row = apps.get(Number(id));
    if (row === undefined)
      return { status: 404, json: { error: { code: "", message: "not found" } } };
    Object.assign(row, given);
    if (typeof given["ScriptCode"] === "string")
      Object.assign(row, {
        InvalidScript: false,
        CompilationSucceeded: true,
        CompilationLastSuccess: new Date().toISOString(),
      });
    return { status: 204 };
  };
}

function matches(row: Json, filter: string | null): boolean {
  if (filter === null || !isMap(row)) return true;
  return filter.split(" or ").some((part) => {
    const [name = "", , ...rest] = part.split(" ");
    const value = row[name];
    return value === JSON.parse(rest.join(" ").replaceAll("'", '"'));
  });
}

function makeApp(id: number, number: string, script: string | null): Record<string, Json> {
  return {
    Id: id,
    Number: number,
    Name: "night",
    RoutingType: "Forward",
    TranscriptionMode: "Inherit",
    ScriptCode: script,
    InvalidScript: script === null,
    CompilationSucceeded: script !== null,
    CompilationResult: "",
    CompilationLastSuccess: script === null ? null : "2026-01-02T03:04:05Z",
    RejectedCode: null,
    IsRegistered: true,
    Groups: [{ GroupId: 28, Name: "DEFAULT", Rights: { RoleName: "users" } }],
    Trunk: { Id: 9, Number: "10001" },
  };
}
