import { resolve } from "node:path";

import type { SourceSpan } from "../../domain/problem.ts";
import type { Json, JsonObject } from "../../domain/json.ts";
import type { Prune } from "../../domain/plan/removal.ts";
import { Secret } from "../../domain/secret.ts";
import { type DocumentTree, spanKey, spanValue } from "../yaml/find-node.ts";
import { readSection, readText, readTextList, readTextMap } from "../json.ts";
import { findReferences } from "../references/resolve.ts";
import type { Variables } from "../references/scopes.ts";
import { joinPointer } from "../schema/validators.ts";

const PRUNES: readonly Prune[] = ["never", "removed", "all"];

/** What a plan for a target may do; see `policy` in schemas/project.schema.json. */
export interface Policy {
  readonly prune: Prune;
  readonly maxDeletes?: number;
  readonly maxChangePercent?: number;
  readonly protect: readonly string[];
  readonly scratchNumber?: string;
}

/** An overlay file as a target names it. */
export interface OverlayName {
  /** Relative to the project folder, as written. */
  readonly name: string;
  /** Where the project file names it. */
  readonly at: SourceSpan;
}

/** One phone system of the project file. */
export interface TargetConfig {
  readonly name: string;
  readonly url?: string;
  readonly clientId?: string;
  readonly clientSecret?: Secret<string>;
  /** Absolute. */
  readonly caFile?: string;
  /** What differs on it, in the order in which it is applied. */
  readonly overlays: readonly OverlayName[];
  /** Targets of a lower wave come first; 1 without one. */
  readonly wave: number;
  readonly variables: Variables;
  /** Names of the environment variables that its credentials are taken from. */
  readonly credentialNames: readonly string[];
  readonly policy: Policy;
  /** Where its name stands. */
  readonly at?: SourceSpan;
}

/** What the targets of a project file are built from beside their values. */
export interface TargetSource {
  readonly root: string;
  readonly tree: DocumentTree;
  /** Pointers of texts still to be resolved. */
  readonly open: ReadonlySet<string>;
  /** Pointers of texts that hold a credential. */
  readonly tainted: ReadonlySet<string>;
  /** The targets as they are written, references and all. */
  readonly written: JsonObject;
}

/** The targets of a project file that fits its schema. */
export function buildTargets(targets: JsonObject, source: TargetSource): readonly TargetConfig[] {
  return Object.keys(targets).map((name) => buildTarget(name, readSection(targets, name), source));
}

function buildTarget(
  name: string,
  target: JsonObject,
  { root, tree, open, tainted, written }: TargetSource,
): TargetConfig {
  const url = readText(target["url"]);
  const clientId = readText(target["clientId"]);
  const clientSecret = readText(target["clientSecret"]);
  const caFile = readText(target["caFile"]);
  const named = !open.has(joinPointer(["targets", name, "caFile"]));
  const variables = Object.entries(readTextMap(readSection(target, "variables")));
  return {
    name,
    ...(url !== undefined && { url }),
    ...(clientId !== undefined && { clientId }),
    ...(clientSecret !== undefined && { clientSecret: new Secret(clientSecret) }),
    ...(caFile !== undefined && { caFile: named ? resolve(root, caFile) : caFile }),
    overlays: nameOverlays(name, target["overlay"], tree),
    wave: typeof target["wave"] === "number" ? target["wave"] : 1,
    variables: Object.fromEntries(
      variables.map(([key, value]) => [
        key,
        tainted.has(joinPointer(["targets", name, "variables", key])) ? new Secret(value) : value,
      ]),
    ),
    credentialNames: ["clientId", "clientSecret"].flatMap((key) =>
      listNames(readText(readSection(written, name)[key]) ?? ""),
    ),
    policy: buildPolicy(readSection(target, "policy")),
    at: spanKey(tree, ["targets", name]),
  };
}

/** The names in the references of a text. */
function listNames(text: string): string[] {
  return findReferences(text).map((reference) => reference.replace(/^.*:|\}$/g, ""));
}

function nameOverlays(
  target: string,
  overlay: Json | undefined,
  tree: DocumentTree,
): readonly OverlayName[] {
  const path = ["targets", target, "overlay"];
  if (typeof overlay === "string") return [{ name: overlay, at: spanValue(tree, path) }];
  return readTextList(overlay).map((name, index) => ({
    name,
    at: spanValue(tree, [...path, String(index)]),
  }));
}

function buildPolicy(policy: JsonObject): Policy {
  const { maxDeletes, maxChangePercent, protect } = policy;
  const scratchNumber = readText(policy["scratchNumber"]);
  return {
    prune: PRUNES.find((prune) => prune === policy["prune"]) ?? "never",
    ...(typeof maxDeletes === "number" && { maxDeletes }),
    ...(typeof maxChangePercent === "number" && { maxChangePercent }),
    protect: readTextList(protect),
    ...(scratchNumber !== undefined && { scratchNumber }),
  };
}
