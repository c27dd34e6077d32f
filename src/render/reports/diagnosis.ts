import { CHECK_STATES, countChecks, type Check, type CheckState } from "../../domain/diagnosis.ts";
import { escapeMarkdown } from "../plan/markdown.ts";
import type { Colour, Paint } from "../paint.ts";
import { toPrintableLine } from "../printable.ts";

const COLOURS: Readonly<Record<CheckState, Colour>> = {
  ok: "green",
  warning: "yellow",
  failed: "red",
  skipped: "dim",
};

/** Wide enough for every name, so that lines written one by one stand below each other. */
const NAME_WIDTH = 11;
const STATE_WIDTH = 7;

/** A check as lines: what was found, and below it what to do. */
export function renderCheck(check: Check, paint: Paint): string {
  const { name, state } = check;
  const [first = "", ...more] = tellFound(check).map(toPrintableLine);
  const head = `  ${paint(COLOURS[state], state.padEnd(STATE_WIDTH))}  ${name.padEnd(NAME_WIDTH)}`;
  const indent = " ".repeat(2 + STATE_WIDTH + 2 + NAME_WIDTH + 2);
  const rest = more.map((line) => `${indent}${paint("dim", line)}\n`).join("");
  const advice =
    check.advice === undefined ? "" : `${indent}to do: ${toPrintableLine(check.advice)}\n`;
  return `${head}  ${first}\n${rest}${advice}`;
}

/** One line that says what is the matter, and what to do; or that nothing is. */
export function writeCause(checks: readonly Check[], cause: Check | undefined): string {
  if (cause === undefined) {
    const warnings = countChecks(checks, "warning");
    return warnings === 0 ? "Everything is fine." : `Nothing failed (${countStates(checks)}).`;
  }
  const [first = ""] = cause.found;
  const advice = cause.advice === undefined ? "" : ` To do: ${cause.advice}.`;
  return toPrintableLine(`Cause: ${cause.name}: ${first}.${advice}`);
}

export function renderDiagnosisMarkdown(
  subject: string,
  checks: readonly Check[],
  cause: Check | undefined,
): string {
  const lines = checks.map((check) => {
    const found = tellFound(check).map(escapeMarkdown).join("<br>");
    return `| ${check.state} | ${check.name} | ${found} | ${escapeMarkdown(check.advice ?? "")} |`;
  });
  const table = ["| state | check | found | to do |", "|---|---|---|---|", ...lines].join("\n");
  const heading = `## Callform doctor${subject === "" ? "" : ` for ${escapeMarkdown(subject)}`}`;
  return `${heading}\n\n${table}\n\n**${escapeMarkdown(writeCause(checks, cause))}**\n`;
}

/** `1 failed, 2 warnings, 5 ok` */
function countStates(checks: readonly Check[]): string {
  return CHECK_STATES.map((state) => ({ state, count: countChecks(checks, state) }))
    .filter(({ count }) => count > 0)
    .map(({ state, count }) => `${count} ${state === "warning" && count > 1 ? "warnings" : state}`)
    .join(", ");
}

function tellFound({ found, because }: Check): readonly string[] {
  return because === undefined ? found : [`because of ${because}`];
}
