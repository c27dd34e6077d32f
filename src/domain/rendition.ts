import type { SourceSpan } from "./problem.ts";
import type { ResourceId } from "./resource.ts";

/** A value of a manifest as one target sees it, each part of it with where it comes from. */
export interface RenderedValue {
  readonly content:
    | null
    | boolean
    | number
    | string
    | readonly RenderedValue[]
    | ReadonlyMap<string, RenderedValue>;
  /** Where it is written. */
  readonly at: SourceSpan;
  /** An overlay gave it. */
  readonly overlay: boolean;
  /** The references in it that have been replaced, as they are written: `${var:HOTLINE}`. */
  readonly references: readonly string[];
}

/** A whole manifest as one target sees it: with overlays applied and variables put in place, secrets as references. */
export interface RenderedManifest extends ResourceId {
  readonly labels: Readonly<Record<string, string>>;
  readonly document: RenderedValue;
}
