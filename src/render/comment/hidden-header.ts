/** What a comment or an issue of ours is about. */
export type Subject = "plan" | "apply" | "drift";

/** An earlier state of the same text. */
export interface Earlier {
  readonly digest: string;
  /** The commit it was made for. */
  readonly commit: string;
  /** In words, one line. */
  readonly outcome: string;
}

/** The value in the first line of a text that we wrote to GitHub, unseen by readers: how we find it again and what it was. */
export interface Header {
  readonly v: 1;
  readonly subject: Subject;
  readonly target: string;
  readonly digest: string;
  readonly commit: string;
  readonly outcome: string;
  /** Newest first, so many at most. */
  readonly earlier: readonly Earlier[];
}

const START = "<!-- callform ";
const END = " -->";
const MAX_EARLIER = 20;
const MAX_OUTCOME = 200;
/** Enough of an id to recognise it. */
const SHORT = 12;

/** One line that no value in it can end: everything but plain letters, digits and JSON's own marks is escaped. */
export function writeHeader(header: Header): string {
  const json = JSON.stringify(header).replaceAll(
    /[^ -~]|[<>&@-]/g,
    (mark) => String.raw`\u${mark.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
  return `${START}${json}${END}`;
}

/** The header of a text; undefined where the first line is none. */
export function readHeader(body: string): Header | undefined {
  const [line = ""] = body.split("\n", 1);
  const first = line.trimEnd();
  if (!first.startsWith(START) || !first.endsWith(END)) return undefined;
  const value = parse(first.slice(START.length, -END.length));
  return isHeader(value) ? value : undefined;
}

/** What a header says of earlier states, once the state it tells of is earlier too. */
export function recall(before: Header | undefined, digest: string): Earlier[] {
  if (before === undefined) return [];
  const { earlier } = before;
  const all = before.digest === digest ? earlier : [before, ...earlier];
  return all.slice(0, MAX_EARLIER).map((item) => ({
    digest: item.digest.slice(0, SHORT),
    commit: item.commit.slice(0, SHORT),
    outcome: item.outcome.slice(0, MAX_OUTCOME),
  }));
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function isHeader(value: unknown): value is Header {
  if (!isEarlier(value) || !("v" in value) || value.v !== 1) return false;
  if (!("subject" in value) || !("target" in value) || !("earlier" in value)) return false;
  return (
    ["plan", "apply", "drift"].includes(String(value.subject)) &&
    typeof value.target === "string" &&
    Array.isArray(value.earlier) &&
    value.earlier.every(isEarlier)
  );
}

function isEarlier(value: unknown): value is Earlier {
  return (
    typeof value === "object" &&
    value !== null &&
    "digest" in value &&
    typeof value.digest === "string" &&
    "commit" in value &&
    typeof value.commit === "string" &&
    "outcome" in value &&
    typeof value.outcome === "string"
  );
}
