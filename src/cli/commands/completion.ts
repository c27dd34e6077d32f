import type { Command } from "commander";
import {
  listKinds,
  listNumbers,
  listTargets,
  type CandidateRequest,
  type Named,
} from "../../app/offline/candidates.ts";
import { readPackageFile } from "../../app/package-files.ts";
import { toPrintableLine } from "../../render/printable.ts";
import { readCompletion, type Source } from "../completion.ts";
import type { Context } from "../context.ts";

/** `callform completion`: prints what a shell needs to complete Callform's command line. */
export async function completion({ console }: Context, shell: string): Promise<number> {
  console.out(await readPackageFile(`completions/callform.${shell}`));
  return 0;
}

/**
 * What those scripts call with the words after the program's name, the last one unfinished. The first line says what
 * fits: `words`, and then a line for each, with a tab before what it means; or `files` or `folders`, for the shell to list.
 * Never touches the network.
 */
export async function complete(
  { console, surroundings, stop }: Context,
  program: Command,
  words: readonly string[],
): Promise<number> {
  const { wanted, given } = readCompletion(program, words);
  if (wanted.from === "files" || wanted.from === "folders") {
    console.out(`${wanted.from}\n`);
    return 0;
  }
  const { project, target } = given;
  const request = { cwd: surroundings.cwd, project, target, signal: stop };
  const found =
    wanted.from === "words"
      ? wanted.words
      : (await list(wanted.from, request)).filter(({ value }) => value.startsWith(wanted.typed));
  // A word with blanks in it cannot have come from a sound manifest, and no shell would give it back as one.
  const lines = found
    .filter(({ value }) => /^\S+$/.test(value) && toPrintableLine(value) === value)
    .map(({ value, meaning }) => `${wanted.lead}${value}\t${toPrintableLine(meaning)}\n`);
  console.out(`words\n${lines.join("")}`);
  return 0;
}

async function list(source: Source, request: CandidateRequest): Promise<readonly Named[]> {
  if (source === "targets") return listTargets(request);
  if (source === "numbers") return listNumbers(request);
  if (source === "topics") return (await import("../../app/offline/explain.ts")).listTopics();
  return source === "kinds" ? listKinds() : [];
}
