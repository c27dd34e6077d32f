import { ProblemError, type Problem } from "../../domain/problem.ts";

/** How a piece of work ended that must not take the rest of the run with it. */
export type Attempt<T> =
  | { readonly value: T; readonly problems?: undefined }
  | { readonly problems: readonly Problem[]; readonly value?: undefined };

/**
 * The one place of the Action that catches: a target that fails must not stop the others, and its check run must be
 * concluded all the same. What is no ProblemError is a bug, and is reported as one.
 */
export async function attempt<T>(stop: AbortSignal, work: () => Promise<T>): Promise<Attempt<T>> {
  try {
    return { value: await work() };
  } catch (error) {
    return { problems: explain(error, stop) };
  }
}

function explain(error: unknown, stop: AbortSignal): readonly Problem[] {
  if (error instanceof ProblemError) return error.problems;
  if (stop.aborted)
    return [{ severity: "error", code: "interrupted", message: "the run was cancelled" }];
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return [
    {
      severity: "error",
      code: "bug",
      message: `Callform has a bug. Please report it with this text: ${text}`,
    },
  ];
}
