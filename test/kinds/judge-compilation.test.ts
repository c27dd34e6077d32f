import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Entity, Settlement } from "../../src/domain/ports.ts";
import type { Json } from "../../src/domain/json.ts";
import type { LiveResource } from "../../src/domain/resource.ts";
import { judgeCompilation } from "../../src/kinds/compile.ts";
import { callFlowApp } from "../../src/kinds/call-flow-app.ts";
import { callFlowAppCase, makeLive, scriptText } from "../support/worlds/arbitraries.ts";

const GRACE = 4_000;
const STALE_GRACE = 15_000;
const SENT = "class New { }\nend";
const OLD = "class Old { }";
const MONDAY = "2026-09-07T08:00:00Z";
const TUESDAY = "2026-09-08T08:00:00Z";
const ERROR = ":[7..10)E:CS0103:\nThe name 'New' does not exist";
const WARNING = ":[7..10)W:CS0105:\nTwice";

const RUNS_OLD: Entity = {
  ScriptCode: OLD,
  CompilationSucceeded: true,
  InvalidScript: false,
  CompilationResult: "",
  CompilationLastSuccess: MONDAY,
  RejectedCode: null,
};
const LIVE: Entity = { ...RUNS_OLD, ScriptCode: SENT, CompilationLastSuccess: TUESDAY };
const KEPT_OLD: Entity = {
  ...RUNS_OLD,
  CompilationSucceeded: false,
  CompilationResult: ERROR,
  RejectedCode: SENT,
};
const NOTHING_RUNS: Entity = {
  ScriptCode: SENT,
  CompilationSucceeded: false,
  InvalidScript: true,
  CompilationResult: ERROR,
  CompilationLastSuccess: null,
  RejectedCode: null,
};

function read(entity: Entity): LiveResource {
  return makeLive(callFlowApp, "806", entity);
}

/** `before` undefined: the app is new. */
function judge(before: Entity | undefined, reading: Entity, elapsed = 0): Settlement {
  return judgeCompilation(before && read(before), SENT, read(reading), elapsed);
}

const WAITING = { state: "waiting" };
const REFUSED = { state: "refused", runnable: true };
const REFUSED_DEAD = { state: "refused", runnable: false };

function turnText(value: Json | undefined): Json {
  return typeof value === "string" ? value.replaceAll(/\r\n|\r|\n/g, "\r\n") : (value ?? null);
}

/** The same reading from a PBX that keeps Windows line ends. */
function turnLineEnds({ fields, status, ...live }: LiveResource): LiveResource {
  return {
    ...live,
    fields: { ...fields, scriptCode: turnText(fields["scriptCode"]) },
    status: { ...status, rejectedCode: turnText(status["rejectedCode"]) },
  };
}

describe("a script that the PBX takes", () => {
  it.each([
    ["at an app that ran another", RUNS_OLD, LIVE],
    ["at a new app", undefined, LIVE],
    ["after a refused one", KEPT_OLD, LIVE],
    ["at an app where nothing ran", { ...NOTHING_RUNS, ScriptCode: OLD }, LIVE],
    [
      "stored with Windows line ends",
      RUNS_OLD,
      { ...LIVE, ScriptCode: SENT.replace("\n", "\r\n") },
    ],
    [
      "stored with a byte order mark and blanks",
      RUNS_OLD,
      { ...LIVE, ScriptCode: `\uFEFF${SENT} \n` },
    ],
    ["with warnings", RUNS_OLD, { ...LIVE, CompilationResult: WARNING }],
    ["where the PBX does not tell of invalid scripts", RUNS_OLD, { ...LIVE, InvalidScript: null }],
  ])("is live at once: %s", (_, before, reading) => {
    expect(judge(before, reading)).toEqual({ state: "live" });
  });

  it.each([
    ["it shows the old text still", RUNS_OLD],
    [
      "it shows the new text, but the success of the old one",
      { ...LIVE, CompilationLastSuccess: MONDAY },
    ],
    [
      "it shows the old text with a new success of somebody else's",
      { ...RUNS_OLD, CompilationLastSuccess: TUESDAY },
    ],
    ["it says nothing of success", { ...LIVE, CompilationSucceeded: null }],
  ])("is waited for, however long, while %s", (_, reading) => {
    expect(judge(RUNS_OLD, reading)).toEqual(WAITING);
    expect(judge(RUNS_OLD, reading, 10 * GRACE)).toEqual(WAITING);
  });

  it("is believed after four seconds where the PBX notes no times", () => {
    const timeless = { ...LIVE, CompilationLastSuccess: null };
    const before = { ...RUNS_OLD, CompilationLastSuccess: null };
    expect(judge(before, timeless, GRACE - 1)).toEqual(WAITING);
    expect(judge(before, timeless, GRACE)).toEqual({ state: "live" });
    expect(judge(undefined, timeless, GRACE - 1)).toEqual(WAITING);
    expect(judge(undefined, timeless, GRACE)).toEqual({ state: "live" });
  });

  it("that ran before already is live, because the same text is not compiled again", () => {
    expect(judge(LIVE, LIVE)).toEqual({ state: "live" });
    expect(judge({ ...LIVE, ScriptCode: `${SENT}  ` }, LIVE)).toEqual({ state: "live" });
  });
});

describe("a script that the PBX refuses", () => {
  it.each([
    ["at an app that ran another, which goes on", RUNS_OLD, KEPT_OLD, REFUSED],
    [
      "at an app that refused another one before",
      { ...KEPT_OLD, CompilationResult: ":[1..2)E:CS1002:\n; expected" },
      KEPT_OLD,
      REFUSED,
    ],
    ["at a new app", undefined, NOTHING_RUNS, REFUSED_DEAD],
    [
      "at an app where nothing ran",
      { ...NOTHING_RUNS, ScriptCode: OLD, CompilationResult: "" },
      NOTHING_RUNS,
      REFUSED_DEAD,
    ],
    [
      "kept with Windows line ends",
      RUNS_OLD,
      { ...KEPT_OLD, RejectedCode: SENT.replace("\n", "\r\n") },
      REFUSED,
    ],
  ])("is refused at once with a new error: %s", (_, before, reading, verdict) => {
    expect(judge(before, reading)).toEqual(verdict);
  });

  it.each([
    ["of the same words as the verdict before", KEPT_OLD, KEPT_OLD, REFUSED],
    ["without a word", RUNS_OLD, { ...KEPT_OLD, CompilationResult: null }, REFUSED],
    ["with warnings alone", RUNS_OLD, { ...KEPT_OLD, CompilationResult: WARNING }, REFUSED],
    [
      "in no known form",
      undefined,
      { ...NOTHING_RUNS, CompilationResult: "crashed" },
      REFUSED_DEAD,
    ],
  ])("is believed after four seconds: %s", (_, before, reading, verdict) => {
    expect(judge(before, reading, GRACE - 1)).toEqual(WAITING);
    expect(judge(before, reading, GRACE)).toEqual(verdict);
  });

  it.each([
    ["and no new word", { ...NOTHING_RUNS, ScriptCode: OLD }, NOTHING_RUNS],
    [
      "and another text as the rejected one",
      { ...NOTHING_RUNS, ScriptCode: OLD, RejectedCode: OLD },
      { ...NOTHING_RUNS, RejectedCode: OLD },
    ],
    ["and a new word about another text", undefined, { ...NOTHING_RUNS, RejectedCode: OLD }],
  ])(
    "is believed only after fifteen seconds with nothing that runs %s, because that is the verdict before",
    (_, before, reading) => {
      expect(judge(before, reading, STALE_GRACE - 1)).toEqual(WAITING);
      expect(judge(before, reading, STALE_GRACE)).toEqual(REFUSED_DEAD);
    },
  );

  it("is refused at once where the same words stand beside a text that was not rejected before", () => {
    const other = { ...KEPT_OLD, RejectedCode: "class Other { }" };
    expect(judge(other, KEPT_OLD)).toEqual(REFUSED);
  });

  it.each([
    ["another text was rejected", RUNS_OLD, { ...KEPT_OLD, RejectedCode: "class Other { }" }],
    ["the rejected text is not told", RUNS_OLD, { ...KEPT_OLD, RejectedCode: null }],
    ["nothing runs and another text is stored", undefined, { ...NOTHING_RUNS, ScriptCode: OLD }],
    [
      "a new app has no result of a first compile",
      undefined,
      { ...NOTHING_RUNS, CompilationResult: "" },
    ],
    ["it has none that is told", undefined, { ...NOTHING_RUNS, CompilationResult: null }],
  ])("is not taken for refused, however long it takes, while %s", (_, before, reading) => {
    expect(judge(before, reading)).toEqual(WAITING);
    expect(judge(before, reading, 10 * GRACE)).toEqual(WAITING);
  });
});

describe("every verdict", () => {
  const state = callFlowAppCase.properties;
  const sent = scriptText.filter((text) => text.trim() !== "");
  const close = fc
    .record({ state, sent, stored: fc.boolean(), rejected: fc.boolean(), elapsed: fc.nat(10_000) })
    .map((given) => {
      const entity = {
        ...given.state,
        ...(given.stored ? { ScriptCode: given.sent } : {}),
        ...(given.rejected ? { RejectedCode: given.sent } : {}),
      };
      return Object.assign(given, { reading: read(entity) });
    });
  const before = fc.option(state.map(read), { nil: undefined });

  it("of success stands on the sent text, success and no invalid script", () => {
    fc.assert(
      fc.property(before, close, (earlier, given) => {
        const { reading, elapsed } = given;
        const verdict = judgeCompilation(earlier, given.sent, reading, elapsed);
        const { compilationSucceeded: succeeded, invalidScript: invalid } = reading.status;
        const possible = given.stored && succeeded === true && invalid !== true;
        expect(verdict.state === "live" && !possible).toBe(false);
        expect(verdict.state === "refused" && succeeded !== false).toBe(false);
      }),
    );
  });

  it("of refusal says that something runs exactly when the script in place is valid", () => {
    fc.assert(
      fc.property(before, close, (earlier, { sent: text, reading }) => {
        const verdict = judgeCompilation(earlier, text, reading, GRACE);
        const runnable =
          verdict.state === "refused" ? verdict.runnable : !reading.status["invalidScript"];
        expect(runnable).toBe(reading.status["invalidScript"] === false);
      }),
    );
  });

  it("stays once it is given, as time alone takes none back", () => {
    fc.assert(
      fc.property(before, close, fc.nat(60_000), (earlier, given, later) => {
        const first = judgeCompilation(earlier, given.sent, given.reading, given.elapsed);
        const second = judgeCompilation(earlier, given.sent, given.reading, given.elapsed + later);
        expect(first.state === "waiting" ? second : first).toEqual(second);
      }),
    );
  });

  it("is the same whichever line ends the PBX keeps", () => {
    fc.assert(
      fc.property(before, close, (earlier, { sent: text, reading, elapsed }) => {
        const turned = judgeCompilation(
          earlier && turnLineEnds(earlier),
          text,
          turnLineEnds(reading),
          elapsed,
        );
        expect(turned).toEqual(judgeCompilation(earlier, text, reading, elapsed));
      }),
    );
  });
});
