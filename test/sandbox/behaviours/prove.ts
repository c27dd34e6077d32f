import { test } from "vitest";
import type { TestContext } from "vitest";
import type { Behaviour } from "../../../src/sandbox/behaviours/behaviour.ts";

/** A test for each behaviour of a chapter; the types see to it that none lacks its proof. */
export function proveAll<const B extends Behaviour>(
  behaviours: readonly B[],
  proofs: Readonly<Record<B["name"], (context: TestContext) => Promise<void>>>,
): void {
  const byName: Readonly<Record<string, (context: TestContext) => Promise<void>>> = proofs;
  // oxlint-disable-next-line vitest/expect-expect -- the proof asserts
  for (const { name, does } of behaviours) test(`${name}: ${does}`, byName[name]);
}
