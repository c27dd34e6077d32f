import { runProcess, type Command, type Usage } from "./run-process.ts";
import { describeSpread, takeMedian, type Spread } from "./statistics.ts";

export interface Comparison {
  readonly pairs: number;
  /** Callform over floor, of every pair. */
  readonly wall: Spread;
  readonly cpu: Spread;
  readonly memory: Spread;
  readonly ours: Figures;
  readonly floor: Figures;
}

/** Medians: milliseconds and bytes. */
export interface Figures {
  readonly wall: number;
  readonly cpu: number;
  readonly memory: number;
}

export interface PairOptions {
  readonly pairs: number;
  readonly onPair: (done: number, of: number) => void;
  /** Puts everything back as it was before a run. */
  readonly reset?: (() => Promise<void>) | undefined;
}

/** Runs both sides turn by turn, each first as often as the other, after one warm-up of each. */
export async function comparePair(
  ours: Command,
  floor: Command,
  options: PairOptions,
): Promise<Comparison> {
  const { pairs, onPair, reset } = options;
  const run = async (command: Command): Promise<Usage> => {
    await reset?.();
    return runProcess(command);
  };
  await run(ours);
  await run(floor);
  const taken: { ours: Usage; floor: Usage }[] = [];
  for (let pair = 0; pair < pairs; pair += 1) {
    const oursFirst = pair % 2 === 0;
    const first = await run(oursFirst ? ours : floor);
    const second = await run(oursFirst ? floor : ours);
    taken.push(oursFirst ? { ours: first, floor: second } : { ours: second, floor: first });
    onPair(pair + 1, pairs);
  }
  const ratio = (pick: keyof Figures): Spread =>
    describeSpread(taken.map((pair) => pair.ours[pick] / pair.floor[pick]));
  const figures = (side: "ours" | "floor"): Figures => {
    const median = (pick: keyof Figures): number =>
      takeMedian(taken.map((pair) => pair[side][pick]));
    return { wall: median("wall"), cpu: median("cpu"), memory: median("memory") };
  };
  return {
    pairs,
    wall: ratio("wall"),
    cpu: ratio("cpu"),
    memory: ratio("memory"),
    ours: figures("ours"),
    floor: figures("floor"),
  };
}
