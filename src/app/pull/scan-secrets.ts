import { setImmediate } from "node:timers/promises";

import type { Problem } from "../../domain/problem.ts";
import { findLineStarts, placeOffset } from "../../domain/text-place.ts";
import { credentialRule } from "./credential-rule.ts";

export interface ScannedFile {
  /** As problems show it. */
  readonly file: string;
  readonly text: string;
}

/** Offsets are UTF-16 units. */
interface Finding {
  readonly start: number;
  readonly end: number;
  /** What it is, in words; never any of it. */
  readonly kind: string;
}

type Scan = (text: string) => Promise<readonly Finding[]>;

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
  signal?.throwIfAborted();
  if (files.length === 0) return [];
  const scan = await loadScanner();
  const problems: Problem[] = [];
  for (const { file, text } of files) {
    const lineStarts = findLineStarts(text);
    for (const { start, kind } of await scanText(text, scan, signal))
      problems.push({
        severity: "warning",
        code: "possible-secret",
        message: `this looks like a credential (${kind})`,
        at: { file, ...placeOffset(lineStarts, start) },
        hint: "write ${secret:NAME} in its place, and set NAME in the environment",
      });
  }
  return problems;
}

async function scanText(
  text: string,
  scan: Scan,
  signal: AbortSignal | undefined,
): Promise<readonly Finding[]> {
  const found: Finding[] = [];
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
function dropOverlaps(findings: readonly Finding[]): readonly Finding[] {
  let end = 0;
  return findings.filter((finding) => {
    const free = finding.start >= end;
    if (free) end = finding.end;
    return free;
  });
}
