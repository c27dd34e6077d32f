import type { Problem } from "./problem.ts";
import type { ResourceId } from "./resource.ts";

/** What is being done to a resource right now. */
export type Step = "creating" | "updating" | "compiling" | "waiting" | "restoring" | "removing";

/** How one planned change ended, or the wait for a verdict. */
export interface ApplyResult extends ResourceId {
  readonly title?: string;
  /** `check`: nothing to write; what counts is whether the PBX takes what it has got already. */
  readonly op: "create" | "update" | "delete" | "check";
  /**
   * `refused`: the PBX would not take it and the old state stands · `failed`: something went wrong on
   * the way · `skipped`: what it needs did not succeed · `interrupted`: stopped before it was done.
   */
  readonly outcome: "applied" | "refused" | "failed" | "skipped" | "interrupted";
  readonly problems: readonly Problem[];
  readonly milliseconds: number;
}

/** What happens while a plan is applied, as it happens. */
export type ApplyEvent =
  | { readonly type: "step"; readonly resource: ResourceId; readonly step: Step }
  | { readonly type: "finished"; readonly result: ApplyResult };
