import { escapeReferences } from "./resolve.ts";

/** A reference of the text before, and what it stood for. */
export interface UsedReference {
  /** `${secret:KEY}`, as it stands. */
  readonly source: string;
  readonly value: string;
  readonly secret: boolean;
}

export interface RestoredText {
  readonly text: string;
  /** References whose value is no longer there, as they stood, and secrets that had to be left as text. */
  readonly lost: readonly string[];
}

/** From this length on a secret is found wherever it stands; below it only where it stands alone, as the redactor does. */
const MIN_FREE_LENGTH = 6;

type Part = { readonly literal: string } | { readonly reference: UsedReference };

/**
 * Resolved text as it is to be written: the value of every reference that stood in its place is the reference again,
 * and a known secret is its reference wherever it stands; all else is literal. References are put back at most as often as
 * they stood there, secrets always.
 */
export function restoreReferences(
  text: string,
  stood: readonly UsedReference[],
  secrets: readonly UsedReference[],
): RestoredText {
  const lost: string[] = [];
  let parts: readonly Part[] = [{ literal: text }];
  for (const reference of listDistinct([...stood, ...secrets])) {
    const { source, value } = reference;
    if (value === "") continue;
    const expected = stood.filter((one) => one.source === source && one.value === value).length;
    const limit = reference.secret ? Infinity : expected;
    const replaced = replaceValue(parts, reference, limit);
    ({ parts } = replaced);
    for (let count = replaced.count; count < expected; count += 1) lost.push(source);
    if (replaced.count >= expected && isTold(parts, reference)) lost.push(source);
  }
  const written = parts.map((part) =>
    "literal" in part ? escapeReferences(part.literal) : part.reference.source,
  );
  return { text: written.join(""), lost };
}

/** True where a secret still stands as text, because a reference would mean something else there. */
function isTold(parts: readonly Part[], { value, secret }: UsedReference): boolean {
  const free = secret && value.length >= MIN_FREE_LENGTH;
  return free && parts.some((part) => "literal" in part && part.literal.includes(value));
}

/** Longest value first: a short one may be a part of it. One reference may stand for a value in several spellings. */
function listDistinct(references: readonly UsedReference[]): readonly UsedReference[] {
  const distinct = new Map(
    references.map((reference) => [JSON.stringify([reference.source, reference.value]), reference]),
  );
  return [...distinct.values()].toSorted((a, b) => b.value.length - a.value.length);
}

function replaceValue(
  parts: readonly Part[],
  reference: UsedReference,
  limit: number,
): { readonly parts: readonly Part[]; readonly count: number } {
  const { value, secret } = reference;
  const result: Part[] = [];
  let count = 0;
  for (const part of parts) {
    if (!("literal" in part)) {
      result.push(part);
      continue;
    }
    let rest = part.literal;
    for (let from = 0; count < limit;) {
      const at = rest.indexOf(value, from);
      if (at < 0) break;
      const free = secret && value.length >= MIN_FREE_LENGTH;
      // Behind a `$` it would be read as an escape.
      if (rest[at - 1] === "$" || !(free || standsAlone(rest, at, value))) {
        from = at + 1;
        continue;
      }
      result.push({ literal: rest.slice(0, at) }, { reference });
      rest = rest.slice(at + value.length);
      from = 0;
      count += 1;
    }
    result.push({ literal: rest });
  }
  return { parts: result, count };
}

const WORD = /[\p{L}\p{N}_]/u;

function standsAlone(text: string, at: number, value: string): boolean {
  const joins = (outside: string | undefined, inside: string | undefined): boolean =>
    outside !== undefined && inside !== undefined && WORD.test(outside) && WORD.test(inside);
  const end = at + value.length;
  return !joins(text[at - 1], value[0]) && !joins(text[end], value.at(-1));
}
