import * as fc from "fast-check";
import { expect, test } from "vitest";
import type { JsonObject } from "../../../src/sandbox/json.ts";
import { ENTITY_SETS, setNamed } from "../../../src/sandbox/model/registry.ts";
import { createPbx } from "../../../src/sandbox/pbx/pbx.ts";
import type { Pbx } from "../../../src/sandbox/pbx/pbx.ts";
import { chooseQuirks } from "../../../src/sandbox/quirks.ts";
import { Refusal } from "../../../src/sandbox/refusal.ts";
import { manualClock } from "../../support/pbx/raw-client.ts";

const NUMBERED = ENTITY_SETS.filter((set) => set.peerType !== undefined).map((set) => set.name);

const step = fc.record({
  set: fc.constantFrom(...NUMBERED),
  number: fc.constantFrom("100", "800", "801", "GRP0001", "10000", null),
  remove: fc.boolean(),
});

/** The least that a create of that collection takes. */
function bodyFor(set: string, number: string | null): JsonObject {
  if (set === "Trunks") return { Number: number, Gateway: { Name: "x" } };
  if (set === "Users") return { Number: number, FirstName: "x" };
  return { Number: number, Name: `x${(names += 1)}` };
}

/** Departments need names of their own. */
let names = 0;

function emptyPbx(): Pbx {
  const quirks = chooseQuirks("20.0.10", { numberAndNameOptional: true });
  return createPbx({
    version: "20.0.10",
    quirks,
    clock: manualClock(),
    compile: {},
    compileOf: new Map(),
  });
}

/** The numbers of all collections, read from each for itself. */
function numbersIn(pbx: Pbx): readonly unknown[] {
  return NUMBERED.flatMap((set) => pbx.store.list(set).map((row) => row["Number"]));
}

test("no number is ever given twice, and Peers and the plan agree with the collections", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 25 }), async (steps) => {
      const pbx = emptyPbx();
      for (const { set, number, remove } of steps) {
        const [first] = pbx.store.list(set);
        if (remove && first !== undefined) {
          pbx.remove(setNamed(set), first);
          continue;
        }
        const before = numbersIn(pbx);
        const made = await pbx.create(setNamed(set), bodyFor(set, number)).catch(asRefusal);
        expect(made instanceof Refusal).toBe(number !== null && before.includes(number));
      }
      const numbers = numbersIn(pbx);
      expect(new Set(numbers).size).toBe(numbers.length);
      const peers = pbx.store.list("Peers");
      expect(new Set(peers.map((row) => row["Number"]))).toEqual(new Set(numbers));
      expect(peers).toHaveLength(numbers.length);
      expect(peers.map((row) => Number(row["Id"]))).toEqual(
        peers.map((row) => Number(row["Id"])).toSorted((a, b) => a - b),
      );
      for (const number of numbers) expect(pbx.store.byNumber(String(number))).toBeDefined();
    }),
  );
});

test("an id is never given again", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 25 }), async (steps) => {
      const pbx = emptyPbx();
      const given: unknown[] = [];
      for (const { set, remove } of steps) {
        const row = await pbx.create(setNamed(set), bodyFor(set, null));
        given.push(row["Id"]);
        if (remove) pbx.remove(setNamed(set), row);
      }
      expect(new Set(given).size).toBe(given.length);
    }),
  );
});

test("a refused write leaves everything as it was", async () => {
  const bodies = fc.oneof(
    fc.record({ Number: fc.constantFrom("800", "x y", ""), Name: fc.constantFrom("n", "") }),
    fc.record({ Groups: fc.constant([{ GroupId: 99 }]), Name: fc.constant("changed") }),
    fc.record({ Trunk: fc.constant({ Id: 99 }), Name: fc.constant("changed") }),
    fc.record({ IsRegistered: fc.constant(false), Name: fc.constant("changed") }),
    fc.jsonValue().map((value) => ({ Foo: value })),
  );
  await fc.assert(
    fc.asyncProperty(bodies, async (body) => {
      const pbx = emptyPbx();
      const apps = setNamed("CallFlowApps");
      const app = await pbx.create(apps, { Number: "806", Name: "desk" });
      await pbx.create(setNamed("Queues"), { Number: "800" });
      const before = JSON.stringify(pbx.snapshot());
      const outcome = await pbx
        .update(apps, app, JSON.parse(JSON.stringify(body)))
        .catch(asRefusal);
      const after = JSON.stringify(pbx.snapshot());
      expect(outcome instanceof Refusal ? after : before).toBe(before);
    }),
  );
});

test("a write that was overtaken by the removal of its entity is answered with 404", async () => {
  const pbx = emptyPbx();
  const apps = setNamed("CallFlowApps");
  const app = await pbx.create(apps, { Number: "806", Name: "desk" });
  const writing = pbx
    .update(apps, app, { ScriptCode: "class A {}", Name: "late" })
    .catch(asRefusal);
  pbx.remove(apps, app);
  expect(await writing).toMatchObject({ status: 404 });
  expect(pbx.store.list("CallFlowApps")).toEqual([]);
  expect(app["Name"]).toBe("desk");
});

function asRefusal(error: unknown): Refusal {
  if (error instanceof Refusal) return error;
  throw error;
}
