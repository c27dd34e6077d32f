import { Language, Parser } from "web-tree-sitter";
import type { Node } from "web-tree-sitter";
import { loadWasm } from "./wasm.ts";

/** Texts above this many UTF-16 units are not parsed. Scripts seen in the wild are 1 to 42 KB. */
export const MAX_LENGTH = 256 * 1024;

/**
 * Brackets open at once. Recovery from an error takes memory by the square of the depth: 8,000 of
 * `a<` take 800 MB and 32,000 abort the WASM module, after which no text can be parsed any more.
 */
export const MAX_DEPTH = 500;

/**
 * Milliseconds for one parse. A text of MAX_LENGTH takes 200, but recovery from errors has quadratic corners that no
 * count of steps reveals, such as `!]select where switch;` over and over.
 */
const TIME_LIMIT = 2_000;

/** What `read` made of the syntax tree, or why there was no tree for it to read. */
export type Parsed<T> =
  | { readonly state: "read"; readonly value: T }
  | { readonly state: "too-long" | "too-deep" | "too-hard" };

/**
 * Parses a text and hands the root of its syntax tree to `read`; the tree is freed when `read` returns, so
 * no node may outlive it. Indices of nodes are UTF-16 offsets into the text.
 */
export type Parse = <T>(text: string, read: (root: Node) => T) => Parsed<T>;

const OPENERS = new Set("([{");
const CLOSERS = new Set(")]}");

/**
 * The most brackets open at once, strings and comments not told apart. An angle bracket counts until its
 * statement ends, because a comparison never closes it.
 */
export function measureDepth(text: string): number {
  let brackets = 0;
  let angles = 0;
  let deepest = 0;
  for (const unit of text) {
    if (OPENERS.has(unit)) brackets += 1;
    else if (CLOSERS.has(unit)) brackets = Math.max(0, brackets - 1);
    if (unit === "<") angles += 1;
    else if (unit === ">") angles = Math.max(0, angles - 1);
    else if (unit === ";" || unit === "{" || unit === "}") angles = 0;
    deepest = Math.max(deepest, brackets + angles);
  }
  return deepest;
}

/**
 * A parser of its own. `now` gives milliseconds from any beginning and limits the time of each parse. Throws
 * Error when a WASM file is missing.
 */
export async function startParser(now: () => number): Promise<Parse> {
  const [runtime, grammar] = await Promise.all([loadWasm("runtime"), loadWasm("grammar")]);
  await Parser.init({ wasmBinary: runtime.slice().buffer });
  const parser = new Parser();
  parser.setLanguage(await Language.load(grammar));
  return (text, read) => {
    if (text.length > MAX_LENGTH) return { state: "too-long" };
    if (measureDepth(text) > MAX_DEPTH) return { state: "too-deep" };
    const deadline = now() + TIME_LIMIT;
    // The lexer takes NUL for the end of the text and then gives offsets past it.
    const tree = parser.parse(text.replaceAll("\0", "\uFFFD"), null, {
      progressCallback: () => now() > deadline,
    });
    if (tree === null) {
      // A parse that was stopped would otherwise go on, in the middle of the next text.
      parser.reset();
      return { state: "too-hard" };
    }
    try {
      return { state: "read", value: read(tree.rootNode) };
    } finally {
      tree.delete();
    }
  };
}

let started: Promise<Parse> | undefined;

/**
 * The C# parser of this process. The WASM is loaded at the first call and kept. The parse itself is synchronous, so callers that
 * run at the same time share it safely. Throws Error when a WASM file is missing.
 */
export function loadParser(): Promise<Parse> {
  started ??= startParser(() => performance.now());
  return started;
}
