import type { Fault, FaultAction } from "./read.ts";
import type { CompileOrder } from "../pbx/pbx.ts";

/** A request as faults see it. */
export interface FaultTarget {
  readonly method: string;
  readonly path: string;
  readonly query: string;
}

export interface Faults {
  readonly add: (fault: Fault) => void;
  readonly clear: () => void;
  /** Counts the request for every fault that matches it, and gives what strikes it. */
  readonly strike: (target: FaultTarget) => readonly FaultAction[];
}

export function createFaults(initial: readonly Fault[]): Faults {
  let armed = initial.map(arm);
  return {
    add(fault) {
      armed.push(arm(fault));
    },
    clear() {
      armed = [];
    },
    strike: (target) => armed.filter((one) => one.strikes(target)).map(({ fault }) => fault.action),
  };
}

/** What the faults that strike a write say about the compilation it starts. */
export function compileOrderOf(actions: readonly FaultAction[]): CompileOrder {
  const { type: _type, ...order } = actions.find((action) => action.type === "compile") ?? {};
  return order;
}

interface Armed {
  readonly fault: Fault;
  strikes(target: FaultTarget): boolean;
}

function arm(fault: Fault): Armed {
  const { match = {}, nth = 1, times = 1 } = fault;
  const path = match.path === undefined ? undefined : toPattern(match.path);
  const last = times === "always" ? Infinity : nth + times - 1;
  let seen = 0;
  return {
    fault,
    strikes(target) {
      const matches =
        (match.method === undefined || match.method.toUpperCase() === target.method) &&
        (path === undefined || path.test(target.path)) &&
        (match.query === undefined || target.query.includes(match.query));
      if (!matches) return false;
      seen++;
      return seen >= nth && seen <= last;
    },
  };
}

function toPattern(path: string): RegExp {
  const whole = path.startsWith("/") ? path : `/xapi/v1/${path}`;
  const parts = whole.split("*").map((part) => part.replaceAll(/[\\^$.*+?()[\]{}|]/gu, "\\$&"));
  return new RegExp(`^${parts.join(".*")}$`, "isu");
}
