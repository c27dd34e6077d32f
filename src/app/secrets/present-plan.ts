import { listLiveTexts, mayHoldCredential } from "../../domain/plan/mask/live-texts.ts";
import { maskPlan, type Masks } from "../../domain/plan/mask/mask-plan.ts";
import type { Plan } from "../../domain/plan/plan.ts";
import type { Redactor } from "../../domain/redact.ts";
import type { Environment } from "../../manifest/project/load.ts";
import { learnSecrets, type PastSecrets } from "./learn-secrets.ts";
import { findSuspects } from "./scan-secrets.ts";

export interface PresentRequest {
  /** The project folder. */
  readonly root: string;
  readonly env: Environment;
  readonly redactor: Redactor;
  readonly signal: AbortSignal;
}

/**
 * The plan as it may be shown, secrets masked in its values. Where it would show what the PBX has, that may be a secret whose
 * reference is gone: then the names of history are looked up, and the scanner judges. Both cost, and most plans show nothing of the kind.
 * Throws the reason of the signal.
 */
export async function presentPlan(plan: Plan, request: PresentRequest): Promise<Plan> {
  const mask = await judgeLiveTexts(listLiveTexts(plan), request);
  return maskPlan(plan, { redactor: request.redactor, ...mask });
}

const NOTHING: PastSecrets = { find: () => [] };

/** What in texts that the PBX has may be a secret; the redactor learns what history and environment know. Throws the reason of the signal. */
export async function judgeLiveTexts(
  texts: ReadonlySet<string>,
  request: PresentRequest,
): Promise<Pick<Masks, "suspects">> {
  if (texts.size === 0) return { suspects: NOTHING.find };
  const past = await learnSecrets(request);
  const found = await findSuspects(new Set([...texts].filter(mayHoldCredential)), request.signal);
  return { suspects: (text: string) => [...past.find(text), ...(found.get(text) ?? [])] };
}
