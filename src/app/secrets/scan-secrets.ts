import { setImmediate } from "node:timers/promises";

import type { Problem } from "../../domain/problem.ts";
import type { Span } from "../../domain/spans.ts";
import { findLineStarts, placeOffset } from "../../domain/text-place.ts";
import { credentialRule } from "./credential-rule.ts";

export interface ScannedFile {
  /** As problems show it. */
  readonly file: string;
  readonly text: string;
}

/** A stretch of a text that looks like a credential. */
export interface Suspect extends Span {
  /** What it is, in words; never any of it. */
  readonly kind: string;
}

type Scan = (text: string) => Promise<readonly Suspect[]>;

/** The scanner takes the square of the findings, so a long text goes through it in pieces; few scripts are that long. */
const PIECE = 64 * 1024;
/** What two pieces share, so that a credential lies in one of them as a whole: the scanner takes keys of 10,000 characters. */
const OVERLAP = 12 * 1024;
/** After so many in one file nobody reads on. */
const MAX_FINDINGS = 100;

/**
 * Warnings about what looks like a credential in the texts, each with its place and never with any of its characters, in
 * the order of the files and of the places in them; at most a hundred for each file. The scanner is loaded on first use.
 * Throws the reason of `signal`.
 */
export async function scanSecrets(
  files: readonly ScannedFile[],
  signal?: AbortSignal,
): Promise<readonly Problem[]> {
  return tellSuspects(files, await findSuspects(new Set(files.map(({ text }) => text)), signal));
}

/** A warning for each suspect of {@link findSuspects} in the texts. */
export function tellSuspects(
  files: readonly ScannedFile[],
  found: ReadonlyMap<string, readonly Suspect[]>,
): readonly Problem[] {
  return files.flatMap(({ file, text }) => {
    const lineStarts = findLineStarts(text);
    return (found.get(text) ?? []).map(({ start, kind }) => ({
      severity: "warning" as const,
      code: "possible-secret",
      message: `this looks like a credential (${kind})`,
      at: { file, ...placeOffset(lineStarts, start) },
      hint: "write ${secret:NAME} in its place, and set NAME in the environment",
    }));
  });
}

/**
 * What looks like a credential in each of the texts, in the order of the places and without overlaps; at most a hundred in
 * each. The scanner is loaded on first use. Throws the reason of `signal`.
 */
export async function findSuspects(
  texts: ReadonlySet<string>,
  signal?: AbortSignal,
): Promise<ReadonlyMap<string, readonly Suspect[]>> {
  signal?.throwIfAborted();
  const found = new Map<string, readonly Suspect[]>();
  if (texts.size === 0) return found;
  const scan = await loadScanner();
  for (const text of texts) found.set(text, await scanText(text, scan, signal));
  return found;
}

async function scanText(
  text: string,
  scan: Scan,
  signal: AbortSignal | undefined,
): Promise<readonly Suspect[]> {
  const found: Suspect[] = [];
  for (let from = 0; from < text.length; from += PIECE - OVERLAP) {
    // The scanner itself never waits, so whoever wants to cancel would not get a turn.
    await setImmediate();
    signal?.throwIfAborted();
    for (const { start, end, kind } of await scan(text.slice(from, from + PIECE)))
      found.push({ start: from + start, end: from + end, kind });
    if (found.length >= MAX_FINDINGS || from + PIECE >= text.length) break;
  }
  const inOrder = found.toSorted((a, b) => a.start - b.start || b.end - a.end);
  return dropOverlaps(inOrder).slice(0, MAX_FINDINGS);
}

async function loadScanner(): Promise<Scan> {
  const [{ lintSource }, { creator }] = await Promise.all([
    import("@secretlint/core"),
    import("@secretlint/secretlint-rule-preset-recommend"),
  ]);
  const rules = [
    { id: "@secretlint/secretlint-rule-preset-recommend", rule: creator },
    { id: credentialRule.meta.id, rule: credentialRule },
  ];
  return async (text) => {
    const { messages } = await lintSource({
      source: { content: text, filePath: "script.cs", ext: ".cs", contentType: "text" },
      options: { config: { rules }, maskSecrets: true, noPhysicFilePath: true },
    });
    return messages.map(({ range: [start, end], message }) => {
      return { start, end, kind: nameKind(message) };
    });
  };
}

/** `found slack token: ***` without its first word, and without the masked secret and all that follows. */
function nameKind(message: string): string {
  return message
    .replace(/^found /, "")
    .replace(/[:(*].*$/s, "")
    .trim();
}

/** Two rules may know the same credential, and two pieces show it: of findings that overlap the first says enough. */
function dropOverlaps(findings: readonly Suspect[]): readonly Suspect[] {
  let end = 0;
  return findings.filter((finding) => {
    const free = finding.start >= end;
    if (free) end = finding.end;
    return free;
  });
}
