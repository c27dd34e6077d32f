import { checkScript } from "../script/check.ts";
import type { Quirks } from "./quirks.ts";

export interface Verdict {
  readonly accepted: boolean;
  /** As CompilationResult shows it: one or two lines for each diagnostic. */
  readonly result: string;
}

interface Diagnostic {
  readonly severity: "E" | "W" | "H";
  readonly id: string;
  readonly message: string;
  readonly start: number;
  readonly end: number;
}

type CheckScript = typeof checkScript;
type Finding = Awaited<ReturnType<CheckScript>>[number];

const WORDS = { E: "Error", W: "Warning", H: "Hidden" } as const;

/** Names that show that a using directive is needed; what is not listed here counts as needed. */
const USED_BY: Readonly<Record<string, RegExp>> = {
  "System.Collections.Generic": /\b(List|Dictionary|HashSet|Queue|Stack|I?Enumerable|IList)\s*</u,
  "System.Linq":
    /\.(Select|Where|First|Last|Single|Any|All|OrderBy|GroupBy|Count|ToList|ToArray)\w*\s*[(<]/u,
  "System.Net.Http": /\bHttp(Client|Request|Response|Content|Method)/u,
  "System.Text": /\b(StringBuilder|Encoding)\b/u,
  "System.Text.RegularExpressions": /\b(Regex|Match)\b/u,
  "System.Threading.Tasks": /\bTask\b/u,
};

/** What the PBX's compiler says of a script. Offsets in the result count UTF-16 units of that text. */
export async function compileScript(
  text: string,
  quirks: Quirks,
  check: CheckScript = checkScript,
): Promise<Verdict> {
  const errors = (await check(text)).map(toDiagnostic);
  const diagnostics = [...errors, ...inspectUsings(text)].toSorted((a, b) => a.start - b.start);
  return { accepted: errors.length === 0, result: writeResult(diagnostics, quirks) };
}

/** A refusal that was ordered instead of found: by a seed or a fault. */
export function orderRefusal(message: string, quirks: Quirks): Verdict {
  const diagnostic = { severity: "E", id: "CS0103", message, start: 0, end: 0 } as const;
  return { accepted: false, result: writeResult([diagnostic], quirks) };
}

function toDiagnostic(finding: Finding): Diagnostic {
  return { ...finding, severity: "E", id: identify(finding) };
}

function identify({ code, message }: Finding): string {
  if (code === "script-class-missing") return "CS5001";
  if (code === "script-start-missing") return "CS0534";
  if (message.includes(";")) return "CS1002";
  if (message.includes("}")) return "CS1513";
  return message.includes(")") ? "CS1026" : "CS1525";
}

/** Roslyn reports using directives that nothing needs as hidden, and repeated ones as warnings. */
function inspectUsings(text: string): readonly Diagnostic[] {
  const seen = new Set<string>();
  const found: Diagnostic[] = [];
  for (const match of text.matchAll(/^[ \t\uFEFF]*(using\s+([\w.]+)\s*;)/gmu)) {
    const [whole, directive = "", namespace = ""] = match;
    const end = match.index + whole.length;
    const at = { start: end - directive.length, end };
    if (seen.has(namespace))
      found.push({
        ...at,
        severity: "W",
        id: "CS0105",
        message: `The using directive for '${namespace}' appeared previously in this namespace`,
      });
    else if (USED_BY[namespace]?.test(text) === false)
      found.push({ ...at, severity: "H", id: "CS8019", message: "Unnecessary using directive." });
    seen.add(namespace);
  }
  return found;
}

function writeResult(diagnostics: readonly Diagnostic[], quirks: Quirks): string {
  return diagnostics
    .map(({ severity, id, message, start, end }) => {
      const span = `:[${start + quirks.spanBase}..${end + quirks.spanBase})`;
      const head = quirks.severityLetter
        ? `${span}${severity}:${id}:`
        : `${span}:${id}:${WORDS[severity]}`;
      return `${head}\n${message}`;
    })
    .join("\n");
}
