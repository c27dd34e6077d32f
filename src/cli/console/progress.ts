import type { ApplyEvent } from "../../domain/result.ts";
import { nameResource } from "../../domain/resource.ts";
import { renderProblems } from "../../render/problems/text.ts";
import { renderRows } from "../../render/reports/results.ts";
import type { Console } from "./console.ts";

/** Shows an apply as it goes: a line for each finished app with its problems, and on a terminal what is under way now. */
export function createProgress(console: Console, total: number): (event: ApplyEvent) => void {
  const underway = new Map<string, string>();
  let finished = 0;
  return (event) => {
    if (event.type === "step") {
      underway.set(nameResource(event.resource), `${event.step} ${event.resource.key}`);
      if (!console.interactive) console.err(`  ${event.step} ${nameResource(event.resource)}\n`);
    } else {
      const { result } = event;
      underway.delete(nameResource(result));
      finished += 1;
      const note = `${(result.milliseconds / 1000).toFixed(1)} s`;
      console.err(renderRows([{ ...result, state: result.outcome, note }], console.paintErr));
      console.err(renderProblems(result.problems, console.paintErr));
    }
    if (underway.size > 0)
      console.transient(`${finished} of ${total}: ${[...underway.values()].join(", ")}`);
  };
}
