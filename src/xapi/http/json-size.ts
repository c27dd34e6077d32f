/** Of a text no longer than this, the worst takes some 100 MB once it is parsed; most pages are shorter. */
const SMALL = 1024 * 1024;
/** A PBX nests some six levels deep. */
const MAX_DEPTH = 64;
/** A hundred objects with a hundred members each are a hundredth of this. */
const MAX_VALUES = 1_000_000;

const [QUOTE, BACKSLASH, COMMA] = [0x22, 0x5c, 0x2c];
const [OPEN_LIST, CLOSE_LIST, OPEN_MAP, CLOSE_MAP] = [0x5b, 0x5d, 0x7b, 0x7d];

const TOO_DEEP = `is nested more than ${MAX_DEPTH} levels deep`;

/** What is out of all proportion in a text of JSON, in words, or undefined: parsed, a byte may take a hundred times its room. */
export function judgeJsonSize(text: string): string | undefined {
  let [depth, values] = [0, 0];
  const { length } = text;
  if (length <= SMALL) return undefined;
  for (let at = 0; at < length; at += 1) {
    const code = text.charCodeAt(at);
    if (code === QUOTE) at = findStringEnd(text, at + 1);
    else if (code === COMMA) values += 1;
    else if (code === OPEN_LIST || code === OPEN_MAP) {
      depth += 1;
      values += 1;
      if (depth > MAX_DEPTH) return TOO_DEEP;
    } else if (code === CLOSE_LIST || code === CLOSE_MAP) depth -= 1;
    if (values > MAX_VALUES) return `has more than ${MAX_VALUES} values`;
  }
  return undefined;
}

/** The same of a value: what is nested without end is not walked through by anybody after this. */
export function judgeDepth(value: unknown): string | undefined {
  return isDeeper(value, MAX_DEPTH) ? TOO_DEEP : undefined;
}

function isDeeper(value: unknown, than: number): boolean {
  if (typeof value !== "object" || value === null) return false;
  return than === 0 || Object.values(value).some((member) => isDeeper(member, than - 1));
}

/** The quote that ends a string, or the end of a text that is no JSON. */
function findStringEnd(text: string, start: number): number {
  const { length } = text;
  let at = start;
  for (; at < length; at += 1) {
    const code = text.charCodeAt(at);
    if (code === QUOTE) break;
    if (code === BACKSLASH) at += 1;
  }
  return at;
}
