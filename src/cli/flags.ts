import type { Flags } from "../app/settings/resolve.ts";

/** Flags of single commands, beside those that settings read. */
export interface CommandFlags extends Flags {
  readonly format?: string;
  readonly out?: string;
  readonly detailedExitcode?: boolean;
  readonly compile?: boolean;
  readonly yes?: boolean;
}
