import type { Verdict } from "../../../domain/diagnosis.ts";
import type { Kind } from "../../../domain/ports.ts";
import { NUMBER_PLAN } from "../../../engine/references/number-plan.ts";
import { PAGE_SIZE } from "../../../xapi/odata/query.ts";
import { ROLE_ADVICE, readCollection, type SignedIn } from "./collection.ts";

/** The very query of each kind, for one entity of it: every property that Callform works with. */
export async function checkReading(
  kinds: readonly Kind[],
  session: SignedIn,
): Promise<Verdict<undefined>> {
  const found: string[] = [];
  for (const { query } of kinds) {
    const result = await readCollection(query, 1, session);
    if ("state" in result) return result;
    found.push(`${query.collection} can be read${tellCount(result.count)}`);
  }
  return { state: "ok", found, value: undefined };
}

/** Pages as long as those of a plan. */
export async function checkPaging(
  kinds: readonly Kind[],
  session: SignedIn,
): Promise<Verdict<undefined>> {
  let counted = true;
  for (const { query } of kinds) {
    const result = await readCollection(
      { ...query, select: ["Id"], expand: [] },
      PAGE_SIZE,
      session,
    );
    if ("state" in result) return result;
    counted &&= result.count !== undefined;
  }
  const found = [`pages of ${PAGE_SIZE} are taken`];
  // Then it reads page after page until a short one.
  if (!counted) found.push("the PBX does not count, so pages are read one after the other");
  return { state: "ok", found, value: undefined };
}

/** What manifests may name beside their own kind. Only some need it, so that a refusal is no failure. */
export async function checkRelated(
  kinds: readonly Kind[],
  session: SignedIn,
): Promise<Verdict<undefined>> {
  const collections = new Set(kinds.flatMap(({ lookupCollections }) => lookupCollections));
  if (kinds.some(({ numbered }) => numbered)) collections.add(NUMBER_PLAN);
  const closed: string[] = [];
  for (const collection of collections) {
    const result = await readCollection({ collection, select: ["Id"] }, 1, session);
    if ("state" in result && result.status === undefined) return result;
    if ("state" in result) closed.push(`${collection} (${result.status})`);
  }
  const names = [...collections].join(", ");
  if (closed.length === 0)
    return { state: "ok", found: [`${names} can be read`], value: undefined };
  return {
    state: "warning",
    found: [`the API client may not read ${closed.join(", ")}`],
    advice: `manifests that name what is in there cannot be planned, and new numbers are not checked without ${NUMBER_PLAN}; ${ROLE_ADVICE}`,
    value: undefined,
  };
}

function tellCount(count: number | undefined): string {
  return count === undefined ? "" : `: ${count}`;
}
