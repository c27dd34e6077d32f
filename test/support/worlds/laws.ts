import { canonicalizeField } from "../../../src/domain/plan/canonical.ts";
import { matchesPattern } from "../../../src/domain/plan/guard.ts";
import type { Plan } from "../../../src/domain/plan/plan.ts";
import type { Entity } from "../../../src/domain/ports.ts";
import { hasErrors } from "../../../src/domain/problem.ts";
import { nameResource } from "../../../src/domain/resource.ts";
import { reveal } from "../../../src/domain/secret.ts";
import type { ApplyResult } from "../../../src/domain/result.ts";
import type { EngineWorld } from "./engine.ts";
import type { WorldRun } from "./run.ts";

/** Gives what breaks the law in a run, a sentence each; nothing where it holds. */
export type Law = (run: WorldRun) => string[];

/** What holds in every world, each in the words of what we promise. */
export const laws: Readonly<Record<string, Law>> = {
  "planning sends no write": ({ planned }) =>
    planned.filter((request) => !request.startsWith("GET ")),

  "the order of manifests does not matter": ({ plan, mirrored }) => [
    ...(plan.digest === mirrored.digest ? [] : ["another order gives another digest"]),
    ...(JSON.stringify(plan.changes) === JSON.stringify(mirrored.changes)
      ? []
      : ["another order gives other changes"]),
  ],

  "a plan that may not be applied says why": ({ plan, results }) =>
    hasErrors(plan.problems) === (results === undefined) &&
    plan.problems.every(({ message, code }) => message !== "" && code !== "")
      ? []
      : ["the plan gives no reason"],

  "there is one result for every change, and each that is not applied says why": ({
    plan,
    results = [],
  }) => [
    ...(results.length === 0 || results.filter(isWrite).length === plan.changes.length
      ? []
      : [`${results.length} results for ${plan.changes.length} changes`]),
    ...results
      .filter(({ outcome, problems }) => isFault(outcome) && problems.length === 0)
      .map((result) => `${nameResource(result)} is ${result.outcome} without a word`),
  ],

  "after an apply, only what was not applied is left to do": ({ results, again }) => {
    const done = new Set((results ?? []).filter(isApplied).map(nameResource));
    return again.changes
      .filter((change) => done.has(nameResource(change)))
      .map((change) => `${nameResource(change)} was applied, and is to ${change.op} again`);
  },

  "what the plan does not name is as it was": ({ plan, before, after }) => {
    const named = new Set(plan.changes.map(({ key }) => key));
    const keys = new Set([...before.keys(), ...after.keys()]);
    return [...keys]
      .filter((key) => !named.has(key))
      .filter((key) => JSON.stringify(before.get(key)) !== JSON.stringify(after.get(key)))
      .map((key) => `${key} was not in the plan and changed`);
  },

  "fields that the plan does not name are as they were": (run) =>
    run.plan.changes.flatMap(({ op, key, fields }) => {
      const [was, is] = [run.before.get(key), run.after.get(key)];
      if (op !== "update" || was === undefined || is === undefined) return [];
      const moved = new Set(fields.map(({ field }) => field));
      const { kind } = run.world;
      return kind.fields
        .filter(({ name }) => !moved.has(name) && !isSame(run, name, was, is))
        .map(({ name }) => `${key} ${name} was not in the plan and changed`);
    }),

  "a plan that may not be applied changes nothing": ({ results, before, after }) =>
    results !== undefined || write(before) === write(after) ? [] : ["the PBX changed"],

  "protected numbers are never deleted": ({ world, before, after }) => {
    const manifests = [...world.head, ...(world.base ?? [])];
    return [...before.keys()]
      .filter((key) => !world.unprotect.includes(key))
      .filter(
        (key) =>
          world.protect.some((pattern) => matchesPattern(pattern, key)) ||
          manifests.some((manifest) => manifest.key === key && manifest.lifecycle.protect),
      )
      .filter((key) => before.get(key)?.["Id"] !== after.get(key)?.["Id"])
      .map((key) => `${key} is protected and gone`);
  },

  "nothing is deleted without both keys": ({ world, before, after }) =>
    [...before.keys()]
      .filter((key) => before.get(key)?.["Id"] !== after.get(key)?.["Id"])
      .filter((key) => {
        const inHead = world.head.some((manifest) => manifest.key === key);
        const inBase = world.base?.some((manifest) => manifest.key === key) === true;
        const pruned = world.prune === "all" || (world.prune === "removed" && inBase);
        return inHead || !pruned || world.left.includes(key);
      })
      .map((key) => `${key} was deleted, and nobody asked twice`),

  "no more is deleted than the target allows": ({ world, before, after }) => {
    const gone = [...before.keys()].filter((key) => !after.has(key));
    return gone.length <= world.maxDeletes ? [] : [`${gone.length} are gone`];
  },

  // A PBX that itself drops the old script leaves a moment without one; putting it back may fail, and then it is said.
  "what had a script to run has one": ({ world, silenced, after, results = [] }) =>
    [...silenced]
      .filter((key) => {
        if (!world.losesOldScript) return true;
        const result = results.find((one) => one.key === key);
        const told = result?.outcome === "failed" || result?.outcome === "interrupted";
        return after.get(key)?.["InvalidScript"] === true && !told;
      })
      .map((key) => `${key} was without a script`),

  "a number stays until what takes its place has something to run": ({
    world,
    plan,
    before,
    last,
  }) =>
    plan.changes
      .filter(({ renumbers, key }) => renumbers !== undefined && isSilent(last.get(key)))
      .filter(({ key }) => !world.allowUnhealthy.includes(key) && hasScript(world, key))
      .filter(({ renumbers = "" }) => before.has(renumbers) && !last.has(renumbers))
      .map(({ renumbers, key }) => `${renumbers} is gone, and ${key} has nothing to run`),

  "one more run, undisturbed, leaves only what the compiler will not take": (run) => {
    if (run.results === undefined || hasErrors(run.again.problems)) return [];
    const skipped = new Set(run.repeated.filter(isLeftAlone).map(nameResource));
    return run.finally.changes
      .filter((change) => !isSpoilt(run, change.key) && !skipped.has(nameResource(change)))
      .map((change) => `${nameResource(change)} is still to ${change.op}`);
  },
};

/** What the laws find in a run, as `law: breach`. */
export function judgeRun(run: WorldRun): string[] {
  return Object.entries(laws).flatMap(([name, law]) =>
    law(run).map((breach) => `${name}: ${breach}`),
  );
}

/** What a run was about, to see that the worlds are not all alike. */
export function describeRun({ plan, results, world, again }: WorldRun): string[] {
  return [
    ...plan.changes.map(({ op }) => op),
    ...plan.problems.map(({ code }) => code),
    ...(results ?? []).map(({ outcome, op }) => `${op} ${outcome}`),
    ...plan.changes.flatMap(({ fields }) => fields.flatMap(({ origin }) => origin ?? [])),
    ...plan.changes.flatMap(({ renumbers }) => (renumbers === undefined ? [] : ["renumbering"])),
    ...(results !== undefined && isDone(again) ? ["finished"] : []),
    `prune ${world.prune}`,
  ];
}

function isDone({ changes }: Plan): boolean {
  return changes.length === 0;
}

/** Held back with a reason, or a text of somebody else's that the compiler never judges. */
function isLeftAlone({ outcome, problems }: ApplyResult): boolean {
  return outcome === "skipped" || problems.some(({ code }) => code === "compile-timeout");
}

function isFault(outcome: string): boolean {
  return outcome !== "applied" && outcome !== "interrupted";
}

function isWrite({ op }: ApplyResult): boolean {
  return op !== "check";
}

function isApplied({ outcome }: { readonly outcome: string }): boolean {
  return outcome === "applied";
}

function isSilent(row: Entity | undefined): boolean {
  return row?.["InvalidScript"] === true;
}

function hasScript(world: EngineWorld, key: string): boolean {
  return world.head.some((manifest) => manifest.key === key && "scriptCode" in manifest.fields);
}

/** Its script is one that the compiler refuses or never judges. */
function isSpoilt({ world }: WorldRun, key: string): boolean {
  const script = world.head.find((manifest) => manifest.key === key)?.fields["scriptCode"];
  const text = script === undefined ? undefined : reveal(script);
  return typeof text === "string" && /REFUSE|HANG/.test(text);
}

function isSame({ world: { kind } }: WorldRun, name: string, was: Entity, is: Entity): boolean {
  const comparison = kind.fields.find((field) => field.name === name)?.comparison ?? "exact";
  const [a, b] = [was, is].map((row) =>
    JSON.stringify(canonicalizeField(comparison, kind.readEntity(row).fields[name] ?? null)),
  );
  return a === b;
}

function write(rows: ReadonlyMap<string, Entity>): string {
  return JSON.stringify([...rows]);
}
