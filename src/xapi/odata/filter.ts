import type { Query } from "../../domain/ports.ts";

/** In characters as they are sent: well below the 8 KiB that servers commonly allow a request line. */
const LONGEST_FILTER = 6_000;

export type Where = NonNullable<Query["where"]>;

/** The values in pieces of at most `most`, each of which makes a filter of bounded length. */
export function cutFilter(
  property: string,
  values: readonly (string | number)[],
  most: number,
): (string | number)[][] {
  const pieces: (string | number)[][] = [];
  let length = 0;
  for (const value of values) {
    const size = encodeURIComponent(`${writeComparison(property, value)} or `).length;
    const piece = pieces.at(-1);
    length += size;
    if (piece !== undefined && piece.length < most && length <= LONGEST_FILTER) piece.push(value);
    else {
      pieces.push([value]);
      length = size;
    }
  }
  return pieces;
}

/** `eq` joined by `or`: no PBX was seen to take `in`. */
export function writeFilter({ property, in: values }: Where): string {
  return values.map((value) => writeComparison(property, value)).join(" or ");
}

function writeComparison(property: string, value: string | number): string {
  return `${property} eq ${writeLiteral(value)}`;
}

function writeLiteral(value: string | number): string {
  return typeof value === "number" ? String(value) : `'${value.replaceAll("'", "''")}'`;
}
