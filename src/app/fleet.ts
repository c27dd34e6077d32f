import pLimit from "p-limit";
import { hasErrors, ProblemError, type Problem } from "../domain/problem.ts";
import {
  nameTarget,
  resolveConnection,
  type Connection,
  type Flags,
  type Settings,
} from "./settings/resolve.ts";

const STOPPED = "the run was stopped";

/** One target and the PBX it stands for. */
export interface FleetTarget {
  readonly name: string;
  readonly settings: Settings;
  readonly connection: Connection;
}

/** How the work on one target ended. */
export type FleetOutcome<T> = { readonly name: string } & (
  | { readonly state: "done"; readonly value: T }
  | { readonly state: "failed"; readonly problems: readonly Problem[] }
  /** Not begun, because an earlier wave failed or the run was stopped. */
  | { readonly state: "skipped"; readonly reason: string }
);

export interface FleetRequest<T> {
  readonly flags: Flags;
  readonly fleet: readonly Settings[];
  /** Whether a wave waits for the ones before it, and is skipped when one of their targets did not succeed. */
  readonly waves: boolean;
  readonly work: (target: FleetTarget) => Promise<T>;
  /** Whether what the work gave is a success, for the waves after it. */
  readonly succeeded: (value: T) => boolean;
  readonly onFinished: (outcome: FleetOutcome<T>, finished: number, total: number) => void;
  readonly stop: AbortSignal;
}

/**
 * The same work on every target of a fleet, side by side, and how each ended, in the fleet's order. What goes wrong with one
 * (a ProblemError) does not touch the others; anything else is thrown when all have come to rest. Targets that share an API
 * client take turns, because 3CX keeps one live token per client (3cx.md, section 1).
 */
export async function runFleet<T>(request: FleetRequest<T>): Promise<FleetOutcome<T>[]> {
  const { fleet, waves } = request;
  const outcomes = new Map<Settings, FleetOutcome<T>>();
  const numbers = waves ? [...new Set(fleet.map(waveOf))].toSorted((a, b) => a - b) : [undefined];
  let failedWave: number | undefined;
  for (const number of numbers) {
    const wave = fleet.filter((settings) => number === undefined || waveOf(settings) === number);
    const ended = await runWave(request, wave, failedWave, outcomes.size);
    for (const [index, settings] of wave.entries()) {
      const outcome = ended[index];
      if (outcome !== undefined) outcomes.set(settings, outcome);
    }
    if (failedWave === undefined && !ended.every((outcome) => isSuccess(request, outcome)))
      failedWave = number;
  }
  return fleet.flatMap((settings) => outcomes.get(settings) ?? []);
}

async function runWave<T>(
  request: FleetRequest<T>,
  wave: readonly Settings[],
  failedWave: number | undefined,
  before: number,
): Promise<FleetOutcome<T>[]> {
  const { onFinished, stop, fleet } = request;
  const limit = pLimit(fleet[0]?.parallel ?? 1);
  const takeTurns = createTurns();
  let finished = before;
  const runs = wave.map((settings) =>
    limit(async (): Promise<FleetOutcome<T>> => {
      const name = nameTarget(settings);
      const outcome: FleetOutcome<T> =
        failedWave !== undefined
          ? { name, state: "skipped", reason: `wave ${failedWave} did not succeed` }
          : stop.aborted
            ? { name, state: "skipped", reason: STOPPED }
            : await runTarget(request, settings, takeTurns);
      finished += 1;
      onFinished(outcome, finished, fleet.length);
      return outcome;
    }),
  );
  const settled = await Promise.allSettled(runs);
  return settled.map((result) => {
    if (result.status === "rejected") throw result.reason;
    return result.value;
  });
}

async function runTarget<T>(
  { flags, work, stop }: FleetRequest<T>,
  settings: Settings,
  takeTurns: Turns,
): Promise<FleetOutcome<T>> {
  const name = nameTarget(settings);
  const run = async (): Promise<T> => {
    const connection = await resolveConnection(flags, settings);
    return takeTurns(`${connection.origin} ${connection.clientId}`, () =>
      work({ name, settings, connection }),
    );
  };
  const [result] = await Promise.allSettled([run()]);
  if (result.status === "fulfilled") return { name, state: "done", value: result.value };
  const { reason } = result;
  if (reason instanceof ProblemError && hasErrors(reason.problems))
    return { name, state: "failed", problems: reason.problems };
  if (stop.aborted) return { name, state: "skipped", reason: STOPPED };
  throw reason;
}

function isSuccess<T>({ succeeded }: FleetRequest<T>, outcome: FleetOutcome<T>): boolean {
  return outcome.state === "done" && succeeded(outcome.value);
}

type Turns = <T>(key: string, work: () => Promise<T>) => Promise<T>;

/** Runs what has the same key one after the other. */
function createTurns(): Turns {
  const last = new Map<string, Promise<unknown>>();
  return (key, work) => {
    const turn = (last.get(key) ?? Promise.resolve()).then(work, work);
    last.set(
      key,
      turn.catch(() => undefined),
    );
    return turn;
  };
}

function waveOf({ target }: Settings): number {
  return target?.wave ?? 1;
}
