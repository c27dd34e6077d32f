import { makeDesired } from "../worlds/arbitraries.ts";
import type { DesiredResource } from "../../../src/domain/resource.ts";
import type { ApplyEvent, ApplyResult } from "../../../src/domain/result.ts";
import { Secret, type FieldValue } from "../../../src/domain/secret.ts";
import { applyPlan, type ApplyRequest } from "../../../src/engine/apply.ts";
import { makePlan, type Planned, type PlanRequest } from "../../../src/engine/plan.ts";
import { refresh } from "../../../src/engine/refresh.ts";
import { callFlowApp } from "../../../src/kinds/call-flow-app.ts";
import { createVirtualClock, type VirtualClock } from "./clock.ts";
import { createMemoryPbx, type MemoryOptions, type MemoryPbx } from "./memory.ts";
import { widget } from "../kinds/widget-kind.ts";

/** The engine between manifests in memory and a PBX in memory, in time that passes only when nothing else is to do. */
export interface Bench {
  readonly pbx: MemoryPbx;
  readonly clock: VirtualClock;
  /** Steps and ends so far: `creating CallFlowApp 806`, `applied CallFlowApp 806`. */
  readonly events: readonly string[];
  /** Reads the PBX and plans. */
  readonly plan: (
    resources: readonly DesiredResource[],
    more?: Partial<PlanRequest>,
  ) => Promise<Planned>;
  readonly apply: (planned: Planned, more?: Partial<ApplyRequest>) => Promise<ApplyResult[]>;
}

export const BENCH_KINDS = [callFlowApp, widget];

export function createBench(options: Omit<MemoryOptions, "clock"> = {}): Bench {
  const clock = createVirtualClock();
  const pbx = createMemoryPbx({ clock, ...options });
  const events: string[] = [];
  return {
    pbx,
    clock,
    events,
    async plan(resources, more = {}) {
      const kinds = more.kinds ?? BENCH_KINDS;
      return makePlan({
        kinds,
        resources,
        selects: () => true,
        partial: false,
        snapshot: more.snapshot ?? (await refresh(pbx.reader, kinds)),
        prune: "never",
        reader: pbx.reader,
        target: { name: "production", url: "https://pbx.example.com:5001" },
        digestKey: new Secret("a key"),
        limits: { maxDeletes: 0, protect: [], unprotect: [], allowUnhealthy: [] },
        ...more,
      });
    },
    apply: (planned, more = {}) =>
      applyPlan({
        planned,
        reader: pbx.reader,
        writer: pbx.writer,
        clock,
        concurrency: 4,
        keepFailed: false,
        stop: new AbortController().signal,
        abort: new AbortController().signal,
        ...more,
        onEvent: (event) => {
          events.push(describe(event));
          more.onEvent?.(event);
        },
      }),
  };
}

/** A manifest of a call flow app whose script stands in a file of its own. */
export function desireApp(
  number: string,
  fields: Readonly<Record<string, FieldValue>>,
  more: Partial<DesiredResource> = {},
): DesiredResource {
  const script = fields["scriptCode"];
  if (typeof script !== "string") return makeDesired(callFlowApp, number, fields, more);
  const source = { file: `apps/${number}.cs`, line: 1, column: 1, indent: 0 };
  const textSources = { scriptCode: { ...source, text: script, substitutions: [] } };
  return makeDesired(callFlowApp, number, fields, { textSources, ...more });
}

export function desireWidget(
  code: string,
  parts: readonly string[],
  fields: Readonly<Record<string, FieldValue>> = {},
): DesiredResource {
  const list = parts.map((part) => ({ code: part, count: 1 }));
  return makeDesired(widget, code, { title: `the ${code}`, parts: list, ...fields });
}

/** `806 applied`, one for each result. */
export function listOutcomes(results: readonly ApplyResult[]): string[] {
  return results.map(({ key, outcome }) => `${key} ${outcome}`);
}

function describe(event: ApplyEvent): string {
  return event.type === "step"
    ? `${event.step} ${event.resource.kind} ${event.resource.key}`
    : `${event.result.outcome} ${event.result.kind} ${event.result.key}`;
}
