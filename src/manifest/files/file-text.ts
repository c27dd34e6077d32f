import { readFileSync } from "node:fs";

import type { Problem } from "../../domain/problem.ts";
import { decodeText } from "./read-text.ts";

/** A file as it is on the disk: its bytes, and the text in them without a byte order mark. */
export interface FileText {
  readonly bytes: Uint8Array;
  readonly text: string;
}

type FileTextReading = FileText & { readonly problem?: undefined };

/** The text of a file that was loaded before, with the bytes it stands in. */
export function readFileText(
  path: string,
  shown: string,
): FileTextReading | { readonly problem: Problem } {
  const bytes = readFileSync(path);
  const { text, problem } = decodeText(bytes, shown);
  return problem === undefined ? { bytes, text } : { problem };
}

/** Another text in the encoding of these bytes, with their byte order mark if they have one; UTF-8 without them. */
export function encodeLike(text: string, bytes: Uint8Array | undefined): Uint8Array {
  const [first, second, third] = bytes ?? [];
  if (first === 0xff && second === 0xfe) return Buffer.from(`\uFEFF${text}`, "utf16le");
  if (first === 0xfe && second === 0xff) return Buffer.from(`\uFEFF${text}`, "utf16le").swap16();
  const marked = first === 0xef && second === 0xbb && third === 0xbf;
  return Buffer.from(marked ? `\uFEFF${text}` : text, "utf8");
}
