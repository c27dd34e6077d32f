import type { Plan } from "../../../src/domain/plan/plan.ts";
import type { Entity } from "../../../src/domain/ports.ts";
import { failure, hasErrors } from "../../../src/domain/problem.ts";
import { nameResource, type DesiredResource } from "../../../src/domain/resource.ts";
import type { ApplyResult } from "../../../src/domain/result.ts";
import type { Planned } from "../../../src/engine/plan.ts";
import { readText } from "../../../src/kinds/declare/entity.ts";
import { createBench, type Bench } from "../pbx/bench.ts";
import type { MemoryRequest } from "../pbx/memory.ts";
import { DEPARTMENTS, TRUNKS, type EngineWorld, type WorldFault } from "./engine.ts";

/** All that happened in a world, for the laws to judge. */
export interface WorldRun {
  readonly world: EngineWorld;
  /** Every row, by key, before the plan and after everything has settled. */
  readonly before: ReadonlyMap<string, Entity>;
  readonly after: ReadonlyMap<string, Entity>;
  readonly plan: Plan;
  /** The plan of the same manifests in the opposite order. */
  readonly mirrored: Plan;
  /** What planning sent. */
  readonly planned: readonly string[];
  /** Undefined where the plan must not be applied. */
  readonly results: readonly ApplyResult[] | undefined;
  /** A plan right after the apply, nothing going wrong any more. */
  readonly again: Plan;
  /** Apps that were seen without a script to run, though they had one before and had not been deleted. */
  readonly silenced: ReadonlySet<string>;
  /** One more apply, nothing going wrong; empty where its plan must not be applied. */
  readonly repeated: readonly ApplyResult[];
  /** The plan, and every row, after that. */
  readonly finally: Plan;
  readonly last: ReadonlyMap<string, Entity>;
}

/** Longer than the longest compilation is waited for. */
export const LONG = 120_000;

/** Applies the base, lets somebody edit by hand, plans, applies under faults, and plans and applies once more. */
export async function runWorld(world: EngineWorld): Promise<WorldRun> {
  const { kind } = world;
  const traps = createTraps(world);
  const bench = createBench({
    departments: DEPARTMENTS,
    trunks: TRUNKS,
    latency: 5,
    losesOldScript: world.losesOldScript,
    ...(kind.numbered ? { apps: world.rows } : { widgets: world.rows }),
    before: (request) => {
      traps.look(rowsByKey());
      traps.spring(request, false);
    },
    after: (request) => {
      traps.spring(request, true);
      traps.look(rowsByKey());
    },
  });
  const rowsByKey = (): Map<string, Entity> =>
    new Map(bench.pbx.rows(kind.collection).map((row) => [readText(row, kind.keyProperty), row]));
  const idOf = (key: string): number => Number(rowsByKey().get(key)?.["Id"]);
  const plan = (head: readonly DesiredResource[]): Promise<Planned> =>
    planWorld(bench, world, head);

  await deployBase(bench, world);
  editByHand(bench, world, idOf);
  const before = rowsByKey();
  const sent = bench.pbx.requests.length;
  const planned = await plan(world.head);
  const mirrored = await plan(world.head.toReversed());
  const requests = bench.pbx.requests.slice(sent);

  const refused = hasErrors(planned.plan.problems);
  traps.arm(before);
  const results = refused ? undefined : await bench.apply(planned, { ...world, ...traps.signals });
  await bench.clock.sleep(LONG);
  traps.look(rowsByKey());
  traps.disarm();
  const after = rowsByKey();
  const again = await plan(world.head);
  const repeatable = !refused && !hasErrors(again.plan.problems);
  const repeated = repeatable ? await bench.apply(again, { concurrency: world.concurrency }) : [];
  await bench.clock.sleep(LONG);
  const last = await plan(world.head);
  return {
    world,
    before,
    after,
    plan: planned.plan,
    mirrored: mirrored.plan,
    planned: requests,
    results,
    again: again.plan,
    silenced: traps.silenced,
    repeated,
    finally: last.plan,
    last: rowsByKey(),
  };
}

export async function planWorld(
  bench: Bench,
  world: EngineWorld,
  head: readonly DesiredResource[],
): Promise<Planned> {
  const { base, left, prune } = world;
  const known = head === world.head ? base : base?.toReversed();
  return bench.plan(head, {
    ...(known === undefined
      ? {}
      : {
          base: {
            commit: "0".repeat(40),
            resources: new Map(known.map((resource) => [nameResource(resource), resource])),
          },
        }),
    prune,
    selects: ({ key }) => !left.includes(key),
    partial: left.length > 0,
    limits: world,
  });
}

export async function deployBase(bench: Bench, { base, deployed }: EngineWorld): Promise<void> {
  if (base === undefined || !deployed) return;
  const allowUnhealthy = base.map(({ key }) => key);
  const limits = { maxDeletes: 0, protect: [], unprotect: [], allowUnhealthy };
  await bench.apply(await bench.plan(base, { limits }));
  await bench.clock.sleep(LONG);
}

function editByHand(
  bench: Bench,
  { edits, kind }: EngineWorld,
  idOf: (key: string) => number,
): void {
  const [name] = kind.createdFields;
  for (const { key, deed } of edits) {
    const id = idOf(key);
    if (Number.isNaN(id)) continue;
    if (deed === "remove") bench.pbx.drop(kind.collection, id);
    else if (deed === "rename")
      bench.pbx.edit(kind.collection, id, name === "title" ? { Title: "hand" } : { Name: "hand" });
    else if (kind.numbered) bench.pbx.edit(kind.collection, id, { ScriptCode: "by hand" });
    else bench.pbx.edit(kind.collection, id, { Notes: "by hand" });
  }
}

interface Traps {
  arm(before: ReadonlyMap<string, Entity>): void;
  disarm(): void;
  spring(request: MemoryRequest, effective: boolean): void;
  look(rows: ReadonlyMap<string, Entity>): void;
  readonly signals: { readonly stop: AbortSignal; readonly abort: AbortSignal };
  readonly silenced: ReadonlySet<string>;
}

/** Lets the world's faults strike, and watches that nobody is silenced meanwhile. */
function createTraps({ faults }: EngineWorld): Traps {
  const [stop, abort] = [new AbortController(), new AbortController()];
  const silenced = new Set<string>();
  let running: ReadonlyMap<string, Entity> = new Map();
  let armed = false;
  let count = 0;

  function strike({ type }: WorldFault): void {
    if (type === "stop") return stop.abort();
    if (type === "lost") throw failure("pbx-unreachable", "the connection was lost");
    if (type === "refused") throw failure("pbx-refused", "refused with 400");
    stop.abort();
    abort.abort();
    abort.signal.throwIfAborted();
  }

  return {
    silenced,
    signals: { stop: stop.signal, abort: abort.signal },
    arm(before) {
      armed = true;
      running = new Map([...before].filter(([, row]) => row["InvalidScript"] === false));
    },
    disarm() {
      armed = false;
    },
    spring(_, effective) {
      if (!armed) return;
      abort.signal.throwIfAborted();
      if (!effective) count += 1;
      for (const fault of faults)
        if (fault.at === count && fault.effective === effective) strike(fault);
    },
    look(rows) {
      if (!armed) return;
      for (const [key] of running) if (rows.get(key)?.["InvalidScript"] === true) silenced.add(key);
    },
  };
}
