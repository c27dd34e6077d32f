import type { Json } from "./json.ts";
import type { SourceSpan } from "./problem.ts";
import type { FieldValue } from "./secret.ts";

/** Identity: a kind and its key (for extensions: the number). Never a database id. */
export interface ResourceId {
  readonly kind: string;
  readonly key: string;
}

/** `CallFlowApp 806`, as problems and progress lines name a resource. */
export function nameResource(id: ResourceId): string {
  return `${id.kind} ${id.key}`;
}

/** A stretch of a text that a `${…}` reference was replaced in. Offsets are UTF-16 units. */
export interface Substitution {
  readonly start: number;
  readonly end: number;
  readonly sourceStart: number;
  readonly sourceEnd: number;
}

/** Where a multi-line text field stands in the user's files, so that a place in it can be named. */
export interface TextSource {
  readonly file: string;
  /** The file on disk that `file` is an entry of, where that is an archive. */
  readonly archive?: string;
  /** Line and column of the text's first character. */
  readonly line: number;
  readonly column: number;
  /** Characters that precede every further line of the text in the file (a YAML block's indent). */
  readonly indent: number;
  /** The text as it stands in the file, references unresolved. */
  readonly text: string;
  readonly substitutions: readonly Substitution[];
}

export interface Lifecycle {
  readonly protect: boolean;
  /** Fields left to the console once the resource exists. */
  readonly ignore: readonly string[];
}

/** What a manifest says. Fields that are absent are not managed. */
export interface DesiredResource extends ResourceId {
  readonly fields: Readonly<Record<string, FieldValue>>;
  /** Fields of which nobody can tell any more what they said, because a reference in them has no value. */
  readonly unknown?: readonly string[];
  readonly labels: Readonly<Record<string, string>>;
  readonly lifecycle: Lifecycle;
  /** Where its key stands. */
  readonly at: SourceSpan;
  /** By field; where a list leads somewhere, by field and position as well: `members/0`. */
  readonly fieldSpans: Readonly<Record<string, SourceSpan>>;
  readonly textSources: Readonly<Record<string, TextSource>>;
}

/** What the PBX has, in the same field names and shapes as a manifest. */
export interface LiveResource extends ResourceId {
  readonly id: number;
  readonly fields: Readonly<Record<string, Json>>;
  /** Written by the PBX alone. */
  readonly status: Readonly<Record<string, Json>>;
}
