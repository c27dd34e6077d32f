import type { Clock, Reader, Settlement, SettleRule, Kind } from "../domain/ports.ts";
import { failure } from "../domain/problem.ts";
import { nameResource, type LiveResource, type ResourceId } from "../domain/resource.ts";

const FIRST_TICK = 150;
const LONGEST_TICK = 1_000;

export interface SettleRequest {
  readonly resource: ResourceId;
  readonly id: number;
  /** The text that was written. */
  readonly sent: string;
  /** The last reading from before the write. */
  readonly before: LiveResource | undefined;
  readonly signal?: AbortSignal | undefined;
}

export interface Settled {
  readonly settlement: Exclude<Settlement, { state: "waiting" }>;
  readonly reading: LiveResource;
}

export interface Settler {
  /** Waits until the PBX has judged what was written. Throws ProblemError when it does not in time, and the reason on abort. */
  settle(request: SettleRequest): Promise<Settled>;
}

interface Waiting extends SettleRequest {
  readonly started: number;
  resolve(settled: Settled): void;
  reject(reason: unknown): void;
}

export interface SettlerPorts {
  readonly reader: Reader;
  readonly clock: Clock;
  /** Drops a poll in flight. */
  readonly abort?: AbortSignal | undefined;
}

/** One poll request a tick for all that wait, however many; the ticks grow from 150 ms to a second. */
export function createSettler(kind: Kind, rule: SettleRule, ports: SettlerPorts): Settler {
  const { reader, clock, abort } = ports;
  const waiting = new Set<Waiting>();
  let polling = false;

  async function poll(): Promise<void> {
    try {
      while (waiting.size > 0) {
        await sleepUntilNextTick();
        dropStopped();
        if (waiting.size > 0) await judgeAll([...waiting]);
      }
    } catch (error) {
      rejectAll([...waiting], error);
    } finally {
      // Before anybody who was told can ask for more, or nobody would poll for them.
      polling = false;
    }
  }

  async function sleepUntilNextTick(): Promise<void> {
    const youngest = Math.max(...[...waiting].map(({ started }) => started));
    const tick = Math.min(LONGEST_TICK, Math.max(FIRST_TICK, (clock.now() - youngest) / 2));
    const signals = new Set([...waiting].flatMap(({ signal }) => signal ?? []));
    try {
      await clock.sleep(tick, AbortSignal.any([...signals]));
    } catch (error) {
      // Those whose signal it was are told; the others go on.
      if (![...signals].some(({ aborted }) => aborted)) throw error;
    }
  }

  function dropStopped(): void {
    for (const item of waiting)
      if (item.signal?.aborted === true) settleWith(item, () => item.reject(item.signal?.reason));
  }

  async function judgeAll(round: readonly Waiting[]): Promise<void> {
    try {
      const readings = await readAll(round);
      for (const item of round) judge(item, readings.get(item.id));
    } catch (error) {
      rejectAll(round, error);
    }
  }

  async function readAll(round: readonly Waiting[]): Promise<Map<number, LiveResource>> {
    const query = { ...rule.query, where: { property: "Id", in: round.map(({ id }) => id) } };
    const entities = (await reader.list(query, abort)).map((entity) => kind.readEntity(entity));
    return new Map(entities.map((live) => [live.id, live]));
  }

  function judge(item: Waiting, reading: LiveResource | undefined): void {
    const name = nameResource(item.resource);
    if (reading === undefined)
      return settleWith(item, () =>
        item.reject(
          failure("pbx-conflict", `${name} was removed by somebody else meanwhile`, {
            subject: name,
          }),
        ),
      );
    const elapsed = clock.now() - item.started;
    const settlement = rule.reduce(item.before, item.sent, reading, elapsed);
    if (settlement.state !== "waiting")
      return settleWith(item, () => item.resolve({ settlement, reading }));
    if (elapsed >= rule.timeout) settleWith(item, () => item.reject(late(name, rule.timeout)));
  }

  function rejectAll(items: readonly Waiting[], reason: unknown): void {
    for (const item of items) settleWith(item, () => item.reject(reason));
  }

  function settleWith(item: Waiting, finish: () => void): void {
    waiting.delete(item);
    finish();
  }

  return {
    settle: (request) =>
      new Promise<Settled>((resolve, reject) => {
        waiting.add({ ...request, started: clock.now(), resolve, reject });
        if (polling) return;
        polling = true;
        void poll();
      }),
  };
}

function late(name: string, timeout: number): unknown {
  return failure(
    "compile-timeout",
    `the PBX has not said within ${timeout / 1000} seconds whether it takes the script`,
    {
      subject: name,
      hint: "look with `callform status`; running apply again is safe",
    },
  );
}
