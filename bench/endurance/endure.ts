import { main, type Process } from "../../src/cli/main.ts";
import { EventEmitter } from "node:events";
import { PassThrough } from "node:stream";
import { drawFaults } from "./faults.ts";
import { createRandom } from "./random.ts";
import { createWorld, findLosses, moveWorld, type EndurancePbx } from "./world.ts";

export interface EnduranceOptions {
  readonly root: string;
  readonly pbx: EndurancePbx;
  readonly seed: number;
  /** Asked before each round whether there is to be another. */
  readonly goOn: (rounds: number) => boolean;
  readonly onRound?: (round: Round) => void;
}

export interface Round {
  readonly number: number;
  /** Applies it took until one succeeded. */
  readonly applies: number;
  /** Bytes of heap in use. */
  readonly heap: number;
  /** Timers, sockets and the like that keep the process alive. */
  readonly handles: number;
}

/** So often a round is applied under its faults; then they are taken away. */
const FAULTY_APPLIES = 2;
const MOST_APPLIES = 5;

/**
 * Plans, edits, applies and looks for drift over and over, in this process, while things go wrong; the same seed gives the same
 * story. Throws when something is lost: an update of Git's or of the console's, or a PBX that does not reach what Git says.
 */
export async function endure({
  root,
  pbx,
  seed,
  goOn,
  onRound,
}: EnduranceOptions): Promise<Round[]> {
  const random = createRandom(seed);
  const world = createWorld();
  const rounds: Round[] = [];
  const run = (...args: string[]): Promise<Ran> => runHere(args, root, pbx.env);
  while (goOn(rounds.length)) {
    const number = rounds.length + 1;
    const fail = (what: string): Error => new Error(`seed ${seed}, round ${number}: ${what}`);
    await pbx.setFaults([]);
    await moveWorld(world, pbx, root, random);
    await pbx.setFaults(drawFaults(random));
    await run("plan");
    let applies = 0;
    for (let done = false; !done;) {
      applies += 1;
      if (applies > FAULTY_APPLIES) await pbx.setFaults([]);
      const applied = await run("apply", "--yes");
      done = applied.code === 0;
      if (!done && applies === MOST_APPLIES) throw fail(`apply never succeeded:\n${applied.text}`);
    }
    await pbx.setFaults([]);
    const drift = await run("drift");
    if (drift.code !== 0) throw fail(`drift after an apply:\n${drift.text}`);
    const losses = await findLosses(world, pbx);
    if (losses.length > 0) throw fail(losses.join("; "));
    const round = { number, applies, ...measureProcess() };
    rounds.push(round);
    onRound?.(round);
  }
  return rounds;
}

interface Ran {
  readonly code: number;
  readonly text: string;
}

async function runHere(
  args: readonly string[],
  root: string,
  env: Readonly<Record<string, string>>,
): Promise<Ran> {
  let text = "";
  const collect = (): PassThrough => {
    const stream = new PassThrough();
    stream.on("data", (chunk: Buffer) => (text += chunk.toString()));
    return stream;
  };
  const surroundings = Object.assign(new EventEmitter(), {
    stdin: new PassThrough(),
    stdout: collect(),
    stderr: collect(),
    env,
    cwd: () => root,
  });
  const code = await main(args, surroundings as unknown as Process);
  return { code, text };
}

function measureProcess(): Pick<Round, "heap" | "handles"> {
  const collect: unknown = Reflect.get(globalThis, "gc");
  if (typeof collect === "function") Reflect.apply(collect, undefined, []);
  return { heap: process.memoryUsage().heapUsed, handles: process.getActiveResourcesInfo().length };
}
