import type { Problem, Severity } from "../../domain/problem.ts";
import { cutText } from "../../render/comment/budget.ts";
import { toPrintableLine } from "../../render/printable.ts";

/** As GitHub's check runs take it. */
export interface Annotation {
  readonly path: string;
  readonly start_line: number;
  readonly end_line: number;
  /** Columns only where it is about one line. */
  readonly start_column?: number;
  readonly end_column?: number;
  readonly annotation_level: "notice" | "warning" | "failure";
  readonly message: string;
  readonly title: string;
}

/** GitHub takes so many in one request. */
export const ANNOTATIONS_AT_ONCE = 50;
/** A review of more than this is no review. */
const MAX_ANNOTATIONS = 500;
const MAX_MESSAGE = 4000;
const MAX_TITLE = 255;

const LEVELS: Readonly<Record<Severity, Annotation["annotation_level"]>> = {
  error: "failure",
  warning: "warning",
  info: "notice",
};

/** Those of the problems that have a place, in batches of fifty, and how many are left out. */
export function batchAnnotations(problems: readonly Problem[]): {
  readonly batches: readonly (readonly Annotation[])[];
  readonly leftOut: number;
} {
  const all = problems.flatMap(annotate);
  const kept = all.slice(0, MAX_ANNOTATIONS);
  const batches: Annotation[][] = [];
  for (let start = 0; start < kept.length; start += ANNOTATIONS_AT_ONCE)
    batches.push(kept.slice(start, start + ANNOTATIONS_AT_ONCE));
  return { batches, leftOut: all.length - kept.length };
}

function annotate({ severity, code, message, hint, at }: Problem): Annotation[] {
  if (at === undefined) return [];
  const oneLine = at.endLine === undefined || at.endLine === at.line;
  const text = hint === undefined ? message : `${message}\n${hint}`;
  const lines = text.split("\n").map(toPrintableLine).join("\n");
  return [
    {
      path: at.archive ?? at.file,
      start_line: at.archive === undefined ? at.line : 1,
      end_line: at.archive === undefined ? (at.endLine ?? at.line) : 1,
      ...(oneLine && at.archive === undefined
        ? { start_column: at.column, end_column: Math.max(at.column, at.endColumn ?? at.column) }
        : {}),
      annotation_level: LEVELS[severity],
      message: cutText(lines, MAX_MESSAGE),
      title: cutText(toPrintableLine(code), MAX_TITLE),
    },
  ];
}
