import * as fc from "fast-check";
import type { Json, JsonObject } from "../../../src/domain/json.ts";
import { canonicalizeField, canonicalizeJson } from "../../../src/domain/plan/canonical.ts";
import type { Change } from "../../../src/domain/plan/plan.ts";
import type { Entity } from "../../../src/domain/ports.ts";
import { hasErrors } from "../../../src/domain/problem.ts";
import { nameResource } from "../../../src/domain/resource.ts";
import type { ApplyResult } from "../../../src/domain/result.ts";
import { readText } from "../../../src/kinds/declare/entity.ts";
import { createBench } from "../pbx/bench.ts";
import { LostAnswer, type MemoryPbx, type MemoryRequest } from "../pbx/memory.ts";
import { DEPARTMENTS, TRUNKS, type EngineWorld } from "./engine.ts";
import { deployBase, LONG, planWorld } from "./run.ts";

/** What somebody does in the console right before a request of an apply: sets a property, or something with the whole object. */
export interface Act {
  /** The request, counted from 1 since the apply began. */
  readonly at: number;
  readonly key: string;
  readonly deed: "rename" | "rewrite" | "reroute" | "join" | "favour" | "remove" | "anew" | "make";
}

/** A world in which somebody else is at the console all the while. */
export interface ContestedWorld extends EngineWorld {
  readonly acts: readonly Act[];
  /** Requests whose answer is lost, where they are changes or deletes; `effective`: after they took effect. */
  readonly lost: readonly { readonly at: number; readonly effective: boolean }[];
}

/** What was lost: an act that a later request undid, and whether it could have been seen before. */
export interface Loss {
  readonly key: string;
  readonly what: string;
  readonly seen: boolean;
  /** Milliseconds from the last look to the request that undid it. */
  readonly window: number;
}

export interface ContestedRun {
  readonly world: ContestedWorld;
  readonly changes: readonly Change[];
  /** Undefined where the plan must not be applied. */
  readonly results: readonly ApplyResult[] | undefined;
  readonly losses: readonly Loss[];
  /** Keys that somebody touched, with how often. */
  readonly touched: ReadonlyMap<string, number>;
  /** By key: what somebody set after our last write of it; "" is the whole object. */
  readonly touchedLast: ReadonlyMap<string, ReadonlySet<string>>;
  readonly after: ReadonlyMap<string, Entity>;
}

const FAVOURITES = DEPARTMENTS.length + TRUNKS.length + 1;

/** Worlds in which up to a dozen acts fall between the requests of the apply, and some answers are lost. */
export function contested(
  world: fc.Arbitrary<EngineWorld>,
  keys: readonly string[],
): fc.Arbitrary<ContestedWorld> {
  const act = fc.record({
    at: fc.integer({ min: 1, max: 60 }),
    key: fc.constantFrom(...keys),
    deed: fc.constantFrom<Act["deed"]>(
      "rename",
      "rewrite",
      "reroute",
      "join",
      "favour",
      "remove",
      "anew",
      "make",
    ),
  });
  const loss = fc.record({ at: fc.integer({ min: 1, max: 60 }), effective: fc.boolean() });
  return fc
    .tuple(world, fc.array(act, { minLength: 1, maxLength: 12 }), fc.array(loss, { maxLength: 6 }))
    .map(([given, acts, lost]) => ({
      ...given,
      faults: [],
      maxDeletes: 20,
      maxChangePercent: 100,
      acts,
      lost,
    }));
}

/** Plans, and applies while somebody acts; notes every act that a request of ours undid. */
export async function runContested(world: ContestedWorld): Promise<ContestedRun> {
  const { kind } = world;
  const watch = createWitness(world);
  const bench = createBench({
    departments: DEPARTMENTS,
    trunks: TRUNKS,
    latency: 5,
    losesOldScript: world.losesOldScript,
    ...(kind.numbered ? { apps: world.rows } : { widgets: world.rows }),
    before: (request) => watch.before(request, bench.pbx),
    after: (request) => watch.after(request, bench.clock.now()),
  });
  await deployBase(bench, world);
  const planned = await planWorld(bench, world, world.head);
  const refused = hasErrors(planned.plan.problems);
  watch.begin(bench.pbx);
  const results = refused ? undefined : await bench.apply(planned, world);
  watch.end();
  await bench.clock.sleep(LONG);
  const rows = bench.pbx.rows(kind.collection);
  return {
    world,
    changes: planned.plan.changes,
    results,
    losses: watch.losses,
    touched: watch.touched,
    touchedLast: watch.touchedLast,
    after: new Map(rows.map((row) => [readText(row, kind.keyProperty), row])),
  };
}

interface Witness {
  readonly losses: readonly Loss[];
  readonly touched: ReadonlyMap<string, number>;
  readonly touchedLast: ReadonlyMap<string, ReadonlySet<string>>;
  begin(pbx: MemoryPbx): void;
  end(): void;
  before(request: MemoryRequest, pbx: MemoryPbx): void;
  after(request: MemoryRequest, now: number): void;
}

/** What somebody set, and when; `hidden` from whoever only reads manifests. */
interface Mark {
  readonly value: Json;
  readonly turn: number;
  readonly hidden: boolean;
}

/** Carries out the acts, and knows of each whether a look came after it and whether a write undid it. It knows nothing of the engine. */
function createWitness({ kind, acts, lost }: ContestedWorld): Witness {
  const losses: Loss[] = [];
  const touched = new Map<string, number>();
  const touchedLast = new Map<string, Set<string>>();
  /** By key and property: the value that somebody set, and when. */
  const theirs = new Map<string, Map<string, Mark>>();
  /** By key: the last look. */
  const looks = new Map<string, { readonly turn: number; readonly at: number }>();
  const keyOf = new Map<number, string>();
  const planned = new Map<string, Entity>();
  let [turn, count, active] = [0, 0, false];

  function note(key: string, property: string, value: Json, deed: Act["deed"]): void {
    const own = theirs.get(key) ?? new Map<string, Mark>();
    const hidden = deed === "favour" && own.get(property)?.hidden !== false;
    own.set(property, { value, turn: (turn += 1), hidden });
    // What manifests see as it was, or as it is again, cannot be lost.
    if (write(property, planned.get(key)?.[property]) === write(property, value))
      own.delete(property);
    theirs.set(key, own);
    touchedLast.set(key, (touchedLast.get(key) ?? new Set()).add(property));
  }

  function perform({ key, deed }: Act, pbx: MemoryPbx): void {
    const row = pbx.rows(kind.collection).find((one) => one[kind.keyProperty] === key);
    const values = row === undefined ? undefined : editFor(deed, row, count, kind.numbered);
    if (row === undefined ? deed !== "make" : values === undefined && deed === "make") return;
    touched.set(key, (touched.get(key) ?? 0) + 1);
    if (row !== undefined && values !== undefined) {
      pbx.edit(kind.collection, Number(row["Id"]), values);
      for (const [property, value] of Object.entries(values)) note(key, property, value, deed);
      return;
    }
    if (row !== undefined) pbx.drop(kind.collection, Number(row["Id"]));
    theirs.delete(key);
    planned.delete(key);
    note(key, "", null, deed);
    if (deed === "remove") return;
    const id = pbx.add(kind.collection, {
      [kind.keyProperty]: key,
      [kind.numbered ? "Name" : "Title"]: "theirs",
    });
    keyOf.set(id, key);
    note(key, kind.numbered ? "Name" : "Title", "theirs", deed);
  }

  function lose(effective: boolean): void {
    if (lost.some((one) => one.at === count && one.effective === effective)) throw new LostAnswer();
  }

  function judge(key: string, what: string, act: { readonly turn: number }, now: number): void {
    const look = looks.get(key);
    const seen = look !== undefined && act.turn < look.turn;
    losses.push({ key, what, seen, window: now - (look?.at ?? now) });
  }

  return {
    losses,
    touched,
    touchedLast,
    begin(pbx) {
      active = true;
      for (const row of pbx.rows(kind.collection)) {
        planned.set(readText(row, kind.keyProperty), row);
        keyOf.set(Number(row["Id"]), readText(row, kind.keyProperty));
      }
    },
    end: () => void (active = false),
    before({ method }, pbx) {
      if (!active) return;
      count += 1;
      for (const act of acts) if (act.at === count) perform(act, pbx);
      if (method === "PATCH" || method === "DELETE") lose(false);
    },
    after({ method, collection, id = 0, by, values = [], body }, now) {
      if (!active || collection !== kind.collection) return;
      if (by === kind.keyProperty)
        for (const key of values) looks.set(String(key), { turn: (turn += 1), at: now });
      const key = keyOf.get(id) ?? "";
      if (method === "POST") {
        const made = readText(body ?? {}, kind.keyProperty);
        // Until it is looked at for the first time, nobody can know what is the PBX's own in it.
        looks.delete(made);
        theirs.delete(made);
        touchedLast.delete(made);
      }
      if (method === "DELETE") {
        // Whom people have among their favourites keeps nothing from being removed.
        for (const [property, act] of [...(theirs.get(key) ?? [])].filter(([, one]) => !one.hidden))
          judge(key, `${property} of what was removed`, act, now);
        theirs.delete(key);
        touchedLast.delete(key);
      }
      if (method === "PATCH") {
        for (const [property, written] of Object.entries(body ?? {})) {
          const act = theirs.get(key)?.get(property);
          if (act !== undefined && undoes(property, written, act.value))
            judge(key, property, act, now);
          theirs.get(key)?.delete(property);
          touchedLast.get(key)?.delete(property);
        }
      }
      if (method === "PATCH" || method === "DELETE") lose(true);
    },
  };
}

/** What an act sets; undefined for one that is about the whole object. */
function editFor(
  deed: Act["deed"],
  row: Entity,
  count: number,
  numbered: boolean,
): Entity | undefined {
  if (deed === "remove" || deed === "anew" || deed === "make") return undefined;
  if (!numbered) {
    if (deed === "rename") return { Title: `theirs ${count}` };
    return deed === "rewrite" ? { Notes: `theirs ${count}` } : { Size: 1000 + count };
  }
  const groups = Array.isArray(row["Groups"]) ? row["Groups"] : [];
  const join = (id: number, name: string): Entity => ({
    Groups: [
      ...groups.filter((group) => idOf(group) !== id),
      { GroupId: id, Name: name, Rights: { RoleName: "managers", CanBargeIn: true } },
    ],
  });
  if (deed === "rename") return { Name: `theirs${count}` };
  if (deed === "rewrite")
    return { ScriptCode: `theirs ${count}`, InvalidScript: false, CompilationSucceeded: true };
  if (deed === "reroute")
    return { RoutingType: row["RoutingType"] === "Trunk" ? "Forward" : "Trunk" };
  return deed === "join" ? join(2, "Support") : join(FAVOURITES, "___FAVORITES___100");
}

/** Whether a write undoes what somebody set: another value, or a list without what he put into it. */
function undoes(property: string, written: Json, theirs: Json): boolean {
  if (property !== "Groups") return JSON.stringify(written) !== JSON.stringify(theirs);
  const [kept, wanted] = [written, theirs].map((list) =>
    (Array.isArray(list) ? list : []).map(idOf),
  );
  return wanted?.some((id) => kept?.includes(id) !== true) === true;
}

/** As manifests see it: of a membership its department and role. */
function write(property: string, value: Json | undefined): string {
  if (property !== "Groups" || !Array.isArray(value)) return JSON.stringify(value);
  const seen = value.map((group: Json) => [idOf(group), roleOf(group)]);
  return JSON.stringify(seen.map(String).toSorted());
}

function roleOf(group: Json): Json {
  const rights = isObject(group) ? (group["Rights"] ?? null) : null;
  return isObject(rights) ? (rights["RoleName"] ?? null) : null;
}

function isObject(value: Json): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function idOf(group: Json): Json {
  return isObject(group) ? (group["GroupId"] ?? null) : null;
}

/** What the report leaves unexplained, a sentence each. */
export function judgeContested(run: ContestedRun): string[] {
  const { results, changes, world, after, touched, touchedLast, losses } = run;
  if (results === undefined) return [];
  return [
    ...losses
      .filter(({ seen }) => seen)
      .map(({ key, what }) => `${key}: ${what} was somebody's, was looked at, and was undone`),
    ...losses
      .filter(({ window }) => window > 2_000 + 10)
      .map(({ key, window }) => `${key}: was undone ${window} ms after the last look`),
    ...results.flatMap((result) => {
      const name = nameResource(result);
      const moved = result.problems.some(({ code }) => code === "moved-since-plan");
      if (moved && !touched.has(result.key))
        return [`${name} is said to have moved, and nobody touched it`];
      if (moved && result.outcome !== "failed") return [`${name} moved and is ${result.outcome}`];
      if (result.outcome !== "applied")
        return result.outcome === "interrupted" || result.problems.length > 0
          ? []
          : [`${name} is ${result.outcome} without a word`];
      const own = touchedLast.get(result.key) ?? new Set<string>();
      if (own.has("")) return [];
      const change = changes.find((one) => one.key === result.key);
      return findUntrue(change, world, after.get(result.key), own).map(
        (what) => `${name} is said to be applied: ${what}`,
      );
    }),
  ];
}

/** What is not so although the change is said to be applied, and nobody touched it afterwards. */
function findUntrue(
  change: Change | undefined,
  { kind }: EngineWorld,
  row: Entity | undefined,
  own: ReadonlySet<string>,
): string[] {
  if (change === undefined) return ["it was not in the plan"];
  if (change.op === "delete") return row === undefined ? [] : ["it is there"];
  if (row === undefined) return ["it is not there"];
  const live = kind.readEntity(row);
  return change.fields
    .filter(({ sensitive, after }) => sensitive !== true && after !== undefined)
    .filter(({ field }) => ![...own].some((name) => name.toLowerCase() === field.toLowerCase()))
    .filter(({ field, after }) => {
      const spec = kind.fields.find(({ name }) => name === field);
      const value = canonicalizeField(
        spec?.comparison ?? "exact",
        kind.complete(field, live.fields[field] ?? null),
      );
      return canonicalizeJson(value) !== canonicalizeJson(after ?? null);
    })
    .map(({ field }) => `${field} is not as planned`);
}
