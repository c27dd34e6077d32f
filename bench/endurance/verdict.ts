import { takeMedian } from "../statistics.ts";
import type { Round } from "./endure.ts";

/** What the program loads and compiles on its first rounds is no leak. */
const WARM_UP = 0.2;
/** Bytes; below this a difference is the garbage collector's mood. */
const SLACK = 3 * 2 ** 20;

export interface Verdict {
  readonly rounds: number;
  readonly applies: number;
  /** Bytes of heap, median of the fifth after the warm-up and of the last fifth. */
  readonly early: number;
  readonly late: number;
  readonly flat: boolean;
  /** Most handles after any round of those fifths. */
  readonly earlyHandles: number;
  readonly lateHandles: number;
}

/** Whether memory stayed where it was. Needs ten rounds or more. */
export function judgeRounds(rounds: readonly Round[]): Verdict {
  const fifth = Math.floor(rounds.length * WARM_UP);
  const [first, last] = [rounds.slice(fifth, 2 * fifth), rounds.slice(-fifth)];
  const heap = (part: readonly Round[]): number => takeMedian(part.map((round) => round.heap));
  const handles = (part: readonly Round[]): number =>
    Math.max(...part.map((round) => round.handles));
  const [early, late] = [heap(first), heap(last)];
  return {
    rounds: rounds.length,
    applies: rounds.reduce((sum, { applies }) => sum + applies, 0),
    early,
    late,
    flat: late - early <= Math.max(SLACK, early * 0.05),
    earlyHandles: handles(first),
    lateHandles: handles(last),
  };
}
