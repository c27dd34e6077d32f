import { failure, hasErrors, ProblemError, type Problem } from "../../domain/problem.ts";
import { nameResource } from "../../domain/resource.ts";
import type { Secret } from "../../domain/secret.ts";
import type { PlanBase } from "../../engine/plan.ts";
import { checkOutBase, type BaseTree } from "../../git/tree.ts";
import { embeddings } from "./embeddings.ts";
import { kinds } from "../../kinds/index.ts";
import { expectRead, explainUnread } from "./unread.ts";
import { loadManifests } from "../../manifest/load.ts";
import { type Environment, loadProject, type TargetConfig } from "../../manifest/project/load.ts";

export interface BaseRequest {
  /** The project folder. */
  readonly root: string;
  readonly ref: string;
  /** Undefined where the project names no target. */
  readonly target: string | undefined;
  readonly env: Environment;
  readonly onProgress: (text: string) => void;
  readonly signal: AbortSignal;
  /** References to the environment stay as they are written. */
  readonly offline?: true;
}

export interface LoadedBase extends PlanBase {
  readonly secrets: readonly Secret<string>[];
}

/**
 * The manifests as they were at a commit, as this target saw them then. Throws ProblemError where the commit cannot be had or
 * what it holds cannot be read. No manifests there, or no such target, is an empty base: nothing was applied from it.
 */
export async function loadBase(request: BaseRequest): Promise<LoadedBase> {
  const { onProgress, signal } = request;
  const tree = await checkOutBase(request.root, request.ref, { signal, onProgress });
  try {
    return await readBase(tree, request);
  } finally {
    await tree.dispose();
  }
}

async function readBase(tree: BaseTree, request: BaseRequest): Promise<LoadedBase> {
  const { env, signal, target: name } = request;
  const { root, commit } = tree;
  const { project, problems } = await loadProject(root, {
    env,
    cwd: root,
    resolve: name === undefined || request.offline === true ? [] : [name],
    // Where the target was and who signed in does not matter any more.
    only: "variables",
  });
  const wrong = problems.filter(({ code }) => !LOST.has(code));
  if (project === undefined || hasErrors(wrong)) throw unreadable(request, wrong);
  await expectRead(tree.unread, project.manifests, request.ref);
  const target = project.targets.find((candidate) => candidate.name === name);
  if (name !== undefined && target === undefined)
    return { commit, resources: new Map(), secrets: [] };
  const loaded = await loadManifests({
    root,
    patterns: project.manifests,
    cwd: root,
    kinds,
    variables: request.offline === true ? (target?.variables ?? {}) : keepKnown(target),
    overlays: target?.overlays,
    committed: true,
    ...(request.offline === true ? {} : { env, secrets: env }),
    applied: true,
    embeddings,
    signal,
  });
  const grave = loaded.problems.filter(({ code }) => code !== "no-manifests");
  const explained = grave.map((problem) => ({
    ...problem,
    ...explainUnread(problem, tree.unread),
  }));
  if (hasErrors(explained)) throw unreadable(request, explained);
  return {
    commit,
    resources: new Map(loaded.resources.map((resource) => [nameResource(resource), resource])),
    secrets: loaded.secrets,
  };
}

/** Codes of references whose value is gone or never was one; what they stood in is unknown. */
const LOST = new Set(["unresolved-reference", "credential-reference"]);

/** Variables that still have a value. */
function keepKnown(target: TargetConfig | undefined): TargetConfig["variables"] {
  const known = Object.entries(target?.variables ?? {}).filter(
    ([, value]) => typeof value !== "string" || !/\$\{env:\w+\}/.test(value),
  );
  return Object.fromEntries(known);
}

function unreadable({ ref }: BaseRequest, problems: readonly Problem[]): ProblemError {
  const head = failure(
    "base-unreadable",
    `the manifests at ${ref} cannot be read, so there is nothing to compare with`,
    {
      hint: "name a commit that was applied with --base, or plan without it",
    },
  );
  const placed = problems
    .filter(({ severity }) => severity === "error")
    .map((problem) =>
      problem.at === undefined
        ? problem
        : { ...problem, at: { ...problem.at, file: `${ref}:${problem.at.file}` } },
    );
  return new ProblemError([...head.problems, ...placed]);
}
