import path from "node:path";
import { runProcess, type Command, type Usage } from "../run-process.ts";
import { describeSpread, takeMedian, type Spread } from "../statistics.ts";
import type { Arena, Work } from "./contender.ts";
import type { Tally } from "./stand-in.ts";

export interface Measurement {
  /** Runs that count. */
  readonly runs: number;
  /** Milliseconds. */
  readonly wall: Spread;
  /** Milliseconds of processor time, the median. */
  readonly cpu: number;
  /** Bytes at the peak, the median. */
  readonly memory: number;
  /** Of the last run. */
  readonly tally: Tally;
}

/** How a command is run; the tests hand in another. */
export type Run = (command: Command) => Promise<Usage>;

/** Runs that count, where they are short. */
const MOST_RUNS = 5;
/** Milliseconds after which nothing is run again. */
const LONG = 15_000;

/**
 * Runs the work until there are enough runs or they have taken long. The first is a warm-up where there are others. Throws when
 * the tool fails, or does not do what it was asked to.
 */
export async function measureWork(
  arena: Arena,
  work: Work,
  run: Run = runProcess,
): Promise<Measurement> {
  const usages: Usage[] = [];
  let tally: Tally | undefined;
  while (mayRunAgain(usages)) {
    if (work === "change") await arena.changeOne();
    await arena.clear();
    const usage = await run(limitTime(arena.commands[work]));
    tally = await arena.tally();
    const complaint = await arena.judge(work, usage.stdout);
    if (complaint !== undefined) throw new Error(complaint);
    usages.push(usage);
  }
  if (tally === undefined) throw new Error("nothing was run");
  const counted = dropWarmUp(usages);
  return {
    runs: counted.length,
    wall: describeSpread(counted.map(({ wall }) => wall)),
    cpu: takeMedian(counted.map(({ cpu }) => cpu)),
    memory: takeMedian(counted.map(({ memory }) => memory)),
    tally,
  };
}

/** Whether another run tells more than it costs. */
export function mayRunAgain(runs: readonly { readonly wall: number }[]): boolean {
  const spent = runs.reduce((sum, { wall }) => sum + wall, 0);
  return runs.length <= MOST_RUNS && spent < LONG;
}

/** The runs without the first, which has paid for cold files, unless it is the only one. */
export function dropWarmUp<T>(runs: readonly T[]): readonly T[] {
  return runs.length > 1 ? runs.slice(1) : runs;
}

/** The same command, which ends by itself when it takes far too long. */
export function limitTime(command: Command): Command {
  const deadline = path.join(import.meta.dirname, "deadline.cjs");
  return { ...command, args: ["--require", deadline, ...command.args] };
}
