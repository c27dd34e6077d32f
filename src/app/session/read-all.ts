import type { Snapshot } from "../../domain/plan/plan.ts";
import type { Reader } from "../../domain/ports.ts";
import { hasErrors, ProblemError, type Problem } from "../../domain/problem.ts";
import type { Redactor } from "../../domain/redact.ts";
import type { DesiredResource } from "../../domain/resource.ts";
import type { PlanBase } from "../../engine/plan.ts";
import { loadBase } from "../project/base.ts";
import { judgeFilter } from "../settings/filter.ts";
import { loadResources } from "../project/manifests.ts";
import { startReading } from "./live-state.ts";
import type { Settings } from "../settings/resolve.ts";

/** The half of a session that cannot write to the PBX. */
export interface Reading {
  readonly settings: Settings;
  readonly reader: Reader;
  readonly redactor: Redactor;
  /** Told in words how far a reading is; the next replaces it. */
  readonly onProgress: (text: string) => void;
  /** Told what a person who waits should know. */
  readonly onNote: (text: string) => void;
  readonly stop: AbortSignal;
}

export interface ReadRequest extends Reading {
  /** Whether `${secret:}` references are resolved. */
  readonly secrets: boolean;
  /** A commit to compare with. */
  readonly ref: string | undefined;
}

export interface Everything {
  readonly resources: readonly DesiredResource[];
  readonly base: PlanBase | undefined;
  readonly snapshot: Snapshot;
  readonly problems: readonly Problem[];
}

/** Manifests, base and PBX, read at the same time; a mistake in the first two ends the reading. Throws ProblemError. */
export async function readAll(request: ReadRequest): Promise<Everything> {
  const { settings, redactor, ref } = request;
  const giveUp = new AbortController();
  const signal = AbortSignal.any([request.stop, giveUp.signal]);
  const reading = startReading(request.reader, signal);
  const comparing = ref === undefined ? undefined : readBase(request, ref, signal);
  comparing?.catch(() => undefined);
  try {
    const loaded = await loadResources(settings, request.secrets, request.stop, reading.note);
    for (const secret of loaded.secrets) redactor.add(secret);
    const base = await comparing;
    const known = [...loaded.resources, ...(base?.resources.values() ?? [])];
    const slips = judgeFilter(settings.filter, known);
    if (hasErrors(slips)) throw new ProblemError(slips);
    return { ...loaded, base, snapshot: await reading.finish(known) };
  } catch (error) {
    giveUp.abort();
    throw error;
  }
}

async function readBase(
  { settings, redactor, onProgress }: ReadRequest,
  ref: string,
  signal: AbortSignal,
): Promise<PlanBase> {
  const { project, env, target } = settings;
  const base = await loadBase({
    root: project.root,
    ref,
    target: target?.name,
    env,
    onProgress,
    signal,
  });
  for (const secret of base.secrets) redactor.add(secret);
  return base;
}
