import type { Problem } from "../../domain/problem.ts";
import type { TargetConfig } from "../../manifest/project/load.ts";

/** Every target of the project. */
const ALL = "*";

/** Which targets a run is about, as typed. */
export interface TargetChoice {
  /** Names, or `*`; undefined takes the only target there is. */
  readonly names: readonly string[] | undefined;
  readonly shard: Shard | undefined;
}

/** One part of several that a fleet is divided into; `index` counts from 1. */
export interface Shard {
  readonly index: number;
  readonly count: number;
}

/** `2/5` as a shard; what it cannot be is added to the problems. */
export function readShard(text: string | undefined, problems: Problem[]): Shard | undefined {
  if (text === undefined) return undefined;
  const [index, count] = (/^(\d{1,4})\/(\d{1,4})$/.exec(text) ?? []).slice(1).map(Number);
  if (index !== undefined && count !== undefined && index >= 1 && index <= count)
    return { index, count };
  problems.push({
    severity: "error",
    code: "invalid-flag",
    message: `--shard takes a part of so many, such as 2/5, not "${text}"`,
  });
  return undefined;
}

/**
 * The names that are chosen among those of a project: every name once, in the project's order. A shard takes every
 * count-th of them in the order of names, so that each machine of a fleet finds the same division. Unknown names are left out;
 * {@link judgeChoice} tells of them.
 */
export function pickNames(
  names: readonly string[],
  { names: wanted, shard }: TargetChoice,
): string[] {
  const chosen = names.filter(
    (name) => wanted === undefined || wanted.includes(name) || wanted.includes(ALL),
  );
  if (shard === undefined) return chosen;
  const ours = new Set(
    chosen.toSorted(compareNames).filter((_, place) => place % shard.count === shard.index - 1),
  );
  return chosen.filter((name) => ours.has(name));
}

/** What is wrong with a choice of one or several targets. */
export function judgeChoice(
  targets: readonly TargetConfig[],
  { names: wanted, shard }: TargetChoice,
): Problem[] {
  const names = targets.map(({ name }) => name);
  if (wanted === undefined)
    return [
      ...(names.length > 1 ? [explainMissing(names)] : []),
      ...(shard === undefined ? [] : [explainShard()]),
    ];
  const unknown = wanted.filter((name) => name !== ALL && !names.includes(name));
  const none = wanted.includes(ALL) && names.length === 0;
  return [...unknown.map((name) => explainUnknown(name, names)), ...(none ? [explainNone()] : [])];
}

function compareNames(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}

function explainMissing(names: readonly string[]): Problem {
  return {
    severity: "error",
    code: "target-missing",
    message: `the project has ${names.length} targets: ${names.join(", ")}`,
    hint: "say which with --target NAME, several times if need be, or all with --target '*'",
  };
}

function explainUnknown(name: string, names: readonly string[]): Problem {
  return {
    severity: "error",
    code: "target-unknown",
    message: `there is no target "${name}"`,
    hint: names.length === 0 ? "the project file names no target" : `there is: ${names.join(", ")}`,
  };
}

function explainNone(): Problem {
  return {
    severity: "error",
    code: "target-unknown",
    message: "the project file names no target",
    hint: "add one under targets in callform.yaml",
  };
}

function explainShard(): Problem {
  return {
    severity: "error",
    code: "invalid-flag",
    message: "--shard divides several targets, and none are named",
    hint: "add --target '*'",
  };
}
