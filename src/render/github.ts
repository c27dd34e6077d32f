import type { Problem, Severity } from "../domain/problem.ts";
import { toPrintableLine } from "./printable.ts";

const COMMANDS: Readonly<Record<Severity, string>> = {
  error: "error",
  warning: "warning",
  info: "notice",
};

/** Problems as GitHub workflow commands, which become annotations on the line. */
export function renderGithub(problems: readonly Problem[]): string {
  return problems
    .map(({ severity, code, message, hint, at }) => {
      const place =
        at === undefined ? [] : [`file=${escape(at.file)}`, `line=${at.line}`, `col=${at.column}`];
      const properties = [...place, `title=${escape(code)}`].join(",");
      const text = hint === undefined ? message : `${message} (${hint})`;
      return `::${COMMANDS[severity]} ${properties}::${toPrintableLine(text).replaceAll("%", "%25")}\n`;
    })
    .join("");
}

function escape(value: string): string {
  return toPrintableLine(value)
    .replaceAll("%", "%25")
    .replaceAll(":", "%3A")
    .replaceAll(",", "%2C");
}
