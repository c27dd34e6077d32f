import type { Problem, Severity, SourceSpan } from "../../domain/problem.ts";
import { toPrintableLine } from "../printable.ts";
import { writePlace } from "../view.ts";

const COMMANDS: Readonly<Record<Severity, string>> = {
  error: "error",
  warning: "warning",
  info: "notice",
};

/** Problems as GitHub workflow commands, which become annotations on the line. */
export function renderGithub(problems: readonly Problem[]): string {
  return problems
    .map(({ severity, code, message, hint, at }) => {
      const place = at === undefined ? [] : writeProperties(at);
      const properties = [...place, `title=${escape(code)}`].join(",");
      const said = at?.archive === undefined ? message : `${writePlace(at)} ${message}`;
      const text = hint === undefined ? said : `${said} (${hint})`;
      return `::${COMMANDS[severity]} ${properties}::${toPrintableLine(text).replaceAll("%", "%25")}\n`;
    })
    .join("");
}

/** An annotation needs a file of the repository, and an archive has no lines. */
function writeProperties({ file, line, column, archive }: SourceSpan): readonly string[] {
  if (archive !== undefined) return [`file=${escape(archive)}`];
  return [`file=${escape(file)}`, `line=${line}`, `col=${column}`];
}

function escape(value: string): string {
  return toPrintableLine(value)
    .replaceAll("%", "%25")
    .replaceAll(":", "%3A")
    .replaceAll(",", "%2C");
}
