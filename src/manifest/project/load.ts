import { readdirSync, realpathSync } from "node:fs";
import { isAbsolute, join, resolve, win32 } from "node:path";

import { hasErrors, type Problem, sortProblems } from "../../domain/problem.ts";
import type { JsonObject } from "../../domain/json.ts";
import { addProblems, report } from "../problems/codes.ts";
import {
  type DocumentReading,
  isEmptyDocument,
  PROJECT_KIND,
  readDocument,
  readKind,
} from "../document/read.ts";
import { explainErrors, selectErrors } from "../schema/explain.ts";
import { findCost } from "../files/pattern-cost.ts";
import { type DocumentTree, spanValue } from "../yaml/find-node.ts";
import { isObject, readSection, readTextList } from "../json.ts";
import { quoteText } from "../problems/names.ts";
import { parseYaml, type YamlFile } from "../yaml/parse.ts";
import { showPath, staysInRepository, PROJECT_FILE } from "../files/folders.ts";
import { explainFailure, readTextFile, type Refusal, tryRead } from "../files/read-text.ts";
import { resolveValues } from "../references/resolve-values.ts";
import { validateProject } from "../schema/validators.ts";
import { scopeNowhere, scopeProject } from "../references/scope-project.ts";
import type { Environment } from "../references/scopes.ts";
import { buildTargets, type TargetConfig } from "./targets.ts";

export type { Environment } from "../references/scopes.ts";
export type { Policy, TargetConfig } from "./targets.ts";

export const DEFAULT_PATTERNS = ["apps/**/*.{yaml,yml}"] as const;

export interface Project {
  /** Absolute. */
  readonly root: string;
  /** The project file, as problems show it; absent when the folder has none. */
  readonly file?: string;
  readonly manifests: readonly string[];
  readonly targets: readonly TargetConfig[];
}

export interface ProjectOptions {
  readonly env: Environment;
  /**
   * The targets whose references are resolved. Those of the others stay as they are, so that what one target lacks
   * does not stop another; their form is checked all the same. A function picks them from the names that there are.
   */
  readonly resolve?: readonly string[] | ((names: readonly string[]) => readonly string[]);
  /** The one key of those targets whose references are resolved; without it all. */
  readonly only?: string | undefined;
  /** What the paths in problems are relative to; without it the root. */
  readonly cwd?: string | undefined;
}

export interface ProjectReading {
  /** Absent when the file breaks its schema; with nothing but unresolved references, they stand in it as written. */
  readonly project: Project | undefined;
  readonly problems: readonly Problem[];
}

/**
 * Reads `callform.yaml` in the folder `root`. A folder without one is a project with the default patterns and no
 * targets.
 */
export async function loadProject(root: string, options: ProjectOptions): Promise<ProjectReading> {
  const folder = resolve(root);
  const shown = showPath(resolve(options.cwd ?? folder), join(folder, PROJECT_FILE));
  const present = findProjectFile(folder, shown);
  if (present.problem !== undefined) return { project: undefined, problems: [present.problem] };
  if (!present.found) {
    return { project: { root: folder, manifests: DEFAULT_PATTERNS, targets: [] }, problems: [] };
  }
  const read = tryRead({ shown }, () => {
    const real = realpathSync.native(join(folder, PROJECT_FILE));
    return staysInRepository(folder, real) ? readTextFile(real, { shown }) : refuseLink(shown);
  });
  if (read.problem !== undefined) return { project: undefined, problems: [read.problem] };
  const problems: Problem[] = [];
  const reading = readOnly(parseYaml(read.text, shown), problems);
  const project =
    reading === undefined ? undefined : readProject(folder, reading, options, problems);
  return { project, problems: sortProblems(problems) };
}

function findProjectFile(
  folder: string,
  shown: string,
): { readonly found: boolean; readonly problem?: Problem } {
  try {
    const names = readdirSync(folder);
    const found = names.includes(PROJECT_FILE);
    if (found || !names.includes(MISNAMED)) return { found };
    const message = `the project file is called ${PROJECT_FILE}, not ${MISNAMED}`;
    const at = { file: shown.replace(PROJECT_FILE, MISNAMED), line: 1, column: 1 };
    return { found, problem: report("file-unreadable", message, { at, hint: "rename it" }) };
  } catch (error) {
    return { found: false, problem: explainFailure(error, { shown: folder }) };
  }
}

function refuseLink(shown: string): Refusal {
  const at = { file: shown, line: 1, column: 1 };
  return { problem: report("path-escape", `${shown} is a link out of the repository`, { at }) };
}

const MISNAMED = "callform.yml";

/** The one document of the project file. */
function readOnly(yaml: YamlFile, problems: Problem[]): DocumentReading | undefined {
  addProblems(problems, yaml.problems);
  if (yaml.problems.length > 0) return undefined;
  const [first, second] = yaml.documents.filter((document) => !isEmptyDocument(document));
  if (first === undefined || first.node === null) {
    const at = { file: yaml.file, line: 1, column: 1 };
    problems.push(report("file-empty", `${yaml.file} is empty`, { at }));
    return undefined;
  }
  const reading = readDocument(first.node, yaml, problems);
  if (second !== undefined && second.node !== null) {
    const at = spanValue({ source: yaml, root: second.node, aliases: new Map() }, []);
    const message = "the project file holds one document; this is a second one";
    problems.push(
      report("invalid-value", message, { at, hint: "manifests are files of their own" }),
    );
  }
  return reading;
}

function readProject(
  root: string,
  reading: DocumentReading,
  { env, resolve: names, only }: ProjectOptions,
  problems: Problem[],
): Project | undefined {
  const { document, tree } = reading;
  if (readKind(reading, [PROJECT_KIND], problems) === undefined) return undefined;
  const known = Object.keys(readSection(document, "targets"));
  const chosen = new Set(typeof names === "function" ? names(known) : names);
  const resolved = resolveValues(document, tree, ([section, target, key]) => {
    if (section === "manifests") return scopeNowhere("manifests");
    if (section !== "targets" || typeof target !== "string") return undefined;
    // Which files a project has must be known without an environment.
    if (key === "overlay") return scopeNowhere("overlay");
    const wanted = chosen.has(target) && (only === undefined || only === key);
    return scopeProject(wanted ? env : undefined, typeof key === "string" ? key : undefined);
  });
  // The version has been judged by then.
  const errors = selectErrors(validateProject(resolved.value), resolved.open).filter(
    ({ pointer }) => pointer !== "/apiVersion",
  );
  const breaches = explainErrors(errors, { ...resolved, tree, adviseKey: () => undefined });
  addProblems(problems, resolved.problems);
  addProblems(problems, breaches);
  addProblems(problems, findPatternEscapes(document, tree));
  const costs = findPatternCosts(document, tree);
  addProblems(problems, costs);
  addProblems(problems, findLiteralSecrets(document, tree));
  if (hasErrors(breaches) || costs.length > 0 || !isObject(resolved.value)) return undefined;
  return {
    root,
    file: tree.source.file,
    manifests:
      resolved.value["manifests"] === undefined
        ? DEFAULT_PATTERNS
        : readTextList(resolved.value["manifests"]),
    targets: buildTargets(readSection(resolved.value, "targets"), {
      ...resolved,
      root,
      tree,
      written: readSection(document, "targets"),
    }),
  };
}

function findPatternEscapes(document: JsonObject, tree: DocumentTree): Problem[] {
  return readTextList(document["manifests"]).flatMap((pattern, index) => {
    const path = pattern.replace(/^!/, "");
    const escapes =
      isAbsolute(path) || win32.isAbsolute(path) || path.split(/[\\/]/).includes("..");
    if (!escapes) return [];
    const at = spanValue(tree, ["manifests", String(index)]);
    return [
      report("path-escape", `the pattern ${pattern} leads out of the project folder`, { at }),
    ];
  });
}

function findPatternCosts(document: JsonObject, tree: DocumentTree): Problem[] {
  return readTextList(document["manifests"]).flatMap((pattern, index) => {
    const cost = findCost(pattern);
    if (cost === undefined) return [];
    const at = spanValue(tree, ["manifests", String(index)]);
    const message = `the pattern ${quoteText(pattern)} could take for ever to match: ${cost}`;
    return [report("invalid-value", message, { at, hint: "name folders, as in apps/**/*.yaml" })];
  });
}

function findLiteralSecrets(document: JsonObject, tree: DocumentTree): Problem[] {
  const targets = readSection(document, "targets");
  return Object.keys(targets).flatMap((name) => {
    const secret = readSection(targets, name)["clientSecret"];
    if (typeof secret !== "string" || secret.includes("${")) return [];
    const at = spanValue(tree, ["targets", name, "clientSecret"]);
    const hint = "write ${env:NAME}, and make a new secret: this one has been in Git";
    const message = `the client secret of ${name} stands in the project file`;
    return [report("literal-secret", message, { severity: "warning", at, hint })];
  });
}
