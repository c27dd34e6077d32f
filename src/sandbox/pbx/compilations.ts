import type { SandboxClock } from "../clock.ts";
import { textOf } from "../json.ts";
import type { Verdict } from "../compiler.ts";
import type { Row } from "../model/types.ts";
import type { Store } from "./store.ts";

/** One moment in the life of an app: what answers its calls from then on; null when nothing does. */
export interface HistoryEntry {
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly event: "created" | "compiled" | "refused" | "removed";
  readonly runnable: string | null;
}

interface Pending {
  readonly text: string;
  readonly verdict: Verdict;
  /** Null: never. */
  readonly due: number | null;
}

/** Beside its row, what is known of an app's script. */
interface Run {
  readonly runnable: string | null;
  readonly pending: Pending | null;
}

export interface CompilationsSnapshot {
  readonly runs: readonly (readonly [number, Run])[];
  readonly histories: readonly (readonly [string, readonly HistoryEntry[]])[];
}

export interface Compilations {
  /** Starts the life of an app. `runnable`: a script it already runs, for an app that is not new. */
  begin(app: Row, runnable?: string): void;
  /** Takes a text for compilation. `delay` in milliseconds; null is never. A text already taken is left alone. */
  submit(app: Row, text: string, verdict: Verdict, delay: number | null): void;
  /** Brings every app to where it is now. */
  settle(): void;
  end(app: Row): void;
  runnable(app: Row): string | null;
  isCompiling(app: Row): boolean;
  /** Of the number, over every app that ever had it. */
  history(number: string): readonly HistoryEntry[];
  snapshot(): CompilationsSnapshot;
}

/** Of one number; a sandbox that runs for weeks must not keep every script it ever got. */
const KEPT_ENTRIES = 1000;

/**
 * The compilations of all call flow apps. Nothing here waits: a compilation has a time at which it
 * is due, and whoever looks settles what is due by then, so that nothing outlives the sandbox.
 */
export function createCompilations(
  store: Store,
  clock: SandboxClock,
  snapshot?: CompilationsSnapshot,
): Compilations {
  const runs = new Map<number, Run>(snapshot?.runs);
  const histories = new Map<string, HistoryEntry[]>(
    snapshot?.histories.map(([number, entries]) => [number, [...entries]]),
  );
  const waiting = new Set([...runs].filter(([, run]) => run.pending !== null).map(([id]) => id));

  const note = (app: Row, entry: HistoryEntry): void => {
    const number = textOf(app["Number"]);
    const entries = histories.get(number) ?? [];
    entries.push(entry);
    if (entries.length > KEPT_ENTRIES) entries.shift();
    histories.set(number, entries);
  };
  const finish = (app: Row, run: Run, { text, verdict }: Pending, at: number): void => {
    const runnable = verdict.accepted ? text : run.runnable;
    runs.set(idOf(app), { runnable, pending: null });
    const values = verdict.accepted
      ? accepted(app, text, verdict, at)
      : refused(store, text, verdict, run.runnable);
    store.apply({ set: "CallFlowApps", row: app, values });
    note(app, { at, event: verdict.accepted ? "compiled" : "refused", runnable });
  };

  return {
    begin(app, runnable) {
      runs.set(idOf(app), { runnable: runnable ?? null, pending: null });
      note(app, { at: clock.now(), event: "created", runnable: runnable ?? null });
    },
    submit(app, text, verdict, delay) {
      const run = runs.get(idOf(app)) ?? { runnable: null, pending: null };
      // Identical text does not compile again; 3CX's own sample adds a blank to force it (OMSamples ScriptDevelopment).
      if (text === (run.pending?.text ?? app["ScriptCode"])) return;
      const due = delay === null ? null : clock.now() + delay;
      runs.set(idOf(app), { runnable: run.runnable, pending: { text, verdict, due } });
      waiting.add(idOf(app));
      const shown = store.quirks.sentTextShowsAtOnce ? { ScriptCode: text } : {};
      store.apply({ set: "CallFlowApps", row: app, values: shown });
    },
    settle() {
      const now = clock.now();
      for (const id of waiting) {
        const app = store.byId("CallFlowApps", id);
        const run = runs.get(id);
        const pending = run?.pending;
        if (app === undefined || run === undefined || !pending) waiting.delete(id);
        else if (pending.due !== null && pending.due <= now) {
          waiting.delete(id);
          finish(app, run, pending, pending.due);
        }
      }
    },
    end(app) {
      runs.delete(idOf(app));
      note(app, { at: clock.now(), event: "removed", runnable: null });
    },
    runnable: (app) => runs.get(idOf(app))?.runnable ?? null,
    isCompiling: (app) => waiting.has(idOf(app)),
    history: (number) => histories.get(number) ?? [],
    snapshot: () => ({ runs: [...runs], histories: [...histories] }),
  };
}

function accepted(app: Row, text: string, verdict: Verdict, at: number): Row {
  return {
    ScriptCode: text,
    CompilationSucceeded: true,
    CompilationResult: verdict.result,
    CompilationLastSuccess: after(app["CompilationLastSuccess"], at),
    InvalidScript: false,
    RejectedCode: null,
  };
}

function refused(store: Store, text: string, verdict: Verdict, runnable: string | null): Row {
  const keepsText = runnable !== null || store.quirks.rejectedCodeOnFirstRefusal;
  return {
    ScriptCode: runnable ?? text,
    CompilationSucceeded: false,
    CompilationResult: verdict.result,
    InvalidScript: runnable === null,
    RejectedCode: keepsText ? text : null,
  };
}

/** Clients tell a new success from the last one by this time, so two never share it. */
function after(last: Row[string] | undefined, at: number): string {
  const before = typeof last === "string" ? Date.parse(last) : -Infinity;
  return new Date(Math.max(at, before + 1)).toISOString();
}

function idOf(app: Row): number {
  return Number(app["Id"]);
}
