import type { Problem, Severity, SourceSpan } from "../../domain/problem.ts";
import { toPrintableJson } from "../printable.ts";
import { writePlace } from "../view.ts";

const LEVELS: Readonly<Record<Severity, string>> = {
  error: "error",
  warning: "warning",
  info: "note",
};

/** Problems as a SARIF 2.1.0 log, for code scanning. */
export function renderSarif(problems: readonly Problem[], version: string): string {
  const rules = [...new Set(problems.map(({ code }) => code))].toSorted().map((id) => ({ id }));
  const results = problems.map(({ severity, code, message, hint, at }) => ({
    ruleId: code,
    level: LEVELS[severity],
    message: { text: writeMessage(message, hint, at) },
    ...(at === undefined
      ? {}
      : {
          locations: [
            {
              physicalLocation: {
                artifactLocation: { uri: writeUri(at.archive ?? at.file) },
                // An archive has no lines.
                ...(at.archive === undefined && {
                  region: { startLine: at.line, startColumn: at.column },
                }),
              },
            },
          ],
        }),
  }));
  const driver = { name: "callform", version, rules };
  const log = {
    $schema: "https://json.schemastore.org/sarif-2.1.0.json",
    version: "2.1.0",
    runs: [{ tool: { driver }, columnKind: "utf16CodeUnits", results }],
  };
  return `${toPrintableJson(log)}\n`;
}

function writeMessage(message: string, hint: string | undefined, at: SourceSpan | undefined) {
  const said = at?.archive === undefined ? message : `${writePlace(at)}: ${message}`;
  return hint === undefined ? said : `${said}. ${hint}`;
}

// Piece by piece, because a `#` or `?` in a file name would cut the address short.
function writeUri(file: string): string {
  return file
    .replaceAll(/\p{Cs}/gu, "\uFFFD")
    .split("/")
    .map(encodeURIComponent)
    .join("/");
}
