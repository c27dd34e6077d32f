import { mkdir, mkdtemp, realpath, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

import { onTestFinished } from "vitest";

import type { Problem } from "../../../src/domain/problem.ts";
import { loadManifests, type LoadRequest, type LoadResult } from "../../../src/manifest/load.ts";
import { appKind } from "../kinds/manifest-kinds.ts";

export type Files = Readonly<Record<string, string | Uint8Array>>;

/** A folder with these files, removed when the test ends. Its path has no symbolic links in it. */
export async function writeProject(files: Files): Promise<string> {
  const root = await realpath(await mkdtemp(join(tmpdir(), "callform-manifest-")));
  onTestFinished(() => rm(root, { recursive: true, force: true }));
  for (const [name, content] of Object.entries(files)) await writeInto(root, name, content);
  return root;
}

export async function writeInto(root: string, name: string, content: string | Uint8Array) {
  const path = join(root, name);
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, content);
}

/** Loads these files as a project, with the test's own kind for call flow apps. */
export async function loadFiles(
  files: Files,
  request: Partial<LoadRequest> = {},
): Promise<LoadResult> {
  const root = request.root ?? (await writeProject(files));
  return loadManifests({
    root,
    patterns: ["**/*.{yaml,yml}"],
    kinds: [appKind],
    variables: {},
    ...request,
  });
}

/** One manifest at `app.yaml`; spec lines are written as they stand, indented by two. */
export function appManifest(spec: readonly string[], number = '"806"'): string {
  return [
    "apiVersion: callform/v1",
    "kind: CallFlowApp",
    "metadata:",
    `  number: ${number}`,
    "spec:",
    "  name: afterhours",
    ...spec.map((line) => `  ${line}`),
    "",
  ].join("\n");
}

/** `file:line:column code`, for comparing many problems at a glance. */
export function briefly(problems: readonly Problem[]): string[] {
  return problems.map(({ at, code }) =>
    at === undefined ? code : `${at.file}:${at.line}:${at.column} ${code}`,
  );
}
