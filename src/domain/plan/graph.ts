import type { Problem } from "../problem.ts";
import { nameResource, type ResourceId } from "../resource.ts";

export interface Levels<T> {
  /** Each level needs only levels before it. */
  readonly levels: readonly (readonly T[])[];
  /** Resources that need each other in a circle, or need one of those. */
  readonly problems: readonly Problem[];
}

/** Orders items so that what one needs comes before it. References to what is not in the list do not count. */
export function orderByReference<T>(
  items: readonly T[],
  identify: (item: T) => ResourceId,
  references: (item: T) => readonly ResourceId[],
): Levels<T> {
  const waiting = new Map(items.map((item) => [nameResource(identify(item)), item]));
  const levels: T[][] = [];
  while (waiting.size > 0) {
    const ready = [...waiting].filter(([, item]) =>
      references(item).every((needed) => !waiting.has(nameResource(needed))),
    );
    if (ready.length === 0) break;
    for (const [name] of ready) waiting.delete(name);
    levels.push(ready.map(([, item]) => item));
  }
  if (waiting.size === 0) return { levels, problems: [] };
  const stuck = [...waiting.keys()].join(", ");
  const problem: Problem = {
    severity: "error",
    code: "reference-cycle",
    message: `these need each other in a circle, so none can be created first: ${stuck}`,
    hint: "remove one of the references between them",
  };
  return { levels, problems: [problem] };
}
