import { distance } from "fastest-levenshtein";
import { isDelete, type PlannedResource, type PlannedWrite } from "../../domain/plan/plan.ts";
import type { Entity, Lead, Reader } from "../../domain/ports.ts";
import type { Problem } from "../../domain/problem.ts";
import { nameResource, type ResourceId } from "../../domain/resource.ts";
import { reveal } from "../../domain/secret.ts";
import { NUMBER_PLAN, readUnlessForbidden } from "./number-plan.ts";

/** A number that a changed field leads to. */
export interface UsedLead extends Lead {
  readonly field: string;
  readonly item: PlannedWrite;
}

/** Every number that the changed fields lead to, in the order of the plan. */
export function listLeads(work: readonly PlannedResource[]): UsedLead[] {
  return work.flatMap((item) => {
    if (isDelete(item)) return [];
    return item.change.fields.flatMap(({ field }) => {
      const value = item.desired.fields[field];
      const leads = value === undefined ? [] : (item.kind.leads?.(field, reveal(value)) ?? []);
      return leads.map((lead) => ({ ...lead, field, item }));
    });
  });
}

/** The creates of a plan by their numbers. */
export function listComing(work: readonly PlannedResource[]): Map<string, PlannedWrite> {
  const creates = work.filter(
    (item): item is PlannedWrite => item.kind.numbered && item.change.op === "create",
  );
  return new Map(creates.map((item) => [item.change.key, item]));
}

/** What must be applied before: creates of something that settles, which may be refused and go away again. */
export function needsByLeads(
  item: PlannedResource,
  coming: ReadonlyMap<string, PlannedWrite>,
): ResourceId[] {
  return listLeads([item]).flatMap(({ number }) => {
    const target = coming.get(number);
    return target === undefined || target.kind.settle === undefined ? [] : [target.change];
  });
}

interface Holder {
  readonly type: string;
  readonly name: string;
}

/**
 * Problems of numbers that nobody has, or that something of another kind has, each once, at the first place that names it. What the
 * same plan makes counts, what it deletes does not.
 */
export async function judgeLeads(
  reader: Reader,
  work: readonly PlannedResource[],
  signal?: AbortSignal,
): Promise<readonly Problem[]> {
  const coming = listComing(work);
  const going = new Map(
    work
      .filter((item) => isDelete(item) && item.kind.numbered)
      .map((item) => [item.change.key, item]),
  );
  const leads = groupLeads(listLeads(work));
  const asked = leads.map(([{ number }]) => number).filter((number) => !coming.has(number));
  const holders = asked.length === 0 ? new Map() : await readHolders(reader, asked, signal);
  // Whoever may not see the number plan hears it from the PBX itself, at the write.
  if (holders === undefined) return [];
  const judge = (number: string): Holder | "going" | undefined => {
    const made = coming.get(number);
    if (made !== undefined) return { type: made.kind.peerType ?? made.kind.name, name: "" };
    return going.has(number) ? "going" : holders.get(number);
  };
  const wrong = leads.filter(([{ number, holds }]) => {
    const holder = judge(number);
    if (holder === undefined || holder === "going") return true;
    return holds !== undefined && holder.type !== "" && holder.type !== holds;
  });
  const isMissing = wrong.some(([{ number }]) => judge(number) === undefined);
  const all = isMissing ? await readHolders(reader, undefined, signal) : undefined;
  return wrong.map(([lead, ...more]) =>
    describeLead(lead, more.length, judge(lead.number), all ?? new Map()),
  );
}

type Group = readonly [UsedLead, ...UsedLead[]];

function groupLeads(leads: readonly UsedLead[]): Group[] {
  const groups = new Map<string, [UsedLead, ...UsedLead[]]>();
  for (const lead of leads) {
    const name = `${lead.number} ${lead.holds ?? ""}`;
    const group = groups.get(name);
    if (group === undefined) groups.set(name, [lead]);
    else group.push(lead);
  }
  return [...groups.values()];
}

/** Who has which number; of all numbers, without `numbers`. Undefined where the client may not know. */
async function readHolders(
  reader: Reader,
  numbers: readonly string[] | undefined,
  signal: AbortSignal | undefined,
): Promise<Map<string, Holder> | undefined> {
  const where = numbers && { property: "Number", in: [...new Set(numbers)].toSorted() };
  const query = {
    collection: NUMBER_PLAN,
    select: ["Id", "Number", "Name", "Type"],
    ...(where === undefined ? {} : { where }),
  };
  const peers = await readUnlessForbidden(reader, query, signal);
  return peers && new Map(peers.map((peer) => [textOf(peer, "Number"), holderOf(peer)]));
}

function holderOf(peer: Entity): Holder {
  return { type: textOf(peer, "Type"), name: textOf(peer, "Name") };
}

function textOf(peer: Entity, property: string): string {
  const value = peer[property];
  return typeof value === "string" ? value : "";
}

function describeLead(
  { number, holds, field, path, item }: UsedLead,
  more: number,
  holder: Holder | "going" | undefined,
  all: ReadonlyMap<string, Holder>,
): Problem {
  const { fieldSpans } = item.desired;
  const at = fieldSpans[[field, ...path].join("/")] ?? fieldSpans[field];
  const others = more === 0 ? "" : ` (named in ${more} more ${more === 1 ? "place" : "places"})`;
  const head = {
    severity: "error" as const,
    code: "number-missing",
    subject: nameResource(item.change),
    ...(at === undefined ? {} : { at }),
  };
  if (holder === "going")
    return {
      ...head,
      message: `${field} leads to ${number}, which this plan deletes${others}`,
      hint: "let it lead somewhere else, or keep what has that number",
    };
  if (holder !== undefined)
    return {
      ...head,
      code: "number-other-kind",
      message: `${field} says that ${number} is of type ${holds}, and on the PBX it is of type ${holder.type}${others}`,
      hint: "correct the number, or what is said of it",
    };
  return {
    ...head,
    message: `${field} leads to ${number}, and nothing on the PBX has that number${others}`,
    hint: adviseNumber(number, holds, all),
  };
}

/** Numbers that are one slip away, those of the right kind first. */
function adviseNumber(
  number: string,
  holds: string | undefined,
  all: ReadonlyMap<string, Holder>,
): string {
  const near = [...all]
    .filter(([other]) => other !== "" && distance(other, number) === 1)
    .toSorted(([a, one], [b, two]) => rank(one) - rank(two) || (a < b ? -1 : 1))
    .slice(0, 3)
    .map(([other, { type, name }]) => `${other} (${[type, name].filter(Boolean).join(" ")})`);
  if (near.length > 0) return `did you mean ${near.join(" or ")}?`;
  return "write a manifest for it, create it in the admin console, or correct the number";

  function rank({ type }: Holder): number {
    return type === holds ? 0 : 1;
  }
}
