import pLimit from "p-limit";
import type { Entity, Query, Reader } from "../../domain/ports.ts";
import { failure, ProblemError } from "../../domain/problem.ts";
import { expectStatus, type Send } from "./answer.ts";
import { cutFilter, type Where } from "./filter.ts";
import { buildListPath, PAGE_SIZE, parseListAnswer, type ListAnswer } from "./query.ts";

const PARALLEL_PAGES = 12;
/** So often a list that changes under the reading is read anew. */
const MAX_READINGS = 4;
/** Far more than a PBX has of anything: who answers with more than this counts or repeats without end. */
const MAX_ENTITIES = 100_000;
/**
 * ASP.NET's OData, whose words a PBX uses for a `$top` above 100, by default also refuses a filter of more than 100 nodes: 20
 * comparisons, or 16 of a property that may be null (RESTier issue 579, and a Dutch open data portal that measured it).
 */
const SURE_OF_FILTER = 16;

/** Told how many entities are read so far, and of how many. */
export type OnPage = (read: number, total: number) => void;

/** The reading half of the client: whole collections in parallel pages, or entities by a filter. */
export function createReader(send: Send, onPage: OnPage | undefined): Reader {
  // Looking a few things up is no progress worth telling, and a poll would drown what is.
  const tell = (query: Query, read: number, total: number): void => {
    if (query.where === undefined) onPage?.(read, total);
  };

  let longest = PAGE_SIZE;

  async function readPage(
    query: Query,
    skip: number,
    signal: AbortSignal | undefined,
  ): Promise<ListAnswer> {
    const path = buildListPath(query, { top: PAGE_SIZE, skip, count: skip === 0 });
    const outcome = await send({ method: "GET", path, retry: "always", signal });
    const body = expectStatus(outcome, [200], `GET ${query.collection}`);
    const answer = parseListAnswer(body);
    if (answer !== undefined) return answer;
    throw failure(
      "pbx-answer",
      `the PBX answered GET ${query.collection} with something that is no list`,
      {
        hint: "check that the URL leads to a 3CX V20 PBX and not to a proxy in front of it",
      },
    );
  }

  async function readOnce(
    query: Query,
    signal: AbortSignal | undefined,
  ): Promise<Entity[] | undefined> {
    const first = await readPage(query, 0, signal);
    tell(query, first.value.length, first.count ?? first.value.length);
    if (first.count === undefined) return readUntilShort(query, first.value, signal);
    if (first.count > MAX_ENTITIES) throw explainExcess(query, first.count);
    if (first.value.length < Math.min(first.count, PAGE_SIZE)) return undefined;
    const skips: number[] = [];
    for (let skip = PAGE_SIZE; skip < first.count; skip += PAGE_SIZE) skips.push(skip);
    const limit = pLimit(PARALLEL_PAGES);
    let read = first.value.length;
    const pages = await Promise.all(
      skips.map((skip) =>
        limit(async () => {
          const page = await readPage(query, skip, signal);
          read += page.value.length;
          tell(query, read, first.count ?? read);
          return page.value;
        }),
      ),
      // Once one page cannot be read, the others are of no use.
    ).finally(() => limit.clearQueue());
    const entities = [...first.value, ...pages.flat()];
    return entities.length === first.count && allDistinct(entities) ? entities : undefined;
  }

  /** For a PBX that does not count: page after page until a short one. */
  async function readUntilShort(
    query: Query,
    first: readonly Entity[],
    signal: AbortSignal | undefined,
  ): Promise<Entity[] | undefined> {
    const entities = [...first];
    let page = first;
    while (page.length === PAGE_SIZE) {
      page = (await readPage(query, entities.length, signal)).value;
      entities.push(...page);
      tell(query, entities.length, entities.length);
      // Checked at every page: who ignores $skip gives the first one for ever.
      if (!allDistinct(entities)) return undefined;
      if (entities.length > MAX_ENTITIES) throw explainExcess(query, entities.length);
    }
    return allDistinct(entities) ? entities : undefined;
  }

  async function readWhole(query: Query, signal: AbortSignal | undefined): Promise<Entity[]> {
    for (let reading = 1; reading <= MAX_READINGS; reading += 1) {
      const entities = await readOnce(query, signal);
      if (entities !== undefined) return entities;
    }
    throw failure(
      "pbx-changing",
      `${query.collection} changed during each of ${MAX_READINGS} readings, so there is no one state to plan on`,
      { hint: "somebody is adding or removing objects right now; try again when that is done" },
    );
  }

  /** All at once where the PBX takes so long a filter; from its first refusal on in pieces that every one should take. */
  async function readMatching(
    query: Query,
    { property, in: values }: Where,
    signal: AbortSignal | undefined,
  ): Promise<Entity[]> {
    const pieces = cutFilter(property, [...new Set(values)], longest);
    const found = await Promise.all(
      pieces.map(async (piece) => {
        const where = { property, in: piece };
        try {
          return await readWhole({ ...query, where }, signal);
        } catch (error) {
          if (!isRefusal(error) || piece.length <= SURE_OF_FILTER) throw error;
          longest = SURE_OF_FILTER;
          return readMatching(query, where, signal);
        }
      }),
    );
    return found.flat();
  }

  return {
    async list(query, signal) {
      if (query.where === undefined) return readWhole(query, signal);
      const found = await readMatching(query, query.where, signal);
      return found.toSorted((a, b) => Number(a["Id"]) - Number(b["Id"]));
    },
  };
}

function isRefusal(error: unknown): boolean {
  return (
    error instanceof ProblemError && error.problems.every(({ code }) => code === "pbx-refused")
  );
}

function explainExcess({ collection }: Query, count: number): ProblemError {
  return failure("pbx-answer", `the PBX says that it has ${count} ${collection}, which cannot be`, {
    hint: "check that the URL leads to a 3CX V20 PBX and not to a proxy in front of it",
  });
}

function allDistinct(entities: readonly Entity[]): boolean {
  return new Set(entities.map((entity) => entity["Id"])).size === entities.length;
}
