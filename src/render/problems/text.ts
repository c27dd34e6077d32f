import type { Problem, Severity } from "../../domain/problem.ts";
import type { Colour, Paint } from "../paint.ts";
import { toPrintableLine } from "../printable.ts";
import { writePlace } from "../view.ts";

const COLOURS: Readonly<Record<Severity, Colour>> = {
  error: "red",
  warning: "yellow",
  info: "cyan",
};

/** A line `file:line:col severity code message` for each problem, its hint below it. */
export function renderProblems(problems: readonly Problem[], paint: Paint): string {
  return problems.map((problem) => `${renderProblem(problem, paint)}\n`).join("");
}

function renderProblem(problem: Problem, paint: Paint): string {
  const { severity, code, message, hint, at, subject } = problem;
  const place = at === undefined ? subject && toPrintableLine(subject) : writePlace(at);
  const head = [
    ...(place === undefined ? [] : [place]),
    paint(COLOURS[severity], severity),
    code,
    toPrintableLine(message),
  ].join(" ");
  return hint === undefined ? head : `${head}\n  ${paint("dim", `hint: ${toPrintableLine(hint)}`)}`;
}

/** `3 errors, 1 warning`; empty without problems. */
export function countProblems(problems: readonly Problem[]): string {
  const severities: readonly Severity[] = ["error", "warning", "info"];
  return severities
    .map((severity) => ({
      severity,
      count: problems.filter((p) => p.severity === severity).length,
    }))
    .filter(({ count }) => count > 0)
    .map(
      ({ severity, count }) =>
        `${count} ${severity}${count === 1 || severity === "info" ? "" : "s"}`,
    )
    .join(", ");
}
