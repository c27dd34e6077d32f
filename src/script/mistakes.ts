import type { Parse } from "./parser.ts";
import { quoteToken } from "./repair.ts";
import type { Repair } from "./repair.ts";
import { listRepairs } from "./repairs.ts";
import { listFaults, listTokens } from "./tokens.ts";
import type { Faults, Token } from "./tokens.ts";

/** A syntax mistake, in UTF-16 offsets of the text as it came. */
export interface Mistake {
  readonly message: string;
  readonly start: number;
  readonly end: number;
}

export interface Mistakes {
  /** In the order of the text. */
  readonly found: readonly Mistake[];
  /** The text with every mistake mended, and its offsets as those of the text that came; undefined when some could not be. */
  readonly mended:
    | { readonly text: string; readonly traceBack: (offset: number) => number }
    | undefined;
}

/** Characters that may be parsed in search of repairs: about a second. */
const SEARCH_BUDGET = 1024 * 1024;

/** Where a text is longer, or more is wrong, only the first fault is told: the parser is slow there, at every repair anew. */
const MAX_SEARCHED = 64 * 1024;
const MAX_FAULTS = 200;

/**
 * With more faults than this a token the parser made up is taken at its word, if it helps: one mistake seldom shows as so
 * many, and among many the repair that helps most is one that makes the parser give up the rest as a single fault.
 */
const TRUSTED_FROM = 3;

/** Milliseconds after which the search ends, for texts that are short and yet slow; others use up their budget first. */
const SEARCH_TIME = 2_000;

interface Reading {
  readonly faults: Faults;
  readonly tokens: readonly Token[];
}

function applyRepair(text: string, { from, to, insert }: Repair): string {
  return text.slice(0, from) + insert + text.slice(to);
}

/** An offset of the mended text as one of the text before the repairs, which are undone last first. */
function traceBack(offset: number, repairs: readonly Repair[]): number {
  return repairs.reduceRight((at, { from, to, insert }) => {
    const grown = insert.length - (to - from);
    return at <= from ? at : Math.max(from, at - grown);
  }, offset);
}

/** The stretch to point at when no repair helps: the parser stopped making sense of the text here. */
function findFault({ faults, tokens }: Reading): Pick<Repair, "start" | "end"> {
  const start = faults.inner[0] ?? faults.outer[0]?.start ?? 0;
  return tokens.find(({ end }) => end > start) ?? { start, end: start };
}

function nameUnexpected(stretch: string): string {
  return stretch === "" ? "unexpected end of the script" : `unexpected ${quoteToken(stretch)}`;
}

function sortByPlace(mistakes: readonly Mistake[]): Mistake[] {
  return mistakes.toSorted((a, b) => a.start - b.start);
}

/**
 * Finds the mistakes of a text by mending them one after another: of the repairs that might help with
 * the first fault, the one that leaves least wrong says what the mistake was. So what follows from a mistake is not
 * reported as another one. At most `limit` mistakes.
 */
export function findMistakes(parse: Parse, text: string, limit: number): Mistakes {
  let budget = text.length > MAX_SEARCHED ? 0 : SEARCH_BUDGET;
  const deadline = performance.now() + SEARCH_TIME;
  const weigh = (candidate: string): number => {
    budget = performance.now() > deadline ? 0 : budget - candidate.length;
    const parsed = parse(candidate, (root) => listFaults(root).weight);
    return parsed.state === "read" ? parsed.value : Number.POSITIVE_INFINITY;
  };
  const read = (candidate: string): Reading | undefined => {
    const parsed = parse(candidate, (root) => ({
      faults: listFaults(root),
      tokens: listTokens(root),
    }));
    return parsed.state === "read" ? parsed.value : undefined;
  };
  const chooseRepair = (current: string, reading: Reading): Repair | undefined => {
    const { weight, outer, inner } = reading.faults;
    if (budget <= 0 || outer.length + inner.length > MAX_FAULTS) return undefined;
    let least = weight;
    let best: Repair | undefined;
    for (const repair of listRepairs(current, reading.faults, reading.tokens)) {
      if (least === 0 || budget <= 0) break;
      if (repair.certain === true) return best ?? repair;
      const left = weigh(applyRepair(current, repair));
      if (left < least) [least, best] = [left, repair];
      if (repair === best && repair.guessed === true && outer.length > TRUSTED_FROM) return repair;
    }
    return best;
  };

  const found: Mistake[] = [];
  const applied: Repair[] = [];
  const trace = (offset: number): number => traceBack(offset, applied);
  let current = text;
  while (found.length < limit) {
    const reading = read(current);
    if (reading === undefined) break;
    if (reading.faults.weight === 0)
      return { found: sortByPlace(found), mended: { text: current, traceBack: trace } };
    const repair = chooseRepair(current, reading);
    const place = repair ?? findFault(reading);
    const [start, end] = [trace(place.start), trace(place.end)];
    found.push({ message: repair?.message ?? nameUnexpected(text.slice(start, end)), start, end });
    if (repair === undefined) break;
    current = applyRepair(current, repair);
    applied.push(repair);
  }
  return { found: sortByPlace(found), mended: undefined };
}
