import type { Command, Option } from "commander";

/** What a value can be completed from. */
export type Source = "files" | "folders" | "targets" | "numbers" | "kinds" | "topics" | "nothing";

/** A word to offer, with what it means. */
export interface Candidate {
  readonly value: string;
  readonly meaning: string;
}

/** What fits at the end of a command line. `lead` is the part of the last word that stays in front of each value. */
export type Wanted =
  | { readonly from: "words"; readonly words: readonly Candidate[]; readonly lead: string }
  | { readonly from: Source; readonly typed: string; readonly lead: string };

/** An unfinished command line as far as it says what its end may be. */
export interface Completion {
  readonly wanted: Wanted;
  /** Flags with a value that stand before the end, by their attribute: `{ project: "pbx" }`. */
  readonly given: Readonly<Record<string, string>>;
}

/** By what the help text calls a value, so that a new flag is completed as soon as it is declared. */
export const SOURCES: Readonly<Record<string, Source>> = {
  file: "files",
  paths: "files",
  "plan-file-or-paths": "files",
  dir: "folders",
  name: "targets",
  names: "targets",
  targets: "targets",
  numbers: "numbers",
  kind: "kinds",
  topic: "topics",
  address: "nothing",
  hosts: "nothing",
  id: "nothing",
  "label=value": "nothing",
  ms: "nothing",
  n: "nothing",
  "new-name": "nothing",
  part: "nothing",
  ref: "nothing",
  seconds: "nothing",
  url: "nothing",
};

/** Reads the words after the program's name, the last of them unfinished and perhaps empty. Pure. */
export function readCompletion(program: Command, words: readonly string[]): Completion {
  const current = words.at(-1) === "=" ? "" : (words.at(-1) ?? "");
  const line = walk(program, words.slice(0, -1));
  const { command, pending, ended, operands, given } = line;
  const wanted = (): Wanted => {
    if (pending !== undefined) return completeValue(pending, current, "");
    const [, flag, value] = /^(--[^=]+)=(.*)$/s.exec(current) ?? [];
    const option = ended || flag === undefined ? undefined : findOption(command, flag);
    if (option !== undefined) return completeValue(option, value ?? "", `${flag}=`);
    if (!ended && current.startsWith("-")) return offer(listFlags(command), current);
    if (command === program) return offer(listCommands(program), current);
    const argument = command.registeredArguments[operands] ?? command.registeredArguments.at(-1);
    if (
      argument === undefined ||
      (operands >= command.registeredArguments.length && !argument.variadic)
    )
      return offer([], current);
    return complete(argument.name(), argument.argChoices, current, "");
  };
  return { wanted: wanted(), given };
}

interface Line {
  readonly command: Command;
  /** The flag whose value comes next. */
  readonly pending: Option | undefined;
  /** After `--`. */
  readonly ended: boolean;
  readonly operands: number;
  readonly given: Readonly<Record<string, string>>;
}

function walk(program: Command, words: readonly string[]): Line {
  let [command, pending, ended, operands] = [program, undefined as Option | undefined, false, 0];
  const given: Record<string, string> = {};
  for (const word of words) {
    const [, flag = word, value] = /^(--[^=]+)=(.*)$/s.exec(word) ?? [];
    if (pending !== undefined) {
      // bash makes three words of --target=name.
      if (word === "=") continue;
      given[pending.attributeName()] = word;
      pending = undefined;
    } else if (!ended && word === "--") ended = true;
    else if (!ended && word.startsWith("-")) {
      const option = findOption(command, flag);
      if (option !== undefined && value !== undefined) given[option.attributeName()] = value;
      else if (option?.required === true) pending = option;
    } else {
      const named =
        command === program ? program.commands.find((one) => one.name() === word) : undefined;
      if (named === undefined) operands += 1;
      command = named ?? command;
    }
  }
  return { command, pending, ended, operands, given };
}

function findOption(command: Command, flag: string): Option | undefined {
  return command.options.find(({ long, short }) => long === flag || short === flag);
}

function completeValue(option: Option, typed: string, lead: string): Wanted {
  return complete(readPlaceholder(option.flags) ?? "", option.argChoices, typed, lead);
}

/** `file` of `--out <file>`. */
export function readPlaceholder(flags: string): string | undefined {
  return /[<[]([^\]>]+?)(?:\.\.\.)?[\]>]/.exec(flags)?.[1];
}

function complete(
  placeholder: string,
  choices: readonly string[] | undefined,
  typed: string,
  lead: string,
): Wanted {
  if (choices !== undefined)
    return {
      ...offer(
        choices.map((value) => ({ value, meaning: "" })),
        typed,
      ),
      lead,
    };
  const from = SOURCES[placeholder] ?? "nothing";
  if (from !== "numbers" && from !== "targets") return { from, typed, lead };
  // They may be a list: 806,807
  const start = typed.lastIndexOf(",") + 1;
  return { from, typed: typed.slice(start), lead: lead + typed.slice(0, start) };
}

function offer(candidates: readonly Candidate[], typed: string) {
  const words = candidates.filter(({ value }) => value.startsWith(typed));
  return { from: "words", words, lead: "" } as const;
}

function listCommands(program: Command): Candidate[] {
  return program
    .createHelp()
    .visibleCommands(program)
    .map((command) => ({ value: command.name(), meaning: command.description() }));
}

function listFlags(command: Command): Candidate[] {
  return command
    .createHelp()
    .visibleOptions(command)
    .flatMap(({ long, description }) =>
      typeof long === "string" ? [{ value: long, meaning: description }] : [],
    );
}
