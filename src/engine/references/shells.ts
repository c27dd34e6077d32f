import { nameResource } from "../../domain/resource.ts";
import { isDelete, type PlannedResource, type PlannedWrite } from "../../domain/plan/plan.ts";
import { listComing, listLeads } from "./leads.ts";

/**
 * The creates that something else in the plan leads to. They are made first, with identity and name alone, and everything is
 * wired afterwards: menus lead to each other in circles, so there is no order in which each could be finished before the next.
 * What settles is none of them: it is applied whole before what leads to it.
 */
export function listShells(work: readonly PlannedResource[]): PlannedWrite[] {
  const coming = listComing(work);
  const shells = new Map<string, PlannedWrite>();
  for (const { number, item } of listLeads(work)) {
    const target = coming.get(number);
    if (target === undefined || target === item || target.kind.settle !== undefined) continue;
    shells.set(nameResource(target.change), target);
  }
  return [...shells.values()];
}

/** The shells that an item leads to: where one of them could not be made, it cannot be wired. */
export function shellsOf(item: PlannedResource, shells: readonly PlannedWrite[]): PlannedWrite[] {
  if (isDelete(item)) return [];
  const numbers = new Set(listLeads([item]).map(({ number }) => number));
  return shells.filter(({ change }) => change.key !== item.change.key && numbers.has(change.key));
}
