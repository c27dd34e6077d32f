import { isObject } from "../json.ts";
import { asList } from "./links.ts";
import type { Row } from "./types.ts";

const ROUTES = 5;
const NO_ROUTE = {
  Append: "",
  CallerID: "",
  Prepend: "",
  StripDigits: 0,
  TrunkId: -1,
  TrunkName: "",
};

/**
 * Puts an outbound rule into the form in which it reads back: neighbouring prefixes as a range, a
 * range of one without its end, always five routes.
 */
export function rewriteOutboundRule(row: Row): void {
  const { Prefix: prefix } = row;
  if (typeof prefix === "string") row["Prefix"] = joinNeighbours(prefix.split(","));
  row["DNRanges"] = asList(row["DNRanges"]).map((range) =>
    isObject(range) && range["To"] === range["From"] ? { From: range["From"] ?? null } : range,
  );
  const routes = asList(row["Routes"]).slice(0, ROUTES);
  row["Routes"] = Array.from({ length: ROUTES }, (_, index) => routes[index] ?? NO_ROUTE);
}

function joinNeighbours(prefixes: readonly string[]): string {
  const runs: { readonly first: string; readonly last: string }[] = [];
  for (const prefix of prefixes.map((part) => part.trim())) {
    const run = runs.at(-1);
    if (run !== undefined && follows(run.last, prefix))
      runs[runs.length - 1] = { first: run.first, last: prefix };
    else runs.push({ first: prefix, last: prefix });
  }
  return runs.map(({ first, last }) => (first === last ? first : `${first}-${last}`)).join(",");
}

function follows(before: string, after: string): boolean {
  return /^\d+$/u.test(before) && /^\d+$/u.test(after) && Number(after) === Number(before) + 1;
}
