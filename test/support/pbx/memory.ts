import type { Json, JsonObject } from "../../../src/domain/json.ts";
import type {
  Again,
  Clock,
  Entity,
  Expand,
  Query,
  Reader,
  Writer,
} from "../../../src/domain/ports.ts";
import { failure, type ProblemError } from "../../../src/domain/problem.ts";
import { createCompiler, judgeByWord, type CompilerOptions, type Row } from "./compiler.ts";

export interface MemoryRequest {
  readonly method: "GET" | "POST" | "PATCH" | "DELETE";
  readonly collection: string;
  readonly id?: number;
  readonly body?: Entity;
  /** The property that a read looks for, and its values. */
  readonly by?: string;
  readonly values?: readonly (string | number)[];
}

export interface MemoryOptions extends Partial<CompilerOptions> {
  readonly clock: Clock;
  /** Of every request, in milliseconds. */
  readonly latency?: number;
  /** Called before a request takes effect; what it throws is the request's end. */
  readonly before?: (request: MemoryRequest) => void | Promise<void>;
  /** The same, called once it has taken effect. */
  readonly after?: (request: MemoryRequest) => void;
  readonly departments?: readonly string[];
  readonly trunks?: readonly string[];
  /** Rows of CallFlowApps; a ScriptCode is taken to run. */
  readonly apps?: readonly Entity[];
  readonly widgets?: readonly Entity[];
  /** What else holds numbers. */
  readonly queues?: readonly Entity[];
}

export interface MemoryPbx {
  readonly reader: Reader;
  readonly writer: Writer;
  /** Every request in the order of their start: `PATCH CallFlowApps(3) ScriptCode`, `GET CallFlowApps by Id`. */
  readonly requests: readonly string[];
  /** The most writes that were under way at the same time. */
  readonly peakWrites: () => number;
  /** A copy of all rows, verdicts that are due included. */
  rows(collection: string): Entity[];
  /** Changes a row past the API, as the console does. */
  edit(collection: string, id: number, values: Entity): void;
  drop(collection: string, id: number): void;
  /** Makes a row past the API, and gives its id. */
  add(collection: string, values: Entity): number;
}

const NEW_APP: Entity = {
  Name: null,
  RoutingType: null,
  TranscriptionMode: null,
  Groups: [],
  Trunk: null,
  ScriptCode: null,
  RejectedCode: null,
  InvalidScript: true,
  CompilationSucceeded: false,
  CompilationResult: null,
  CompilationLastSuccess: null,
  IsRegistered: true,
};
const NEW_WIDGET: Entity = { Title: null, Size: null, Notes: null, Tags: [], Parts: [] };
const RUNNING: Entity = {
  InvalidScript: false,
  CompilationSucceeded: true,
  CompilationLastSuccess: "2025-12-01T08:00:00.000Z",
};

/** A PBX in memory, as far as provisioning sees it: behaves as one was seen to, and takes its time on the given clock. */
export function createMemoryPbx(options: MemoryOptions): MemoryPbx {
  const { clock, latency = 0 } = options;
  const compiler = createCompiler({
    compileTime: 1000,
    judge: judgeByWord,
    losesOldScript: false,
    showsSentText: false,
    ...options,
  });
  const collections = new Map<string, Map<number, Row>>();
  const requests: string[] = [];
  let [lastId, writing, peak] = [0, 0, 0];

  for (const name of ["CallFlowApps", "Widgets", "Groups", "Trunks", "Queues"])
    collections.set(name, new Map());
  for (const name of options.departments ?? []) add("Groups", { Name: name });
  for (const number of options.trunks ?? []) add("Trunks", { Number: number, Name: "a trunk" });
  for (const queue of options.queues ?? []) add("Queues", queue);
  for (const app of options.apps ?? [])
    add("CallFlowApps", {
      ...NEW_APP,
      ...(typeof app["ScriptCode"] === "string" ? RUNNING : {}),
      ...app,
    });
  for (const item of options.widgets ?? []) add("Widgets", { ...NEW_WIDGET, ...item });

  function add(collection: string, values: Entity): number {
    lastId += 1;
    tableOf(collection).set(lastId, { Id: lastId, ...structuredClone(values) });
    return lastId;
  }

  function tableOf(collection: string): Map<number, Row> {
    const table = collections.get(collection);
    if (table === undefined) throw refuse(404, `no collection ${collection}`);
    return table;
  }

  function listRows(collection: string): Row[] {
    if (collection === "Peers") return listPeers();
    return [...tableOf(collection).values()].map((row) => {
      compiler.look(row);
      return row;
    });
  }

  /** One number plan for all kinds of extensions. */
  function listPeers(): Row[] {
    const types = { CallFlowApps: "RoutePoint", Queues: "Queue", Trunks: "Trunk" };
    return Object.entries(types).flatMap(([collection, type]) =>
      [...tableOf(collection).values()].map((row) => Object.assign({ Type: type }, row)),
    );
  }

  async function perform<T>(
    request: MemoryRequest,
    signal: AbortSignal | undefined,
    effect: () => T,
  ): Promise<T> {
    signal?.throwIfAborted();
    requests.push(describe(request));
    const isWrite = request.method !== "GET";
    if (isWrite) peak = Math.max(peak, (writing += 1));
    try {
      await options.before?.(request);
      await clock.sleep(latency, signal === undefined ? undefined : AbortSignal.any([signal]));
      const outcome = effect();
      options.after?.(request);
      return outcome;
    } finally {
      if (isWrite) writing -= 1;
    }
  }

  function create(collection: string, body: Entity): number {
    if (collection === "Widgets") return add(collection, { ...NEW_WIDGET, ...body });
    if (listPeers().some((peer) => peer["Number"] === body["Number"]))
      throw refuse(400, "Number: WARNINGS.XAPI.ALREADY_IN_USE");
    return add(collection, { ...NEW_APP, ...body });
  }

  function update(collection: string, id: number, body: Entity): void {
    const row = tableOf(collection).get(id);
    if (row === undefined) throw refuse(404, "no such entity");
    const { ScriptCode: script, Groups: groups, Trunk: trunk, ...rest } = body;
    const strange = Object.keys(rest).filter((name) => !(name in row) || name === "Number");
    if (strange.length > 0) throw refuse(400, `delta: the delta field is required (${strange[0]})`);
    Object.assign(row, rest);
    if (groups !== undefined) row["Groups"] = listOf(groups).map(bindGroup);
    if (trunk !== undefined) row["Trunk"] = trunk === null ? null : bindTrunk(trunk);
    if (typeof script === "string") compiler.write(row, script);
  }

  function bindGroup(group: Json): Json {
    const { GroupId: id = null, Rights = null } = objectOf(group);
    const department = typeof id === "number" ? tableOf("Groups").get(id) : undefined;
    if (department === undefined) throw refuse(400, "Groups: WARNINGS.XAPI.NOT_FOUND");
    return { GroupId: id, Name: department["Name"] ?? null, Rights };
  }

  function bindTrunk(trunk: Json): Json {
    const { Id: id = null } = objectOf(trunk);
    const found = typeof id === "number" ? tableOf("Trunks").get(id) : undefined;
    if (found === undefined) throw refuse(400, "Trunk: WARNINGS.XAPI.NOT_FOUND");
    return { Id: id, Number: found["Number"] ?? null };
  }

  return {
    requests,
    peakWrites: () => peak,
    rows: (collection) => structuredClone(listRows(collection)),
    edit: (collection, id, values) => void Object.assign(tableOf(collection).get(id) ?? {}, values),
    drop: (collection, id) => void tableOf(collection).delete(id),
    add: (collection, values) =>
      add(collection, { ...(collection === "Widgets" ? NEW_WIDGET : NEW_APP), ...values }),
    reader: {
      list: (query, signal) =>
        perform(describeRead(query), signal, () =>
          listRows(query.collection)
            .filter((row) => matches(row, query.where))
            .map((row) => project(row, query.select, query.expand ?? [])),
        ),
    },
    writer: {
      create: (collection, body, _, signal) =>
        perform({ method: "POST", collection, body }, signal, () => create(collection, body)),
      async update(collection, id, body, again, signal) {
        await persist(body, again, (sent) =>
          perform({ method: "PATCH", collection, id, body: sent }, signal, () =>
            update(collection, id, sent),
          ),
        );
      },
      async remove(collection, seen, again, signal) {
        const id = Number(seen["Id"]);
        const removed = await persist(seen, again, () =>
          perform({ method: "DELETE", collection, id }, signal, () =>
            tableOf(collection).delete(id),
          ),
        );
        return removed === false ? "absent" : "removed";
      },
    },
  };
}

/** Sends until there is an answer, as a client does: whoever sends looks before he sends again. */
async function persist<T>(
  first: Entity,
  again: Again,
  send: (entity: Entity) => Promise<T>,
): Promise<T | "done"> {
  let entity: Entity = first;
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await send(entity);
    } catch (error) {
      if (!(error instanceof LostAnswer)) throw error;
      if (attempt === MOST_ATTEMPTS) throw failure("pbx-unreachable", "the line is dead");
      const next = await again();
      if (next === "done") return next;
      entity = next;
    }
  }
}

const MOST_ATTEMPTS = 5;

/** What a hook throws for an answer that never came; the client sends again. */
export class LostAnswer extends Error {}

function describeRead({ collection, where }: Query): MemoryRequest {
  const wanted = where === undefined ? {} : { by: where.property, values: where.in };
  return { method: "GET", collection, ...wanted };
}

function describe({ method, collection, id, body, by }: MemoryRequest): string {
  if (by !== undefined) return `${method} ${collection} by ${by}`;
  if (id !== undefined)
    return `${method} ${collection}(${id}) ${Object.keys(body ?? {}).join(" ")}`.trimEnd();
  return body === undefined
    ? `${method} ${collection}`
    : `${method} ${collection} ${nameKey(body)}`;
}

function nameKey(body: Entity): string {
  const key = body["Number"] ?? body["Code"];
  return typeof key === "string" ? key : "";
}

function matches(row: Row, where: Query["where"]): boolean {
  if (where === undefined) return true;
  const value = row[where.property];
  return (typeof value === "string" || typeof value === "number") && where.in.includes(value);
}

/** What was selected and expanded and nothing else, as a PBX answers; a property it does not know is refused. */
function project(row: JsonObject, select: readonly string[], expand: readonly Expand[]): Entity {
  const entity: Record<string, Json> = {};
  for (const name of select) {
    if (!(name in row) && name !== "Revision") throw refuse(400, `no property named '${name}'`);
    entity[name] = structuredClone(row[name] ?? null);
  }
  for (const { property, select: inner, expand: deeper = [] } of expand) {
    const value = row[property] ?? null;
    const cut = (part: Json): Json =>
      project(objectOf(part), inner ?? Object.keys(objectOf(part)), deeper);
    entity[property] = value === null ? null : Array.isArray(value) ? value.map(cut) : cut(value);
  }
  return entity;
}

function objectOf(value: Json): JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value)
    ? Object.fromEntries(Object.entries(value))
    : {};
}

function listOf(value: Json): readonly Json[] {
  return Array.isArray(value) ? value : [];
}

function refuse(status: number, words: string): ProblemError {
  return failure(
    status === 403 ? "pbx-forbidden" : "pbx-refused",
    `refused with ${status}: ${words}`,
  );
}
