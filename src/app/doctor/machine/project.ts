import path from "node:path";
import type { Verdict } from "../../../domain/diagnosis.ts";
import { hasErrors, type Problem } from "../../../domain/problem.ts";
import { loadProject } from "../../../manifest/project/load.ts";
import { judgeChoice, pickNames } from "../../settings/choose-targets.ts";
import { splitLists } from "../../settings/filter.ts";
import type { Flags, Surroundings } from "../../settings/resolve.ts";
import { chooseSettings, type Choices } from "./choices.ts";

export interface ProjectLook {
  readonly verdict: Verdict<undefined>;
  readonly choices: Choices;
}

/** Reads the project file and chooses the one target, in the same order of sources as a run. */
export async function lookAtProject(
  flags: Flags,
  { env, cwd }: Surroundings,
): Promise<ProjectLook> {
  const names = flags.target === undefined ? undefined : splitLists(flags.target);
  const choice = { names, shard: undefined };
  const root = path.resolve(cwd, flags.project ?? ".");
  const resolve = (known: readonly string[]): readonly string[] => pickNames(known, choice);
  const { project, problems } = await loadProject(root, { env, cwd, resolve });
  const targets = project?.targets ?? [];
  const named = project === undefined ? [] : judgeChoice(targets, choice);
  const chosen = pickNames(
    targets.map(({ name }) => name),
    choice,
  );
  const many = named.length === 0 && chosen.length > 1 ? [explainMany(chosen)] : [];
  const target = chosen.length === 1 ? targets.find(({ name }) => name === chosen[0]) : undefined;
  const found = [...problems, ...named, ...many];
  return {
    verdict: judgeProject(found, project?.file, target?.name),
    choices: chooseSettings(flags, env, cwd, target),
  };
}

function judgeProject(
  problems: readonly Problem[],
  file: string | undefined,
  target: string | undefined,
): Verdict<undefined> {
  const told = problems.map(tellProblem);
  const advice = problems.map(({ hint }) => hint).find((hint) => hint !== undefined);
  if (hasErrors(problems))
    return {
      state: "failed",
      found: told,
      advice: advice ?? "correct it; callform validate shows what is left",
    };
  const where = file ?? "no project file: flags and environment only";
  const found = [target === undefined ? where : `${where}, target ${target}`, ...told];
  if (problems.length === 0) return { state: "ok", found, value: undefined };
  return {
    state: "warning",
    found,
    value: undefined,
    ...(advice === undefined ? {} : { advice }),
  };
}

function tellProblem({ at, message }: Problem): string {
  return at === undefined ? message : `${at.file}:${at.line}:${at.column}: ${message}`;
}

function explainMany(names: readonly string[]): Problem {
  return {
    severity: "error",
    code: "invalid-flag",
    message: `doctor looks at one target at a time, and these are ${names.length}`,
    hint: "name one with --target NAME",
  };
}
