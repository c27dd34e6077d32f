import type { Node } from "web-tree-sitter";
import { CONFLICT_MESSAGE, findConflict } from "../domain/text/conflict-markers.ts";
import { checkEntry } from "./entry.ts";
import type { EntryFinding, ScriptFinding } from "./finding.ts";
import { bridgeGaps } from "./grammar-gaps.ts";
import { findMistakes } from "./mistakes.ts";
import { loadParser, MAX_DEPTH, MAX_LENGTH } from "./parser.ts";
import type { Parse, Parsed } from "./parser.ts";

export type { ScriptFinding } from "./finding.ts";

const MAX_FINDINGS = 20;

const UNREADABLE = {
  "too-long": `the script is too long to check: more than ${MAX_LENGTH / 1024} Ki characters`,
  "too-deep": `the script is nested too deeply to check: more than ${MAX_DEPTH} brackets are open at once`,
  "too-hard": "the script is too tangled to check: the parser found no way through it in time",
} as const;

/** What shows that a thing is there after all, and only a syntax mistake keeps the parser from seeing it. */
const TRACES = {
  "script-class-missing": /ScriptBase\s*</,
  "script-start-missing": /\bStart(Async)?\b/,
} as const;

interface FirstLook {
  readonly sound: boolean;
  readonly entry: EntryFinding | undefined;
}

function look(root: Node): FirstLook {
  return { sound: !root.hasError, entry: checkEntry(root) };
}

function syntaxFinding(message: string, start: number, end: number): ScriptFinding {
  return { code: "script-syntax", message, start, end };
}

/** The entry finding of a text, or nothing where it has none or cannot be parsed. */
function listEntry(parsed: Parsed<FirstLook>): EntryFinding[] {
  return parsed.state === "read" && parsed.value.entry !== undefined ? [parsed.value.entry] : [];
}

/** What is wrong with a text that does not parse as it stands. */
function explain(
  parse: Parse,
  text: string,
  entry: readonly EntryFinding[],
): readonly ScriptFinding[] {
  const conflict = findConflict(text);
  if (conflict !== undefined) {
    const end = text.indexOf("\n", conflict);
    return [{ code: "script-conflict", message: CONFLICT_MESSAGE, start: conflict, end }];
  }
  // A text without any class is no script with mistakes in it but something else altogether.
  if (!/\b(class|record|ScriptBase)\b/.test(text)) return entry;
  const plain = bridgeGaps(text);
  const { found, mended } = findMistakes(parse, plain, MAX_FINDINGS);
  const findings: ScriptFinding[] = found.map(({ message, start, end }) =>
    syntaxFinding(message, start, end),
  );
  if (mended === undefined)
    return findings.length > 0 ? findings : [syntaxFinding(UNREADABLE["too-hard"], 0, 0)];
  const { traceBack } = mended;
  for (const { code, message, start, end } of listEntry(parse(mended.text, look)))
    if (!TRACES[code].test(text))
      findings.push({ code, message, start: traceBack(start), end: traceBack(end) });
  return findings;
}

/** As {@link checkScript}, with the given parser. */
export function checkWith(parse: Parse, text: string): readonly ScriptFinding[] {
  const parsed = parse(text, look);
  if (parsed.state !== "read") return [syntaxFinding(UNREADABLE[parsed.state], 0, 0)];
  const entry = listEntry(parsed);
  return parsed.value.sound ? entry : explain(parse, text, entry);
}

/**
 * Checks a call-processing script in C# without the PBX: its syntax, a class that derives from ScriptBase<…>, and
 * that class's Start. Gives at most 20 findings, one per mistake, in UTF-16 offsets into `text`; none for a script
 * that looks right. A text too long, too deep or too tangled gives one finding that says so.
 * The grammar lags behind the newest C#, so a finding is a strong hint and no verdict. Throws Error
 * when a WASM file is missing.
 */
export async function checkScript(text: string): Promise<readonly ScriptFinding[]> {
  return checkWith(await loadParser(), text);
}
