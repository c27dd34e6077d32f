import type { Json } from "../../../src/domain/json.ts";
import type { Clock } from "../../../src/domain/ports.ts";

/** A row of call flow apps, as it stands. */
export type Row = Record<string, Json>;

export interface Compiler {
  /** Takes a new script; the verdict comes some time later. */
  write(row: Row, text: string): void;
  /** Shows the verdict if it is due. */
  look(row: Row): void;
}

export interface CompilerOptions {
  readonly clock: Clock;
  /** From a write to its verdict, in milliseconds. */
  readonly compileTime: number;
  /** The compiler's text for a script that it refuses; "never" for one that it never judges. */
  readonly judge: (text: string) => string | undefined;
  /** ScriptCode is the sent text from the write on, and a refused one is noted also where nothing runs. */
  readonly showsSentText: boolean;
  /** A refusal also ends the script that ran before. */
  readonly losesOldScript: boolean;
}

/** Refuses what says REFUSE, with the place of that word counted from 1, and never judges what says HANG. */
export function judgeByWord(text: string): string | undefined {
  if (text.includes("HANG")) return "never";
  const at = text.indexOf("REFUSE");
  if (at < 0) return undefined;
  return `:[${at + 1}..${at + 7})E:CS0103:\nThe name 'REFUSE' does not exist here`;
}

/**
 * Three states as in 3CX's own sample (OMSamples ScriptDevelopment): a refused script stays in ScriptCode when nothing ran
 * before, and goes to RejectedCode when something did. The same text again is not compiled again.
 */
export function createCompiler(options: CompilerOptions): Compiler {
  const { clock, compileTime, judge, losesOldScript, showsSentText } = options;
  const pending = new Map<Row, Job>();

  function look(row: Row): void {
    const job = pending.get(row);
    if (job === undefined || clock.now() < job.due) return;
    const said = judge(job.text);
    if (said === "never") return;
    pending.delete(row);
    if (said === undefined) return accept(row, job);
    row["ScriptCode"] = job.before;
    if (losesOldScript) row["InvalidScript"] = true;
    refuse(row, job.text, said);
    if (showsSentText) row["RejectedCode"] = job.text;
  }

  return {
    look,
    write(row, text) {
      look(row);
      const stored = text.replaceAll("\n", "\r\n");
      const job = pending.get(row);
      if (row["ScriptCode"] === stored && job === undefined) return;
      if (showsSentText && job?.text === stored) return;
      const before = job?.before ?? row["ScriptCode"] ?? null;
      pending.set(row, { text: stored, due: clock.now() + compileTime, before });
      if (showsSentText || row["InvalidScript"] === true) row["ScriptCode"] = stored;
    },
  };
}

interface Job {
  readonly text: string;
  readonly due: number;
  /** What ScriptCode was before. */
  readonly before: Json;
}

function accept(row: Row, { text, due }: { readonly text: string; readonly due: number }): void {
  row["ScriptCode"] = text;
  row["RejectedCode"] = null;
  row["CompilationSucceeded"] = true;
  row["InvalidScript"] = false;
  row["CompilationResult"] = "";
  row["CompilationLastSuccess"] = new Date(due).toISOString();
}

function refuse(row: Row, text: string, said: string): void {
  row["CompilationSucceeded"] = false;
  row["CompilationResult"] = said;
  if (row["InvalidScript"] === true) row["ScriptCode"] = text;
  else row["RejectedCode"] = text;
}
