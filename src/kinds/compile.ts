import { canonicalizeText } from "../domain/plan/canonical.ts";
import type { Settlement } from "../domain/ports.ts";
import type { Problem, Severity, SourceSpan } from "../domain/problem.ts";
import type { Json } from "../domain/json.ts";
import { nameResource, type DesiredResource, type LiveResource } from "../domain/resource.ts";
import { reveal } from "../domain/secret.ts";
import { findLineStarts, locateInText, placeOffset } from "../domain/text-place.ts";

/** A refusal may show the verdict on the text before; a client in production use waits this long to believe it. */
const REFUSAL_GRACE = 4_000;
/** The same where what is shown is known to be about the text before: longer than a slow compilation, and not for ever. */
const STALE_GRACE = 15_000;

/** One message of the compiler. Offsets are UTF-16 units into the text it compiled, from 0. */
export interface Diagnostic {
  readonly severity: Severity | "hidden";
  readonly start: number;
  readonly end: number;
  readonly message: string;
}

// `:[1207..1213)E:…`; 3CX's own reader (OMSamples ScriptDevelopment) counts from 1, and takes the first letter of
// the third field where none follows the span. A WHMCS add-on reads live answers the same way.
const HEAD = /^:?\[(\d+)\.\.(\d+)\)(?:([A-Za-z])(?=:|$))?:?(.*)$/;
const SEVERITY = /^\s*(?:(?:error|warning|info|hidden)\b|[ewih]\s*$)/i;
const SPAN_BASE = 1;
const SEVERITIES: Readonly<Record<string, Diagnostic["severity"]>> = {
  E: "error",
  W: "warning",
  I: "info",
  H: "hidden",
};

/** CompilationResult as diagnostics; lines that follow one without a span belong to its message. */
export function parseCompilationResult(text: string): Diagnostic[] {
  const found: Diagnostic[] = [];
  for (const line of text.split(/\r\n|\r|\n/)) {
    const head = HEAD.exec(line);
    const last = found.at(-1);
    if (head !== null) found.push(readHead(head));
    else if (last !== undefined && line.trim() !== "")
      found[found.length - 1] = { ...last, message: `${last.message} ${line.trim()}`.trim() };
  }
  return found;
}

function readHead(head: RegExpExecArray): Diagnostic {
  const [, start = "", end = "", letter = "", rest = ""] = head;
  return {
    severity: SEVERITIES[(letter || findLetter(rest)).toUpperCase()] ?? "error",
    start: Math.max(0, Number(start) - SPAN_BASE),
    end: Math.max(0, Number(end) - SPAN_BASE),
    message: rest.trim(),
  };
}

// `CS0103:Error` or `error CS0103`: nobody has shown a verbatim one, so either place will do.
function findLetter(rest: string): string {
  const word = rest.split(":", 2).find((field) => SEVERITY.test(field));
  return word?.trim()[0] ?? "";
}

/** The first error of a CompilationResult, in one line; the whole text where it has no known form. */
export function firstError(result: Json | undefined): string | undefined {
  if (typeof result !== "string" || result.trim() === "") return undefined;
  const diagnostics = parseCompilationResult(result);
  if (diagnostics.length === 0) return result.trim().split(/[\r\n]/)[0];
  return diagnostics.find(({ severity, message }) => severity === "error" && message !== "")
    ?.message;
}

/**
 * What the PBX made of a script, from what it shows `elapsed` milliseconds after the write. The states are those of
 * 3CX's own sample (OMSamples ScriptDevelopment): succeeded and not invalid is live; not succeeded and invalid has
 * nothing runnable; neither keeps the old code and shows the refused text in RejectedCode. A text that was live already
 * is not compiled again; a new app is in the second state, without a result, before its first compile.
 */
export function judgeCompilation(
  before: LiveResource | undefined,
  sent: string,
  reading: LiveResource,
  elapsed: number,
): Settlement {
  const { status } = reading;
  const believable = elapsed >= REFUSAL_GRACE;
  if (isLive(reading, sent)) {
    const noted = status["compilationLastSuccess"] ?? null;
    const moved = noted !== (before?.status["compilationLastSuccess"] ?? null);
    const known = moved || isLive(before, sent) || (noted === null && believable);
    return known ? { state: "live" } : { state: "waiting" };
  }
  if (status["compilationSucceeded"] !== false) return { state: "waiting" };
  const runnable = status["invalidScript"] !== true;
  const shown = runnable ? status["rejectedCode"] : reading.fields["scriptCode"];
  if (!sameScript(shown, sent)) return { state: "waiting" };
  if (!hasResult(reading) && !runnable) return { state: "waiting" };
  const grace = isAboutAnother(before, sent, reading) ? STALE_GRACE : REFUSAL_GRACE;
  return isFreshRefusal(before, sent, reading) || elapsed >= grace
    ? { state: "refused", runnable }
    : { state: "waiting" };
}

/** A new error, or one beside which the sent text has newly been noted as rejected. */
function isFreshRefusal(
  before: LiveResource | undefined,
  sent: string,
  { status }: LiveResource,
): boolean {
  const { compilationResult: result, rejectedCode } = status;
  if (typeof result !== "string") return false;
  const faulty = parseCompilationResult(result).some(({ severity }) => severity === "error");
  if (!faulty || isNoted(rejectedCode, sent) === false) return false;
  const noted = sameScript(rejectedCode, sent) && !sameScript(before?.status["rejectedCode"], sent);
  return noted || result !== before?.status["compilationResult"];
}

/** True when the verdict that is shown was there before and belongs to another text, as far as can be told. */
function isAboutAnother(
  before: LiveResource | undefined,
  sent: string,
  { status }: LiveResource,
): boolean {
  const noted = isNoted(status["rejectedCode"], sent);
  if (noted !== undefined) return !noted;
  const unmoved = before !== undefined && sameTrace(before, status);
  return unmoved && hasResult(before) && !sameScript(before.fields["scriptCode"], sent);
}

/** Whether the rejected text is the one that was sent; undefined where the PBX notes none. */
function isNoted(rejected: Json | undefined, sent: string): boolean | undefined {
  if (typeof rejected !== "string" || rejected === "") return undefined;
  return sameScript(rejected, sent);
}

function hasResult({ status }: LiveResource): boolean {
  const result = status["compilationResult"];
  return typeof result === "string" && result.trim() !== "";
}

/** True for an app on which nothing runs and whose text has no verdict yet: it has none at all, or that of another text. */
export function isAwaitingFirstVerdict(live: LiveResource): boolean {
  const { scriptCode } = live.fields;
  if (live.status["invalidScript"] !== true) return false;
  if (typeof scriptCode !== "string" || scriptCode.trim() === "") return false;
  return !hasResult(live) || isNoted(live.status["rejectedCode"], scriptCode) === false;
}

const TRACE = [
  "invalidScript",
  "compilationSucceeded",
  "compilationResult",
  "compilationLastSuccess",
  "rejectedCode",
];

/** All that the compiler writes, and nothing that moves by itself. */
export function traceVerdict({ status }: LiveResource): Json {
  return TRACE.map((name) => status[name] ?? null);
}

function sameTrace(before: LiveResource, status: LiveResource["status"]): boolean {
  return TRACE.every((name) => (before.status[name] ?? null) === (status[name] ?? null));
}

function isLive(reading: LiveResource | undefined, text: string): boolean {
  return (
    reading !== undefined &&
    sameScript(reading.fields["scriptCode"], text) &&
    reading.status["compilationSucceeded"] === true &&
    reading.status["invalidScript"] !== true
  );
}

/** The compiler's errors and warnings as problems, each at its place in the user's own file. */
export function explainCompilation(reading: LiveResource, desired: DesiredResource): Problem[] {
  const result = reading.status["compilationResult"];
  const text = typeof result === "string" ? result.trim() : "";
  const shown = parseCompilationResult(text).filter(({ severity }) => severity !== "hidden");
  if (!shown.some(({ severity }) => severity === "error"))
    shown.push({ severity: "error", start: -1, end: -1, message: unexplained(text) });
  const compiled = findCompiledText(reading, desired);
  return shown.map((diagnostic) => {
    const problem: Problem = {
      severity: diagnostic.severity === "hidden" ? "info" : diagnostic.severity,
      code: "script-refused",
      message: diagnostic.message || "the compiler gave no message",
      subject: nameResource(desired),
    };
    const at = placeDiagnostic(diagnostic, compiled, desired);
    return at === undefined ? problem : Object.assign(problem, { at });
  });
}

function unexplained(text: string): string {
  return text === ""
    ? "the PBX refused the script and gave no reason"
    : `the PBX refused the script: ${text}`;
}

/** The text that the verdict is about: the one that was sent, in the form in which the PBX kept it. */
function findCompiledText(reading: LiveResource, desired: DesiredResource): string {
  const sent = desired.fields["scriptCode"];
  const value = sent === undefined ? undefined : reveal(sent);
  const text = typeof value === "string" ? value : "";
  const kept = [reading.status["rejectedCode"], reading.fields["scriptCode"]];
  const same = kept.find((candidate) => sameScript(candidate, text));
  return typeof same === "string" ? same : text;
}

// The PBX may store other line ends than were sent, so its offset is carried over by line and column.
function placeDiagnostic(
  diagnostic: Diagnostic,
  compiled: string,
  desired: DesiredResource,
): SourceSpan | undefined {
  const source = desired.textSources["scriptCode"];
  const sent = desired.fields["scriptCode"];
  const text = sent === undefined ? undefined : reveal(sent);
  if (source === undefined || typeof text !== "string") return undefined;
  if (diagnostic.start < 0) return desired.fieldSpans["scriptCode"];
  const { line, column } = placeOffset(findLineStarts(compiled), diagnostic.start);
  const lineStart = findLineStarts(text)[line - 1] ?? text.length;
  return locateInText(source, lineStart + column - 1);
}

function sameScript(text: Json | undefined, sent: string): boolean {
  return typeof text === "string" && canonicalizeText(text) === canonicalizeText(sent);
}
