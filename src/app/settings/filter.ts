import type { Problem } from "../../domain/problem.ts";
import type { DesiredResource, ResourceId } from "../../domain/resource.ts";

/** Narrows what a plan is about. */
export interface Filter {
  readonly only: readonly string[];
  readonly exclude: readonly string[];
  /** Label name -> value, all of which a manifest must carry. */
  readonly labels: ReadonlyMap<string, string>;
}

interface FilterFlags {
  readonly only?: readonly string[];
  readonly exclude?: readonly string[];
  readonly selector?: readonly string[];
}

/** The filter in the flags; what cannot be read is added to the problems. Each flag takes a list with commas. */
export function readFilter(flags: FilterFlags, problems: Problem[]): Filter {
  const labels = new Map<string, string>();
  for (const pair of splitLists(flags.selector)) {
    const [name = "", value, ...rest] = pair.split("=");
    if (name === "" || value === undefined || rest.length > 0)
      problems.push({
        severity: "error",
        code: "invalid-flag",
        message: `--selector takes label=value, not "${pair}"`,
        hint: "for example --selector team=support",
      });
    else labels.set(name, value);
  }
  return { only: splitLists(flags.only), exclude: splitLists(flags.exclude), labels };
}

export function isNarrowing({ only, exclude, labels }: Filter): boolean {
  return only.length > 0 || exclude.length > 0 || labels.size > 0;
}

export function matchesFilter(
  { only, exclude, labels }: Filter,
  { key }: ResourceId,
  carried: Readonly<Record<string, string>>,
): boolean {
  if (only.length > 0 && !only.includes(key)) return false;
  if (exclude.includes(key)) return false;
  return [...labels].every(([name, value]) => carried[name] === value);
}

/**
 * A filter that names nothing that exists is a slip, and must not pass for "nothing to do". `resources` are those of
 * the manifests and of the base: what was removed from Git can be named too.
 */
export function judgeFilter(filter: Filter, resources: readonly DesiredResource[]): Problem[] {
  const keys = new Set(resources.map(({ key }) => key));
  const unknown = [...filter.only, ...filter.exclude].filter((key) => !keys.has(key));
  const nothing =
    unknown.length === 0 &&
    !resources.some((resource) => matchesFilter(filter, resource, resource.labels));
  return [
    ...unknown.map((key) =>
      slip(`no manifest has the number ${key}`, "check --only and --exclude"),
    ),
    ...(nothing && isNarrowing(filter)
      ? [slip("no manifest matches the filter", "check --only, --exclude and --selector")]
      : []),
  ];
}

function slip(message: string, hint: string): Problem {
  return { severity: "error", code: "filter-empty", message, hint };
}

/** The values of a flag that is repeated, or holds a list with commas. */
export function splitLists(values: readonly string[] | undefined): string[] {
  return (values ?? [])
    .flatMap((value) => value.split(","))
    .map((part) => part.trim())
    .filter((part) => part !== "");
}
