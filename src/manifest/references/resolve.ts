import { distance } from "fastest-levenshtein";

import type { Advice, Embedding, Slot } from "../../domain/ports.ts";
import type { Severity } from "../../domain/problem.ts";
import type { Substitution } from "../../domain/resource.ts";
import type { ManifestCode } from "../problems/codes.ts";
import { quoteText } from "../problems/names.ts";

export type Scheme = "env" | "var" | "secret";

/** A clause for people, and what to do about it. */
interface Remark {
  readonly message: string;
  readonly hint?: string | undefined;
}

/** What a reference stands for, or why it stands for nothing. */
export type Resolution =
  | {
      readonly state: "value";
      readonly value: string;
      readonly secret: boolean;
      /** To be warned of all the same. */
      readonly doubt?: Remark;
    }
  /** Left as it is: its value does not matter now. Unreported but for a doubt. */
  | { readonly state: "kept"; readonly doubt?: Remark }
  /** Nobody can say any more what it stood for: nothing is known of the text that it is in. */
  | { readonly state: "unknown" }
  /** Never to be had, wherever it stands. */
  | ({ readonly state: "refused" } & Remark)
  | ({ readonly state: "missing" } & Remark)
  /** It has a value that cannot be kept secret. */
  | ({ readonly state: "weak" } & Remark)
  /** The scheme is not allowed here. */
  | ({ readonly state: "misplaced" } & Remark);

/** How references are resolved in one place. */
export interface Scope {
  /** How secrets get into the text, where it is in a language. */
  readonly embedding?: Embedding | undefined;
  /** It was applied already: a secret is taken as it is where it could not be written properly. */
  readonly applied?: boolean | undefined;
  readonly resolve: (scheme: Scheme, name: string) => Resolution;
  /**
   * How bad it is that something only looks like a reference or is not allowed here: in a script it may be
   * text that has nothing to do with us.
   */
  readonly doubt: Severity;
}

/** A reference that could not be resolved; `offset` is where it starts in the unresolved text. */
export interface ReferenceFinding {
  readonly code: ManifestCode;
  readonly severity: Severity;
  readonly message: string;
  readonly hint?: string | undefined;
  readonly offset: number;
}

export interface ResolvedText {
  /** With every reference replaced that has a value; a value is never looked at again for references. */
  readonly text: string;
  readonly substitutions: readonly Substitution[];
  readonly findings: readonly ReferenceFinding[];
  /** A part of it came from a secret. */
  readonly tainted: boolean;
  /** A reference in it was left as it stood, so the text is not yet what will be used. */
  readonly open: boolean;
  /** Nothing is known of it. */
  readonly unknown: boolean;
  /** Where such references start in the text. */
  readonly kept: readonly number[];
}

const LACKS = { missing: "unresolved-reference", weak: "weak-secret" } as const;
const SCHEMES: readonly Scheme[] = ["env", "var", "secret"];
// The second `$` in front is the escape. GitHub's `${{ secrets.X }}` is matched only to be told apart.
const CANDIDATE = /\$?\$\{(?:([^{}:\n]*):([^{}\n]*)(\})?|\{\s*(?:secrets|vars|env)\.\w+\s*\}\})/g;
const NAME = /^[A-Z0-9_]+$/;

type Reading =
  | { readonly is: "reference"; readonly scheme: Scheme; readonly name: string }
  | { readonly is: "near-miss"; readonly hint: string }
  | { readonly is: "text" };

const WITHOUT_REFERENCES: Omit<ResolvedText, "text"> = {
  substitutions: [],
  findings: [],
  tainted: false,
  open: false,
  unknown: false,
  kept: [],
};

/** True when a text may hold a reference; cheap enough to ask of every value. */
export function mayReference(text: string): boolean {
  return text.includes("${");
}

/** Replaces every `${scheme:NAME}` of a text, and takes the escape off every `$${scheme:NAME}`. */
export function resolveText(text: string, scope: Scope): ResolvedText {
  if (!mayReference(text)) return { text, ...WITHOUT_REFERENCES };
  const substitutions: Substitution[] = [];
  const findings: ReferenceFinding[] = [];
  let tainted = false;
  let unknown = false;
  const kept: number[] = [];
  let result = "";
  let read = 0;
  const slots = findSlots(text, scope);
  for (const match of text.matchAll(CANDIDATE)) {
    const verdict = placeValue(judgeCandidate(match, scope), slots.get(match.index), match, scope);
    if (verdict.finding !== undefined) findings.push(verdict.finding);
    unknown ||= verdict.unknown === true;
    if (verdict.value === undefined) {
      tainted ||= verdict.secret === true;
      if (verdict.open) kept.push(result.length + match.index - read);
      continue;
    }
    result += text.slice(read, match.index);
    read = match.index + match[0].length;
    const start = result.length;
    result += verdict.value;
    tainted ||= verdict.secret;
    substitutions.push({ start, end: result.length, sourceStart: match.index, sourceEnd: read });
  }
  const open = kept.length > 0;
  const resolved = result + text.slice(read);
  return { text: resolved, substitutions, findings, tainted, open, unknown, kept };
}

/** The same text as it must be written so that {@link resolveText} gives it back: what would be read as a reference is escaped. */
export function escapeReferences(text: string, kept: readonly number[] = []): string {
  return text.replaceAll(
    CANDIDATE,
    (
      raw: string,
      scheme: string | undefined,
      name: string | undefined,
      close: unknown,
      at: number,
    ) =>
      kept.includes(at) || readCandidate(scheme, name, close !== undefined).is === "text"
        ? raw
        : `$${raw}`,
  );
}

/** The references of a text as they stand in it: `${var:TEAM}`. */
export function findReferences(text: string): string[] {
  return [...text.matchAll(CANDIDATE)].flatMap(([raw, scheme, name, close]) =>
    !raw.startsWith("$$") && readCandidate(scheme, name, close !== undefined).is === "reference"
      ? [raw]
      : [],
  );
}

/** What stands in the place of a candidate; or why it stays, and whether the text is then still open. */
type Verdict =
  | {
      readonly value: string;
      readonly secret: boolean;
      readonly unknown?: undefined;
      readonly finding?: ReferenceFinding | undefined;
    }
  | {
      readonly value?: undefined;
      /** A secret stands there, and its value is not to be had. */
      readonly secret?: boolean;
      readonly unknown?: boolean;
      readonly finding?: ReferenceFinding | undefined;
      readonly open: boolean;
    };

function judgeCandidate(match: RegExpExecArray, { resolve, doubt }: Scope): Verdict {
  const [raw, scheme, name, close] = match;
  const reading = readCandidate(scheme, name, close !== undefined);
  if (reading.is === "text") return { open: false };
  if (raw.startsWith("$$")) return { value: raw.slice(1), secret: false };
  const offset = match.index;
  if (reading.is === "near-miss") {
    const message = `${quoteText(raw)} looks like a reference but is none`;
    const code = "unknown-reference-scheme";
    return { finding: { code, severity: doubt, message, hint: reading.hint, offset }, open: false };
  }
  const resolution = resolve(reading.scheme, reading.name);
  if (resolution.state === "unknown") return { unknown: true, open: true };
  if (resolution.state === "value" || resolution.state === "kept") {
    const finding = resolution.doubt && warn(resolution.doubt, offset);
    return resolution.state === "kept" ? { open: true, finding } : { ...resolution, finding };
  }
  const { state, message, hint } = resolution;
  if (state === "refused") {
    const code = "credential-reference";
    return { finding: { code, severity: "error", message, hint, offset }, open: true };
  }
  return state !== "misplaced"
    ? {
        finding: { code: LACKS[state], severity: "error", message, hint, offset },
        secret: reading.scheme === "secret",
        open: true,
      }
    : {
        finding: { code: "misplaced-reference", severity: doubt, message, hint, offset },
        open: doubt === "error",
      };
}

function warn({ message, hint }: Remark, offset: number): ReferenceFinding {
  return { code: "credential-reference", severity: "warning", message, hint, offset };
}

/** Where in the text each secret gets, by the offset of its reference; with all else resolved, as that may begin and end literals. */
function findSlots(text: string, { embedding, ...scope }: Scope): ReadonlyMap<number, Slot> {
  if (embedding === undefined) return new Map();
  const tainted = new Set<string>();
  const resolve = (scheme: Scheme, name: string): Resolution => {
    const found = scope.resolve(scheme, name);
    const secret = scheme === "secret" || (found.state === "value" && found.secret);
    if (!secret) return found;
    tainted.add(`\${${scheme}:${name}}`);
    return { state: "value", value: STAND_IN, secret };
  };
  const probe = resolveText(text, { ...scope, resolve });
  const secrets = probe.substitutions.filter(({ sourceStart, sourceEnd }) =>
    tainted.has(text.slice(sourceStart, sourceEnd)),
  );
  if (secrets.length === 0) return new Map();
  const slots = embedding.findSlots(
    probe.text,
    secrets.map(({ start }) => start),
  );
  return new Map(
    secrets.map(({ sourceStart }, index) => [sourceStart, slots[index]] as const).filter(isFound),
  );
}

function isFound(entry: readonly [number, Slot | undefined]): entry is readonly [number, Slot] {
  return entry[1] !== undefined;
}

/** A letter of a name, which begins and ends nothing in any language. */
const STAND_IN = "x";

/** The same verdict with the value as it must be written in its place, or refused there. */
function placeValue(
  verdict: Verdict,
  slot: Slot | undefined,
  { 0: raw, index }: RegExpExecArray,
  { applied }: Scope,
): Verdict {
  if (slot === undefined || verdict.unknown === true) return verdict;
  const asItIs = applied === true && verdict.value !== undefined ? verdict : undefined;
  const tell = ({ message, hint }: Advice, severity: Severity): ReferenceFinding => ({
    code: "misplaced-secret",
    severity,
    message: `${raw} ${message}`,
    hint: hint.replace("${secret:NAME}", raw),
    offset: index,
  });
  if (slot.refused !== undefined)
    return asItIs ?? { finding: tell(slot.refused, "error"), open: true };
  const doubt = slot.doubt && tell(slot.doubt, "warning");
  if (verdict.value === undefined)
    return verdict.finding === undefined && doubt !== undefined
      ? { ...verdict, finding: doubt }
      : verdict;
  const written = slot.write(verdict.value);
  if ("refused" in written)
    return asItIs ?? { finding: tell(written.refused, "error"), open: true };
  return { ...verdict, value: written.text, finding: verdict.finding ?? doubt };
}

function readCandidate(
  scheme: string | undefined,
  name: string | undefined,
  closed: boolean,
): Reading {
  if (scheme === undefined || name === undefined) {
    const hint = "GitHub's ${{ … }} works in workflows only; write ${secret:NAME} or ${var:NAME}";
    return { is: "near-miss", hint };
  }
  const exact = SCHEMES.find((known) => known === scheme);
  if (exact !== undefined && closed && NAME.test(name)) {
    return { is: "reference", scheme: exact, name };
  }
  const near = findScheme(scheme);
  if (near === undefined) return { is: "text" };
  const fixed = name
    .trim()
    .replaceAll(/[^A-Za-z0-9]+/g, "_")
    .toUpperCase();
  return {
    is: "near-miss",
    hint: `write \${${near}:${fixed || "NAME"}}, or $\${ for the text itself`,
  };
}

/** The scheme that was probably meant: another case, blanks around it, a plural, a slip. */
function findScheme(text: string): Scheme | undefined {
  const folded = text.trim().toLowerCase();
  return SCHEMES.find((known) => distance(folded, known) <= (known === "secret" ? 2 : 1));
}
