import { realpathSync } from "node:fs";
import { resolve } from "node:path";

import type { Embeddings, Kind } from "../domain/ports.ts";
import { type Problem, ProblemError, type SourceSpan, sortProblems } from "../domain/problem.ts";
import type { RenderedManifest, RenderedValue } from "../domain/rendition.ts";
import { type DesiredResource, nameResource } from "../domain/resource.ts";
import { Secret } from "../domain/secret.ts";
import { addProblems, report } from "./problems/codes.ts";
import { isEmptyDocument, type LoadContext } from "./document/read.ts";
import { findFiles } from "./files/find-files.ts";
import { type Folders, openFolders, readProjectFile, showPath } from "./files/folders.ts";
import { realDisk } from "./files/disk.ts";
import { isInterrupted, locateJournal } from "./files/journal.ts";
import { openJournal } from "./files/restore.ts";
import { readOverlays } from "./overlay/read.ts";
import {
  groupPatches,
  type NamedReading,
  type Patches,
  readDocumentWith,
  readRest,
} from "./overlay/resources.ts";
import { parseYaml } from "./yaml/parse.ts";
import { explainFailure } from "./files/read-text.ts";
import { type Validator, validators as generatedValidators } from "./schema/validators.ts";
import type { Environment, OwnCredentials, Variables } from "./references/scopes.ts";
import type { OverlayName } from "./project/targets.ts";

export type { OwnCredentials } from "./references/scopes.ts";

/** Files read before others get a turn: a few milliseconds' worth, so that requests under way are answered. */
const FILES_AT_ONCE = 16;

export interface LoadRequest {
  /** The project folder. */
  readonly root: string;
  /** Globs relative to the root; one that starts with `!` takes files out again. */
  readonly patterns: readonly string[];
  /** Files or folders, absolute or relative to `cwd`, that narrow what the patterns name. */
  readonly paths?: readonly string[] | undefined;
  /** What the paths in problems are relative to; without it the root. */
  readonly cwd?: string | undefined;
  readonly kinds: readonly Kind[];
  /** By kind; without it those of the project's own schemas. */
  readonly validators?: Readonly<Record<string, Validator>> | undefined;
  readonly variables: Variables;
  /** What the PBX is signed in to with. */
  readonly own?: OwnCredentials | undefined;
  /** Overlay files of the target, in the order in which they are applied. */
  readonly overlays?: readonly OverlayName[] | undefined;
  /** What `${env:NAME}` in overlays is looked up in; without it they are left as they stand, unreported. */
  readonly env?: Environment | undefined;
  /** What `${secret:NAME}` is looked up in; without it secrets are left as they stand, unreported. */
  readonly secrets?: Environment | undefined;
  /** The folder holds a commit: nobody is writing to it, and what its references stood for may be gone. */
  readonly committed?: boolean | undefined;
  /** How secrets get into texts that are in a language; without it as they are. */
  readonly embeddings?: Embeddings | undefined;
  /** They were applied already: secrets are taken however short they are and wherever they stand. */
  readonly applied?: boolean | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Whether `renditions` are wanted. */
  readonly rendering?: boolean | undefined;
  /** Told each resource as soon as it is read, be there problems or not. */
  readonly onResource?: ((resource: DesiredResource) => void) | undefined;
}

export interface LoadResult {
  /**
   * In the order of their files and documents. A manifest with errors is here as far as it could be read, so that
   * more checks can be made of it: whoever plans must first see that no problem is an error.
   */
  readonly resources: readonly DesiredResource[];
  /** With `rendering`: what the target makes of each manifest, in the order of the resources. */
  readonly renditions: readonly RenderedManifest[];
  /** Every problem of every file, in the order of their places. */
  readonly problems: readonly Problem[];
  /** The manifest files that were read, as problems show them. */
  readonly files: readonly string[];
  /** Every secret that a reference was replaced by, for the redactor. */
  readonly secrets: readonly Secret<string>[];
}

/** Reads every manifest and script of a project. Throws only the reason of `signal`. */
export async function loadManifests(request: LoadRequest): Promise<LoadResult> {
  const { signal } = request;
  const root = resolve(request.root);
  const cwd = resolve(request.cwd ?? root);
  const folders = await tryFolders(root, cwd, request.committed ?? false);
  if ("problem" in folders) {
    return { resources: [], renditions: [], problems: [folders.problem], files: [], secrets: [] };
  }
  const found = await findFiles(request.patterns, request.paths, folders, signal);
  const used = new Set<string>();
  const context: LoadContext = {
    kinds: new Map(request.kinds.map((kind) => [kind.name, kind])),
    validators: request.validators ?? generatedValidators,
    values: {
      variables: request.variables,
      secrets: request.secrets,
      env: request.env,
      own: request.own,
      applied: request.applied,
      lenient: request.committed,
      used,
    },
    folders,
    embeddings: request.embeddings,
    rendering: request.rendering,
  };
  const overlays = readOverlays(request.overlays ?? [], context);
  const patches = groupPatches(overlays.patches);
  const readings: NamedReading[] = [];
  for (const [index, file] of found.files.entries()) {
    if (index % FILES_AT_ONCE === 0) await yieldTurn(signal);
    for (const reading of readFile(file, context, patches)) {
      readings.push(reading);
      if (reading.resource !== undefined) request.onResource?.(reading.resource);
    }
  }
  // A choice of files says nothing about apps in others, or in none.
  if (request.paths === undefined) readings.push(...readRest(patches, readings, context));
  const problems = [...found.problems, ...overlays.problems];
  const resources: DesiredResource[] = [];
  const renditions: RenderedManifest[] = [];
  const known = new Map<string, DesiredResource>();
  for (const reading of readings) {
    addProblems(problems, reading.problems);
    if (reading.resource === undefined) continue;
    const name = nameResource(reading.resource);
    const first = known.get(name);
    if (first === undefined) {
      resources.push(reading.resource);
      const { resource, rendition } = reading;
      if (rendition !== undefined) renditions.push(nameRendition(resource, rendition));
    } else problems.push(refuseDuplicate(reading.resource, first));
    known.set(name, first ?? reading.resource);
  }
  return {
    resources,
    renditions,
    problems: sortProblems(dropRepeats(problems)),
    files: found.files.map((file) => showPath(cwd, file)),
    secrets: [...used].map((value) => new Secret(value)),
  };
}

function nameRendition(
  { kind, key, labels }: DesiredResource,
  document: RenderedValue,
): RenderedManifest {
  return { kind, key, labels, document };
}

async function tryFolders(
  root: string,
  cwd: string,
  committed: boolean,
): Promise<Folders | { readonly problem: Problem }> {
  if (!committed && isInterrupted(root)) {
    const shown = showPath(cwd, locateJournal(root));
    return { problem: await refuseInterrupted(root, { file: shown, line: 1, column: 1 }) };
  }
  try {
    return openFolders(root, cwd);
  } catch (error) {
    return { problem: explainFailure(error, { shown: showPath(cwd, root) }) };
  }
}

/** Lets everything else that waits run, and ends the load when it was cancelled meanwhile. */
async function yieldTurn(signal: AbortSignal | undefined): Promise<void> {
  await new Promise((resume) => {
    setImmediate(resume);
  });
  signal?.throwIfAborted();
}

function readFile(path: string, context: LoadContext, patches: Patches): readonly NamedReading[] {
  const shown = showPath(context.folders.cwd, path);
  const { text, problem } = readProjectFile(path, { shown }, context.folders);
  if (problem !== undefined) return [{ problems: [problem] }];
  const yaml = parseYaml(text, shown);
  const readings: NamedReading[] = yaml.problems.length === 0 ? [] : [{ problems: yaml.problems }];
  for (const document of yaml.documents) {
    if (document.broken || isEmptyDocument(document) || document.node === null) continue;
    readings.push(readDocumentWith(document.node, yaml, context, patches));
  }
  if (yaml.problems.length === 0 && yaml.documents.every(isEmptyDocument)) {
    return [{ problems: [refuseEmpty(shown)] }];
  }
  return readings;
}

/** Half of the files may be new and half old, which may well read as something that nobody wants. */
async function refuseInterrupted(root: string, at: SourceSpan): Promise<Problem> {
  try {
    await openJournal(realpathSync.native(root), realDisk);
  } catch (error) {
    if (!(error instanceof ProblemError) || error.problems[0] === undefined) throw error;
    return { ...error.problems[0], at };
  }
  const message = "a pull is writing to the project, or was stopped in the middle";
  return report("pull-interrupted", message, {
    at,
    hint: "run callform pull again: it first puts the files back as they were",
  });
}

function refuseEmpty(shown: string): Problem {
  return report("file-empty", `${shown} has no manifest in it`, {
    at: { file: shown, line: 1, column: 1 },
    hint: "remove the file, or give it a name that the patterns do not match",
  });
}

function refuseDuplicate(second: DesiredResource, first: DesiredResource): Problem {
  const name = nameResource(second);
  const place = `${first.at.file}:${first.at.line}:${first.at.column}`;
  return report("duplicate-resource", `${name} is described twice; the first is at ${place}`, {
    at: second.at,
    hint: "keep one of the two",
    subject: name,
  });
}

/** A script that several manifests name has its problems once. */
function dropRepeats(problems: readonly Problem[]): Problem[] {
  const seen = new Set<string>();
  return problems.filter(({ at, code, message }) => {
    if (at === undefined) return true;
    const key = JSON.stringify([at.file, at.line, at.column, code, message]);
    return !seen.has(key) && seen.add(key);
  });
}
