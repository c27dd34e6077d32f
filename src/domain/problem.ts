export type Severity = "error" | "warning" | "info";

/** A place in a file of the user's. Lines and columns start at 1; columns count UTF-16 units, as editors do. */
export interface SourceSpan {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly endLine?: number;
  readonly endColumn?: number;
  /** The file on disk that `file` is an entry of, where that is an archive. */
  readonly archive?: string;
}

/** One thing that is wrong, for the person who reads it. */
export interface Problem {
  readonly severity: Severity;
  /** Stable kebab-case word, part of the output contract. */
  readonly code: string;
  readonly message: string;
  readonly at?: SourceSpan;
  /** What to do about it. */
  readonly hint?: string;
  /** The resource it concerns, e.g. `CallFlowApp 806`. */
  readonly subject?: string;
}

/** Carries every problem found at once up to `cli/main` or `action/main`, the only places that catch it. */
export class ProblemError extends Error {
  readonly problems: readonly Problem[];

  constructor(problems: readonly Problem[], options?: ErrorOptions) {
    super(problems.map((problem) => problem.message).join("; "), options);
    this.name = "ProblemError";
    this.problems = problems;
  }
}

/** A ProblemError of one error-severity problem. */
export function failure(
  code: string,
  message: string,
  more: Omit<Problem, "severity" | "code" | "message"> = {},
): ProblemError {
  return new ProblemError([{ severity: "error", code, message, ...more }]);
}

export function hasErrors(problems: readonly Problem[]): boolean {
  return problems.some((problem) => problem.severity === "error");
}

/** Problems by file, then place; those without a place last, in the order they were found. */
export function sortProblems(problems: readonly Problem[]): Problem[] {
  return problems.toSorted((a, b) => {
    if (a.at === undefined || b.at === undefined)
      return Number(a.at === undefined) - Number(b.at === undefined);
    if (a.at.file !== b.at.file) return a.at.file < b.at.file ? -1 : 1;
    return a.at.line - b.at.line || a.at.column - b.at.column;
  });
}
