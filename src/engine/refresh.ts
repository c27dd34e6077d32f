import type { Snapshot } from "../domain/plan/plan.ts";
import type { Kind, Reader } from "../domain/ports.ts";
import { failure } from "../domain/problem.ts";
import { nameResource, type LiveResource } from "../domain/resource.ts";

/** What a run is about: kinds of which it reads all, and for the others the keys that it names. */
export interface Named {
  readonly kind: Kind;
  readonly keys: readonly string[];
}

/** Those of a kind that have one of the keys. Throws ProblemError when two carry the same. */
export async function refreshNamed(
  reader: Reader,
  named: readonly Named[],
  signal?: AbortSignal,
): Promise<Snapshot> {
  const lists = await Promise.all(
    named.map(async ({ kind, keys }) => {
      const where = { property: kind.keyProperty, in: [...new Set(keys)].toSorted() };
      const entities = await reader.list({ ...kind.query, where }, signal);
      return entities.map((entity) => kind.readEntity(entity));
    }),
  );
  return collect(lists.flat());
}

/** One read of everything the PBX has of these kinds. Throws ProblemError when two objects carry the same key. */
export async function refresh(
  reader: Reader,
  kinds: readonly Kind[],
  signal?: AbortSignal,
): Promise<Snapshot> {
  const lists = await Promise.all(
    kinds.map(async (kind) => {
      const entities = await reader.list(kind.query, signal);
      return entities.map((entity) => kind.readEntity(entity));
    }),
  );
  return collect(lists.flat());
}

function collect(resources: readonly LiveResource[]): Snapshot {
  const snapshot = new Map<string, LiveResource>();
  for (const live of resources) {
    const name = nameResource(live);
    if (snapshot.has(name)) throw failure("pbx-answer", `the PBX has ${name} twice`);
    snapshot.set(name, live);
  }
  return snapshot;
}
