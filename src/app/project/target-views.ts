import type { Problem } from "../../domain/problem.ts";

/** What one target makes of a project. */
export interface TargetView {
  /** Undefined where the project names no target. */
  readonly target: string | undefined;
  readonly problems: readonly Problem[];
}

/** So many names say that it is not all of them, and the rest is a number. */
const NAMED = 3;

/** The problems of all targets, each once. One that not all of them have says in its message which do. */
export function mergeViews(views: readonly TargetView[]): Problem[] {
  const found = new Map<string, { readonly problem: Problem; readonly targets: Set<string> }>();
  for (const { target, problems } of views) {
    for (const problem of problems) {
      const key = JSON.stringify(problem);
      const entry = found.get(key) ?? { problem, targets: new Set() };
      if (target !== undefined) entry.targets.add(target);
      found.set(key, entry);
    }
  }
  return [...found.values()].map(({ problem, targets }) =>
    targets.size === 0 || targets.size === views.length
      ? problem
      : { ...problem, message: `${problem.message} (${nameTargets([...targets])})` },
  );
}

function nameTargets(names: readonly string[]): string {
  const more = names.length > NAMED + 1 ? names.length - NAMED : 0;
  const shown = more === 0 ? names : names.slice(0, NAMED);
  const list = more === 0 ? shown.join(", ") : `${shown.join(", ")} and ${more} more`;
  return `${names.length === 1 ? "target" : "targets"} ${list}`;
}
