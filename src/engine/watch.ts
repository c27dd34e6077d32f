import type { Clock, Entity, Kind, Reader } from "../domain/ports.ts";
import type { LiveResource } from "../domain/resource.ts";

/** In one request; also what the PBX gives at most in one answer. */
const MOST_AT_ONCE = 100;
const FEWEST_AT_ONCE = 8;
/** A look that served many is believed for so long, in milliseconds. */
const FRESH = 2_000;

/** A resource as the PBX had it at the last look. */
export interface Sighting {
  readonly live: LiveResource;
  /** As it was read, with all that a write of it needs. */
  readonly entity: Entity;
}

/** Looks at resources right before they are written: at what the next ones in line are in the same request. */
export interface Watcher {
  /** Says whose turn is going to come; the order is that of the calls. */
  expect(key: string): void;
  /** Says that nobody will look at it any more. */
  dismiss(key: string): void;
  /**
   * How a resource is now, undefined where there is none. The first look at an expected one may be up to two seconds old, each
   * further look is new. Throws ProblemError when the PBX cannot be read, and the reason on abort.
   */
  look(key: string): Promise<Sighting | undefined>;
}

export interface WatcherPorts {
  readonly reader: Reader;
  readonly clock: Clock;
  readonly abort?: AbortSignal | undefined;
}

type Sightings = ReadonlyMap<string, Sighting>;

interface Gathering {
  readonly keys: Set<string>;
  /** Those of them that nobody has looked at before. */
  readonly firsts: Set<string>;
  readonly sightings: Promise<Sightings>;
}

export function createWatcher(kind: Kind, { reader, clock, abort }: WatcherPorts): Watcher {
  const expected = new Set<string>();
  /** What was looked at ahead of its turn, and when. */
  const known = new Map<string, { readonly at: number; readonly sightings: Promise<Sightings> }>();
  let gathering: Gathering | undefined;
  /** Ends with the request under way. */
  let last: Promise<void> = Promise.resolve();
  /** How many of those came in time; the next look takes twice as many along, because scripts are long. */
  let inTime = MOST_AT_ONCE / 2;

  /** One request at a time: all who ask while it is under way share the next one. */
  function gather(key: string, isFirst: boolean): Promise<Sightings> {
    if (gathering === undefined) {
      const batch: Gathering = {
        keys: new Set(),
        firsts: new Set(),
        sightings: last.then(() => send(batch)),
      };
      gathering = batch;
      last = batch.sightings.then(ignore, ignore);
    }
    gathering.keys.add(key);
    if (isFirst) gathering.firsts.add(key);
    return gathering.sightings;
  }

  async function send({ keys, firsts, sightings }: Gathering): Promise<Sightings> {
    gathering = undefined;
    const others = firsts.size === 0 ? [] : chooseAhead(keys.size);
    for (const key of others) {
      keys.add(key);
      known.set(key, { at: clock.now(), sightings });
    }
    try {
      return await read(keys);
    } catch (error) {
      // They look for themselves: what went wrong may be over by then.
      for (const key of others) known.delete(key);
      throw error;
    }
  }

  function chooseAhead(taken: number): string[] {
    const most = Math.min(MOST_AT_ONCE, Math.max(FEWEST_AT_ONCE, 2 * inTime));
    inTime = 0;
    return [...expected].slice(0, Math.max(0, most - taken));
  }

  async function read(keys: ReadonlySet<string>): Promise<Sightings> {
    const query = kind.writeQuery ?? kind.query;
    const where = { property: kind.keyProperty, in: [...keys] };
    const entities = await reader.list({ ...query, where }, abort);
    return new Map(
      entities.map((entity) => {
        const live = kind.readEntity(entity);
        return [live.key, { live, entity }];
      }),
    );
  }

  return {
    expect: (key) => void expected.add(key),
    dismiss: (key) => void expected.delete(key),
    async look(key) {
      const isFirst = expected.delete(key);
      const early = known.get(key);
      known.delete(key);
      const isFresh = early !== undefined && clock.now() - early.at <= FRESH;
      if (isFresh) inTime += 1;
      const sightings = isFresh ? early.sightings : gather(key, isFirst);
      return (await sightings).get(key);
    },
  };
}

function ignore(): void {
  // Whoever asked is told.
}
