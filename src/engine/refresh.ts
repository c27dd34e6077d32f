import type { Snapshot } from "../domain/plan/plan.ts";
import type { Kind, Reader } from "../domain/ports.ts";
import { failure } from "../domain/problem.ts";
import { nameResource, type LiveResource } from "../domain/resource.ts";

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
  const snapshot = new Map<string, LiveResource>();
  for (const live of lists.flat()) {
    const name = nameResource(live);
    if (snapshot.has(name)) throw failure("pbx-answer", `the PBX has ${name} twice`);
    snapshot.set(name, live);
  }
  return snapshot;
}
