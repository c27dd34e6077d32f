import { createHash } from "node:crypto";
import path from "node:path";

/** What the laws are tried with: the same worlds for the same commit, and others from file to file. */
export const SEEDS: readonly number[] = [
  20_260_105, 1, 7, 42, 806, 4711, 65_537, 99_991, 271_828, 314_159, 1_414_213, 1_618_033,
  2_718_281, 3_141_592, 27_182_818, 161_803_398,
];

/** Where `npm run fuzz` leaves the seed of a round. */
export const SEED_VARIABLE = "CALLFORM_TEST_SEED";

const TESTS = path.resolve(import.meta.dirname, "../..");

/** The seed of every law in a file of tests: one of the list, or the one that was asked for. */
export function chooseSeed(file: string, asked = process.env[SEED_VARIABLE]): number {
  if (asked !== undefined && asked !== "") return readSeed(asked);
  const name = path.relative(TESTS, file).split(path.sep).join("/");
  const place = createHash("sha256").update(name).digest().readUInt32BE() % SEEDS.length;
  return SEEDS[place] ?? 0;
}

function readSeed(text: string): number {
  const seed = Number(text);
  if (!/^-?\d+$/.test(text) || seed !== (seed | 0))
    throw new Error(`${SEED_VARIABLE} is a whole number of 32 bits, not ${text}`);
  return seed;
}
