import type { Entity, Query, Reader } from "../../domain/ports.ts";
import { ProblemError } from "../../domain/problem.ts";

/** Whatever has a number on the PBX. */
export const NUMBER_PLAN = "Peers";

/** The entities; undefined where the API client may not see them. Throws ProblemError when the PBX does not answer. */
export async function readUnlessForbidden(
  reader: Reader,
  query: Query,
  signal: AbortSignal | undefined,
): Promise<readonly Entity[] | undefined> {
  try {
    return await reader.list(query, signal);
  } catch (error) {
    const forbidden =
      error instanceof ProblemError && error.problems.every(({ code }) => code === "pbx-forbidden");
    if (forbidden) return undefined;
    throw error;
  }
}
