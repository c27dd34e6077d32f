import type { Surroundings } from "../app/settings/resolve.ts";
import type { Redactor } from "../domain/redact.ts";
import type { Console } from "./console/console.ts";

/** What every command is handed. */
export interface Context {
  readonly console: Console;
  readonly redactor: Redactor;
  readonly surroundings: Surroundings;
  readonly stop: AbortSignal;
  readonly abort: AbortSignal;
}
