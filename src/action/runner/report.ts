import type { Drift } from "../../domain/plan/drift.ts";
import type { Plan } from "../../domain/plan/plan.ts";
import type { Problem } from "../../domain/problem.ts";
import type { ApplyResult } from "../../domain/result.ts";

/** How the work for one target ended, secrets replaced already. */
export interface Report {
  readonly target: string;
  readonly failed: boolean;
  readonly problems: readonly Problem[];
  readonly plan?: Plan | undefined;
  readonly drift?: Drift | undefined;
  readonly results?: readonly ApplyResult[] | undefined;
  readonly deploymentId?: number | undefined;
  readonly planFile?: string | undefined;
  readonly reportFile?: string | undefined;
}
