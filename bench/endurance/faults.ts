import type { Fault, FaultAction } from "../../src/sandbox/faults/read.ts";
import { pickOne, type Random } from "./random.ts";

/** What goes wrong on the way to a PBX, all of it something that passes. */
const ACTIONS: readonly FaultAction[] = [
  { type: "delay", milliseconds: 80 },
  { type: "reset", when: "before" },
  { type: "reset", when: "after" },
  { type: "status", status: 429, headers: { "retry-after": "0" } },
  { type: "status", status: 500 },
  { type: "status", status: 503, when: "after" },
  { type: "truncate" },
  { type: "supersede" },
  { type: "restart", milliseconds: 60 },
];

const REFUSAL: Fault = {
  match: { method: "PATCH" },
  action: { type: "compile", verdict: "refuse", message: "planted" },
};

/** None to three faults for one round. */
export function drawFaults(random: Random): Fault[] {
  const count = Math.floor(random() * 4);
  const faults = Array.from({ length: count }, (): Fault => ({
    nth: 1 + Math.floor(random() * 12),
    action: pickOne(random, ACTIONS),
  }));
  return random() < 0.15 ? [...faults, REFUSAL] : faults;
}
