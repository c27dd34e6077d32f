import path from "node:path";
import type { FieldValue } from "../../domain/secret.ts";
import { kinds } from "../../kinds/index.ts";
import { loadManifests } from "../../manifest/load.ts";
import { loadProject } from "../../manifest/project/load.ts";
import { readSchemas } from "../project/schemas.ts";

/** Which project a completion is about, as far as the command line says. */
export interface CandidateRequest {
  readonly cwd: string;
  readonly project: string | undefined;
  readonly target: string | undefined;
  readonly signal: AbortSignal;
}

/** A word that would fit, with what people call it. */
export interface Named {
  readonly value: string;
  readonly meaning: string;
}

/** The targets of the project, in its order; none where the project file cannot be read. */
export async function listTargets(request: CandidateRequest): Promise<Named[]> {
  const project = await readProject(request);
  return (project?.targets ?? []).map(({ name, url = "" }) => ({ value: name, meaning: url }));
}

/**
 * The keys of every manifest that can be read, in the order of files. No secret is resolved and nothing is asked of a
 * PBX.
 */
export async function listNumbers(request: CandidateRequest): Promise<Named[]> {
  const project = await readProject(request);
  if (project === undefined) return [];
  const { targets, root, manifests } = project;
  const target = targets.find(({ name }) => name === request.target) ?? targets[0];
  const { resources } = await loadManifests({
    root,
    patterns: manifests,
    kinds,
    variables: target?.variables ?? {},
    signal: request.signal,
  });
  const titles = new Map(kinds.map(({ name, titleField }) => [name, titleField]));
  return resources.map(({ kind, key, fields }) => ({
    value: key,
    meaning: readTitle(fields[titles.get(kind) ?? ""]),
  }));
}

/** The kinds that have a schema. */
export async function listKinds(): Promise<Named[]> {
  const schemas = await readSchemas();
  return schemas.map(({ kind, title }) => ({ value: kind, meaning: title }));
}

async function readProject({ cwd, project }: CandidateRequest) {
  const reading = await loadProject(path.resolve(cwd, project ?? "."), { env: {}, cwd });
  return reading.project;
}

function readTitle(title: FieldValue | undefined): string {
  return typeof title === "string" ? title : "";
}
