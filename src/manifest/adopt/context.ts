import { realpathSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";

import type { Kind } from "../../domain/ports.ts";
import type { Problem } from "../../domain/problem.ts";
import {
  nameResource,
  type DesiredResource,
  type LiveResource,
  type ResourceId,
} from "../../domain/resource.ts";
import { findEmbedding, type LoadContext } from "../document/read.ts";
import { isInside } from "../files/folders.ts";
import type { Scope } from "../references/resolve.ts";
import type { UsedReference } from "../references/restore.ts";
import { scopeManifest, scopeText } from "../references/scopes.ts";

/** A resource that a manifest describes and whose fields have changed on the PBX. */
export interface UpdateOrder {
  readonly desired: DesiredResource;
  readonly live: LiveResource;
  readonly fields: readonly string[];
}

/** What becomes of one file. */
export interface FileDraft {
  /** Absolute, with every symbolic link resolved. */
  readonly path: string;
  /** As people see it. */
  readonly file: string;
  /** Absent for a new file. */
  readonly before?: { readonly bytes: Uint8Array; readonly text: string };
  readonly after: { readonly bytes: Uint8Array; readonly text: string };
  /** A text that a manifest names, not a manifest. */
  readonly isText: boolean;
  readonly resources: readonly ResourceId[];
}

export interface WriteContext extends LoadContext {
  /** Every secret that is known by a name. */
  readonly secrets: readonly UsedReference[];
  /** References may be written over. */
  readonly force: boolean;
  /** False leaves every text field as it is, and out of new manifests. */
  readonly texts: boolean;
}

export interface Drafting {
  readonly drafts: readonly FileDraft[];
  readonly problems: readonly Problem[];
}

/** What references mean in the values of a manifest. */
export function scopeTexts({ values }: WriteContext): Scope {
  return scopeManifest(values, { allowSecrets: true, doubt: "warning" });
}

/** What references mean in a text field, or in its file. */
export function scopeField(context: WriteContext, kind: Kind | undefined, field: string): Scope {
  const embedding = kind && findEmbedding(context, kind, field);
  return scopeText(context.values, embedding);
}

/** Where the bytes of a path stand, for a file that exists. Loading has seen that it lies inside the project. */
export function locateFile(shown: string, { folders }: WriteContext): string {
  return realpathSync.native(resolve(folders.cwd, shown));
}

/** Where a new file would stand; undefined when symbolic links lead it out of the project. */
export function locateNew(path: string, { folders }: WriteContext): string | undefined {
  for (let folder = dirname(path); ; folder = dirname(folder)) {
    const real = tryReal(folder);
    if (real !== undefined) {
      return isInside(folders.realRoot, real) ? join(real, relative(folder, path)) : undefined;
    }
    if (folder === dirname(folder)) return undefined;
  }
}

function tryReal(folder: string): string | undefined {
  try {
    return realpathSync.native(folder);
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return undefined;
    throw error;
  }
}

export function sameResource(one: ResourceId, other: ResourceId): boolean {
  return nameResource(one) === nameResource(other);
}
