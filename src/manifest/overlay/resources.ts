import type { ParsedNode } from "yaml";

import { nameResource } from "../../domain/resource.ts";
import {
  type LoadContext,
  openManifest,
  readKind,
  readResource,
  type ResourceReading,
} from "../document/read.ts";
import { readText } from "../json.ts";
import { suggestName } from "../../domain/text/nearest-name.ts";
import type { OverlayPatch } from "./read.ts";
import { applyPatches, type Overlaid } from "./apply.ts";
import type { YamlText } from "../yaml/parse.ts";

/** What a document of a manifest file came to, or one that only an overlay has. */
export interface NamedReading extends ResourceReading {
  /** The resource it is about, also where the target does not have it; undefined when nobody can tell. */
  readonly name?: string | undefined;
}

/** Patches by the resource they are about. */
export type Patches = ReadonlyMap<string | undefined, readonly OverlayPatch[]>;

export function groupPatches(patches: readonly OverlayPatch[]): Patches {
  const groups = new Map<string | undefined, OverlayPatch[]>();
  for (const patch of patches) {
    const group = groups.get(patch.resource);
    if (group === undefined) groups.set(patch.resource, [patch]);
    else group.push(patch);
  }
  return groups;
}

/** One document of a manifest file, with what overlays say about it. */
export function readDocumentWith(
  node: ParsedNode,
  source: YamlText,
  context: LoadContext,
  patches: Patches,
): NamedReading {
  const { manifest, problems } = openManifest(node, source, context);
  if (manifest === undefined) return { problems };
  const { reading, kind, key } = manifest;
  const name = key === undefined ? undefined : nameResource({ kind: kind.name, key });
  const group = name === undefined ? undefined : patches.get(name);
  const read =
    group === undefined
      ? readResource(reading, kind, context)
      : readOverlaid(applyPatches(reading, group), context);
  return { ...read, name, problems: [...problems, ...read.problems] };
}

/** The patches that are about no manifest that was read: manifests that overlays add, and mistakes. */
export function readRest(
  patches: Patches,
  readings: readonly NamedReading[],
  context: LoadContext,
): NamedReading[] {
  const names = new Set(readings.map(({ name }) => name));
  const rest = [...patches].filter(([name]) => name === undefined || !names.has(name));
  const added = rest.filter(([, group]) => group.some(({ body }) => body["add"] !== undefined));
  const known = [...names, ...added.map(([name]) => name)];
  return rest
    .flatMap(([name, group]) => (name === undefined ? group.map((patch) => [patch]) : [group]))
    .map((group) => {
      const overlaid = applyPatches(undefined, group, adviseUnmatched(group, known));
      // It may be the one that could not be read.
      const unsure = overlaid.reading === undefined && names.has(undefined);
      return unsure ? { problems: [] } : readOverlaid(overlaid, context);
    });
}

/** What to do about patches of a resource that is none of those known. */
function adviseUnmatched(
  [patch]: readonly OverlayPatch[],
  known: readonly (string | undefined)[],
): string {
  const kind = `${readText(patch?.body["kind"])} `;
  const keys = known.flatMap((name) =>
    name?.startsWith(kind) === true ? [name.slice(kind.length)] : [],
  );
  const number = readText(patch?.body["number"] ?? patch?.body["name"]) ?? "";
  return suggestName(number, keys) ?? "add it with add, or remove this patch";
}

/** Its kind has been judged by then. */
function readOverlaid({ reading, problems }: Overlaid, context: LoadContext): ResourceReading {
  const name = reading === undefined ? undefined : readKind(reading, [...context.kinds.keys()], []);
  const kind = name === undefined ? undefined : context.kinds.get(name);
  if (reading === undefined || kind === undefined) return { problems };
  const read = readResource(reading, kind, context);
  return { ...read, problems: [...problems, ...read.problems] };
}
