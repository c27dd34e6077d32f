import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Access } from "../../../src/app/doctor/pbx/access.ts";
import { checkClock } from "../../../src/app/doctor/pbx/clock.ts";
import { checkLicence } from "../../../src/app/doctor/pbx/licence.ts";
import { checkVersion, judgeVersion } from "../../../src/app/doctor/pbx/version.ts";
import type { HttpReading } from "../../../src/xapi/probe/http.ts";
import { answer, NOON, tell } from "../../support/doctor/answers.ts";

const DAY = 86_400_000;

function giveAlways(reading: HttpReading): Access {
  return { get: async () => reading, superseded: () => 0 };
}

describe("the version of the PBX", () => {
  it.each([
    ["20.0.10.1621", "ok"],
    ["20.0.2.1", "ok"],
    ["20.1.0.0", "ok"],
    ["21.0.0.1", "ok"],
    ["20.0.1.9999", "warning"],
    ["20.0.0.1", "warning"],
    ["18.0.9.20", "failed"],
    ["16.0.8.9", "failed"],
    ["unknown", "warning"],
    ["", "warning"],
    [undefined, "warning"],
  ])("%s is %s", (version, state) => {
    expect(judgeVersion(version).state).toBe(state);
  });

  it("is compared by its numbers and not by its letters", () => {
    const part = fc.nat(2000);
    fc.assert(
      fc.property(part, part, part, (major, minor, update) => {
        const { state } = judgeVersion(`${major}.${minor}.${update}.7`);
        expect(state === "failed").toBe(major < 20);
        expect(state === "warning").toBe(major === 20 && minor === 0 && update < 2);
      }),
    );
  });

  it("is taken from the header, else from the status, else from the first answer", async () => {
    const first = answer(401, undefined, { "x-3cx-version": "20.0.7.1" });
    const header = answer(200, {}, { "x-3cx-version": "20.0.9.1" });
    const told = async (reading: HttpReading, version: string | undefined): Promise<string> =>
      tell(await checkVersion(giveAlways(reading), { version }, first));
    expect(await told(header, "20.0.8.1")).toBe("ok: 3CX 20.0.9.1 -> ");
    expect(await told(answer(403), "20.0.8.1")).toBe("ok: 3CX 20.0.8.1 -> ");
    expect(await told({ state: "silent" }, undefined)).toBe("ok: 3CX 20.0.7.1 -> ");
  });
});

describe("the licence", () => {
  const judge = async (status: Readonly<Record<string, unknown>>): Promise<string> =>
    tell(await checkLicence(giveAlways(answer(200, status)), NOON));

  it.each([
    [{ ProductCode: "3CXENT", LicenseActive: true }, /^ok: licence 3CXENT -> $/],
    [
      { ProductCode: "3CXENT", ExpirationDate: "2027-01-01T00:00:00Z" },
      /^ok: .*, until 2027-01-01/,
    ],
    // What a field without a date has in 3CX's own examples.
    [{ ExpirationDate: "0001-01-01T00:00:00.0000000+00:00" }, /^ok: licence without a name -> $/],
    [{ LicenseActive: false }, /^warning: the PBX says that its licence is not active/],
    [
      { ExpirationDate: new Date(NOON - DAY).toISOString() },
      /^warning: the licence ended on 2026-05-31/,
    ],
    [
      { ExpirationDate: new Date(NOON + 3 * DAY).toISOString() },
      /^warning: the licence ends on 2026-06-04/,
    ],
    [{ ExpirationDate: "soon" }, /^ok: /],
    [{}, /^ok: /],
  ])("is judged by what the status says (%#)", async (status, told) => {
    expect(await judge(status)).toMatch(told);
  });

  it.each([403, 404, 500])("is left at what is known where the status is %i", async (status) => {
    const verdict = await checkLicence(giveAlways(answer(status)), NOON);
    expect(tell(verdict)).toMatch(/^ok: the API answers, so the licence includes it/);
  });

  it("hands on the version beside it", async () => {
    const verdict = await checkLicence(giveAlways(answer(200, { Version: "20.0.8.1" })), NOON);
    expect(verdict).toMatchObject({ value: { version: "20.0.8.1" } });
  });
});

describe("the clock of the PBX", () => {
  /** Judged when the PBX's clock is so many seconds ahead of ours. */
  const judge = (seconds: number): string => {
    const date = new Date(NOON + seconds * 1000).toUTCString();
    return tell(checkClock(answer(401, undefined, { date })));
  };

  it.each([
    [0, "ok: the clocks of the PBX and this machine agree"],
    [59, "ok: "],
    [-59, "ok: "],
    [90, "warning: the clock of the PBX is 91 seconds ahead of this machine's"],
    [-299, "warning: the clock of the PBX is 5 minutes behind"],
    [301, "failed: the clock of the PBX is 5 minutes ahead of"],
    [-3600, "failed: the clock of the PBX is 60 minutes behind"],
    [86_400, "failed: the clock of the PBX is 24 hours ahead"],
  ])("%i seconds ahead is told", (seconds, told) => {
    expect(judge(seconds).startsWith(told)).toBe(true);
  });

  it("is no worse one way than the other, and never better the farther it is off", () => {
    const order = ["ok", "warning", "failed"];
    const rank = (seconds: number): number => order.indexOf(judge(seconds).split(":")[0] ?? "");
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 100_000 }), fc.nat(100_000), (seconds, more) => {
        expect(rank(seconds + more)).toBeGreaterThanOrEqual(rank(seconds));
        // Half a second is added for what a header cuts off.
        expect(rank(-seconds - 1)).toBe(rank(seconds));
      }),
    );
  });

  it("is not blamed for the time that the answer took", () => {
    const date = new Date(NOON + 50_000).toUTCString();
    const slow = { ...answer(401, undefined, { date }), sentAt: NOON, answeredAt: NOON + 100_000 };
    expect(checkClock(slow).state).toBe("ok");
  });

  it("that does not show is told so", () => {
    for (const headers of [{}, { date: "yesterday" }])
      expect(tell(checkClock(answer(401, undefined, headers)))).toMatch(
        /^warning: .*carry no date/,
      );
  });
});
