import { findKind, type Snapshot } from "../../domain/plan/plan.ts";
import type { Kind, Reader } from "../../domain/ports.ts";
import type { ResourceId } from "../../domain/resource.ts";
import { refresh, refreshNamed } from "../../engine/refresh.ts";
import { kinds } from "../../kinds/index.ts";

/** A reading of the PBX that begins before it is known what all it is about. */
export interface LiveReading {
  /** Begins with the kind of a resource, unless it has been begun. */
  note(id: ResourceId): void;
  /** Everything there is of the kinds that were noted, and of the `named` resources what is looked up by its key. */
  finish(named: Iterable<ResourceId>): Promise<Snapshot>;
}

/**
 * Begins to read what every run is about, or the `chosen` kinds. Other collections are read as soon as something asks for them: who
 * manages no queues pays for none, and need not be allowed to see them.
 */
export function startReading(
  reader: Reader,
  signal: AbortSignal,
  chosen?: readonly string[],
): LiveReading {
  const started = new Map<string, Promise<Snapshot>>();
  const begin = (kind: Kind): void => {
    if (kind.scope === "named" || started.has(kind.name)) return;
    const reading = refresh(reader, [kind], signal);
    // Whoever gives up does not wait for it.
    reading.catch(() => undefined);
    started.set(kind.name, reading);
  };
  for (const kind of kinds)
    if (chosen === undefined ? kind.scope === undefined : chosen.includes(kind.name)) begin(kind);
  const isWanted = ({ kind }: ResourceId): boolean => chosen === undefined || chosen.includes(kind);
  const note = (id: ResourceId): void => {
    if (isWanted(id)) begin(findKind(kinds, id.kind));
  };

  return {
    note,
    async finish(named) {
      const ids = [...named].filter(isWanted);
      for (const id of ids) note(id);
      const byName = kinds
        .filter(({ scope }) => scope === "named")
        .map((kind) => ({
          kind,
          keys: ids.filter((id) => id.kind === kind.name).map(({ key }) => key),
        }))
        .filter(({ keys }) => keys.length > 0);
      const parts = await Promise.all([
        ...started.values(),
        ...(byName.length === 0 ? [] : [refreshNamed(reader, byName, signal)]),
      ]);
      const [only] = parts;
      return parts.length === 1 && only !== undefined
        ? only
        : new Map(parts.flatMap((part) => [...part]));
    },
  };
}
