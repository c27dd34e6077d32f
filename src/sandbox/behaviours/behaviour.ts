import type { Quirks } from "../quirks.ts";

/**
 * How sure it is. O: an official 3CX document or repository says so. L: observed on a live PBX, by
 * somebody who says so. I: inferred, and where two readings were possible the stricter one.
 */
export type Mark = "O" | "L" | "I";

/** One thing the sandbox does because a PBX does it. Together they are the table of docs/sandbox.md. */
export interface Behaviour {
  /** Stable; a test of the same name proves it. */
  readonly name: string;
  /** One sentence for the documentation. */
  readonly does: string;
  readonly evidence: string;
  readonly mark: Mark;
  /** What turns it into its other reading, where it is doubtful. */
  readonly switches?: readonly (keyof Quirks)[];
}
