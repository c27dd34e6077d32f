import * as fc from "fast-check";
import { expect, test } from "vitest";
import { setNamed } from "../../../src/sandbox/model/registry.ts";
import { createPbx } from "../../../src/sandbox/pbx/pbx.ts";
import type { Pbx } from "../../../src/sandbox/pbx/pbx.ts";
import { chooseQuirks } from "../../../src/sandbox/quirks.ts";
import { manualClock } from "../../support/pbx/raw-client.ts";
import type { ManualClock } from "../../support/pbx/raw-client.ts";

const APPS = setNamed("CallFlowApps");
const MOMENTS = ["CompilationSucceeded", "InvalidScript"] as const;

/** One thing that happens to the app. Texts are small, so that the same one is often sent again. */
type Step =
  | {
      readonly does: "write";
      readonly text: string;
      readonly good: boolean | "never";
      readonly delay: number;
    }
  | { readonly does: "wait"; readonly milliseconds: number };

const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({
    does: fc.constant("write" as const),
    text: fc.constantFrom("a", "b", "c"),
    good: fc.constantFrom(true, false, "never" as const),
    delay: fc.constantFrom(0, 100, 300),
  }),
  fc.record({ does: fc.constant("wait" as const), milliseconds: fc.constantFrom(0, 50, 100, 400) }),
);

function openPbx(clock: ManualClock): Pbx {
  return createPbx({
    version: "20.0.10",
    quirks: chooseQuirks("20.0.10"),
    clock,
    compile: {},
    compileOf: new Map(),
  });
}

async function play(steps: readonly Step[], look: (pbx: Pbx) => void): Promise<Pbx> {
  const clock = manualClock();
  const pbx = openPbx(clock);
  const app = await pbx.create(APPS, { Number: "806", Name: "desk" });
  for (const one of steps) {
    if (one.does === "wait") clock.advance(one.milliseconds);
    else {
      const verdict = one.good === "never" ? "never" : one.good ? "accept" : "refuse";
      await pbx.update(APPS, app, { ScriptCode: one.text }, { verdict, delay: one.delay });
    }
    pbx.compilations.settle();
    look(pbx);
  }
  return pbx;
}

function appOf(pbx: Pbx) {
  const [app] = pbx.store.list("CallFlowApps");
  if (app === undefined) throw new Error("no app");
  return app;
}

test("an app that ever had something to run has something to run for ever after", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step), async (steps) => {
      let ran = false;
      const pbx = await play(steps, (now) => {
        const runnable = now.compilations.runnable(appOf(now));
        expect(ran && runnable === null).toBe(false);
        ran ||= runnable !== null;
      });
      const states = pbx.compilations.history("806").map(({ runnable }) => runnable !== null);
      expect(states.lastIndexOf(false)).toBeLessThan(
        states.includes(true) ? states.indexOf(true) : Infinity,
      );
    }),
  );
});

test("only the three states of 3CX's sample are ever seen, and InvalidScript tells whether anything runs", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step), async (steps) => {
      await play(steps, (pbx) => {
        const app = appOf(pbx);
        const [succeeded, invalid] = MOMENTS.map((name) => app[name]);
        expect([succeeded, invalid]).not.toEqual([true, true]);
        expect(invalid).toBe(pbx.compilations.runnable(app) === null);
      });
    }),
  );
});

test("when nothing is being compiled, ScriptCode is what runs, or the refused text where nothing does", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step), async (steps) => {
      await play(steps, (pbx) => {
        const app = appOf(pbx);
        if (pbx.compilations.isCompiling(app)) return;
        const runnable = pbx.compilations.runnable(app);
        expect(app["ScriptCode"]).toBe(runnable ?? app["RejectedCode"] ?? "");
        const succeeded = app["CompilationSucceeded"] === true;
        expect(succeeded && app["RejectedCode"] !== null).toBe(false);
      });
    }),
  );
});

test("the history is in order of time, and every success in it has a verdict that was good", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step), async (steps) => {
      const pbx = await play(steps, () => undefined);
      const history = pbx.compilations.history("806");
      expect(history).toEqual(history.toSorted((a, b) => a.at - b.at));
      const good = new Set(
        steps.flatMap((one) => (one.does === "write" && one.good === true ? [one.text] : [])),
      );
      const compiled = history.filter(({ event }) => event === "compiled");
      expect(compiled.every(({ runnable }) => good.has(runnable ?? ""))).toBe(true);
    }),
  );
});

/** Sends the scripts, without letting time pass. */
async function sendAll(pbx: Pbx, steps: readonly Step[]): Promise<void> {
  for (const one of steps) {
    if (one.does === "wait") continue;
    const verdict = one.good === true ? "accept" : "refuse";
    await pbx.update(APPS, appOf(pbx), { ScriptCode: one.text }, { verdict, delay: one.delay });
  }
}

test("a state that was saved and loaded goes on as if nothing had been", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step), fc.array(step), async (before, after) => {
      const clock = manualClock();
      const [kept, other] = [openPbx(clock), openPbx(clock)];
      for (const pbx of [kept, other]) await pbx.create(APPS, { Number: "806", Name: "desk" });
      await sendAll(kept, before);
      await sendAll(other, before);
      const text = JSON.stringify(other.snapshot());
      const loaded = createPbx({
        version: "20.0.10",
        quirks: chooseQuirks("20.0.10"),
        clock,
        compile: {},
        compileOf: new Map(),
        snapshot: JSON.parse(text),
      });
      clock.advance(150);
      for (const pbx of [kept, loaded]) pbx.compilations.settle();
      await sendAll(kept, after);
      await sendAll(loaded, after);
      clock.advance(1000);
      for (const pbx of [kept, loaded]) pbx.compilations.settle();
      expect(loaded.snapshot()).toEqual(kept.snapshot());
    }),
    { numRuns: 50 },
  );
});
