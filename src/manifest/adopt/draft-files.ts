import { readdirSync } from "node:fs";
import { dirname, join, resolve } from "node:path";

import type { Embeddings, Kind } from "../../domain/ports.ts";
import { failure, type Problem, sortProblems } from "../../domain/problem.ts";
import type { DesiredResource, LiveResource } from "../../domain/resource.ts";
import { chooseFileNames } from "./file-names.ts";
import { openFolders } from "../files/folders.ts";
import { matchNames } from "../files/match-patterns.ts";
import type { UsedReference } from "../references/restore.ts";
import { type Validator, validators as generatedValidators } from "../schema/validators.ts";
import type { Environment, Variables } from "../references/scopes.ts";
import type { Drafting, FileDraft, UpdateOrder, WriteContext } from "./context.ts";
import { draftNew, type WriteHead } from "./draft-new.ts";
import { refusePlace } from "./problems.ts";
import { joinDrafts, judgeShared } from "./draft-texts.ts";
import { draftUpdate } from "./draft-update.ts";

export type { FileDraft, UpdateOrder } from "./context.ts";
export type { WriteHead } from "./draft-new.ts";

export interface WriteRequest {
  /** The project folder. */
  readonly root: string;
  /** What paths in problems are relative to. */
  readonly cwd: string;
  readonly patterns: readonly string[];
  readonly kinds: readonly Kind[];
  readonly validators?: Readonly<Record<string, Validator>> | undefined;
  readonly variables: Variables;
  readonly secrets: Environment;
  /** How secrets get into texts that are in a language. */
  readonly embeddings?: Embeddings | undefined;
  /** Every value that a reference of the manifests was replaced by. */
  readonly usedSecrets: readonly string[];
  /** Every resource of the manifests. */
  readonly resources: readonly DesiredResource[];
  /** Live resources that no manifest describes. */
  readonly creates: readonly LiveResource[];
  readonly updates: readonly UpdateOrder[];
  /** False leaves texts in files as they are, and out of new manifests. */
  readonly texts: boolean;
  /** References may be written over by what the PBX has. */
  readonly force: boolean;
  readonly head: WriteHead;
}

/**
 * What would become of the project's files so that they say what the PBX has; nothing is written. Files that would stay
 * as they are, byte for byte, are not among the drafts, which are in the order of their names.
 */
export async function draftFiles(request: WriteRequest): Promise<Drafting> {
  const { updates, resources } = request;
  const context = makeContext(request);
  const byFile = new Map<string, UpdateOrder[]>();
  for (const order of updates) {
    const { file } = order.desired.at;
    byFile.set(file, [...(byFile.get(file) ?? []), order]);
  }
  const changed = [...byFile].map(([file, orders]) => draftUpdate(file, orders, context));
  const added = await draftCreates(request, context);
  const texts = changed.flatMap(({ drafts }) => drafts);
  const shared = judgeShared(texts, updates, resources, context);
  const drafts = joinDrafts([...texts, ...added.drafts]);
  const problems = [...changed.flatMap((one) => one.problems), ...added.problems, ...shared];
  return {
    drafts: drafts.toSorted((a, b) => (a.file < b.file ? -1 : 1)),
    problems: sortProblems(problems),
  };
}

function makeContext(request: WriteRequest): WriteContext {
  const root = resolve(request.root);
  return {
    kinds: new Map(request.kinds.map((kind) => [kind.name, kind])),
    validators: request.validators ?? generatedValidators,
    values: { variables: request.variables, secrets: request.secrets, used: new Set() },
    folders: openFolders(root, resolve(request.cwd)),
    embeddings: request.embeddings,
    rendering: false,
    secrets: nameSecrets(request),
    force: request.force,
    texts: request.texts,
  };
}

/** Too short to be told from any other word of a text. */
const MIN_SECRET_LENGTH = 6;

/** The names of the secrets in use, so that a text which repeats one is written with its reference. */
function nameSecrets({ secrets, usedSecrets }: WriteRequest): UsedReference[] {
  return usedSecrets.flatMap((value): UsedReference[] => {
    const name = Object.keys(secrets).find(
      (key) => secrets[key] === value && /^[A-Z0-9_]+$/.test(key),
    );
    if (name === undefined || value.length < MIN_SECRET_LENGTH) return [];
    return [{ source: `\${secret:${name}}`, value, secret: true }];
  });
}

async function draftCreates(request: WriteRequest, context: WriteContext): Promise<Drafting> {
  const { creates, patterns, head } = request;
  if (creates.length === 0) return { drafts: [], problems: [] };
  const { folders, kinds } = context;
  const named = creates.map((live) => {
    const kind = kinds.get(live.kind);
    if (kind === undefined) throw new Error(`unknown kind ${live.kind}`);
    const title = live.fields[kind.titleField];
    const telling = typeof title === "string" && !tellsSecret(title, context) ? title : "";
    return { kind, live, key: live.key, title: telling };
  });
  const isTaken = watchNames(folders.root);
  const names = await chooseFileNames({ patterns, resources: named, isTaken });
  const problems: Problem[] = [];
  const drafts: FileDraft[] = [];
  for (const [index, { kind, live }] of named.entries()) {
    const place = names[index];
    if (place === undefined) problems.push(refusePlace({ id: live }, patterns));
    else {
      const added = draftNew(kind, live, place, head, context);
      problems.push(...added.problems);
      drafts.push(...added.drafts);
    }
  }
  problems.push(...(await judgePatterns(patterns, drafts, folders.root)));
  return { drafts, problems };
}

/** Then no file is named after it. */
function tellsSecret(title: string, { secrets }: WriteContext): boolean {
  return secrets.some(({ value }) => title.includes(value));
}

/** Whether a file of some ending has that name already, however it spells it. */
function watchNames(root: string): (stem: string) => boolean {
  const folders = new Map<string, ReadonlySet<string>>();
  return (stem) => {
    const path = join(root, stem);
    const folder = dirname(path);
    const taken = folders.get(folder) ?? listStems(folder);
    folders.set(folder, taken);
    return taken.has(path.slice(folder.length + 1).toLowerCase());
  };
}

function listStems(folder: string): ReadonlySet<string> {
  try {
    const names = readdirSync(folder).map((name) => name.toLowerCase());
    return new Set(names.flatMap((name) => [name, name.replace(/\.[^.]*$/, "")]));
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return new Set();
    throw error;
  }
}

/** A pattern that takes in everything would read the texts as manifests. */
async function judgePatterns(
  patterns: readonly string[],
  drafts: readonly FileDraft[],
  root: string,
): Promise<readonly Problem[]> {
  const { realRoot } = openFolders(root, root);
  const names = drafts
    .filter(({ isText }) => isText)
    .map(({ path }) => path.slice(realRoot.length + 1).replaceAll("\\", "/"));
  const [found] = await matchNames(patterns, names);
  if (found === undefined) return [];
  const hint = 'say which files are manifests, as in "apps/**/*.yaml", in callform.yaml';
  const message = `the patterns of the project take ${found} for a manifest`;
  return failure("pull-no-place", message, { hint }).problems;
}
