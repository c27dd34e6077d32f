import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { textOf } from "../../src/sandbox/json.ts";
import type { Quirks } from "../../src/sandbox/quirks.ts";
import { chooseQuirks } from "../../src/sandbox/quirks.ts";
import { Refusal } from "../../src/sandbox/refusal.ts";
import { authorize, createTokens } from "../../src/sandbox/tokens.ts";
import type { ApiClient, Tokens } from "../../src/sandbox/tokens.ts";
import { manualClock } from "../support/pbx/raw-client.ts";
import type { ManualClock } from "../support/pbx/raw-client.ts";

const CLIENTS: readonly ApiClient[] = ["a", "b"].map((id) => ({
  clientId: id,
  clientSecret: `secret of ${id}`,
  role: "system_owners",
  forbid: [],
}));

interface Bench {
  readonly tokens: Tokens;
  readonly clock: ManualClock;
  /** A token as an Authorization header. */
  readonly take: (id: string) => string;
  /** Who a header belongs to, or the status it is refused with. */
  readonly who: (header: string | undefined) => string | number;
}

function openBench(overrides: Partial<Quirks> = {}): Bench {
  const clock = manualClock();
  const tokens = createTokens(CLIENTS, chooseQuirks("20.0.10", overrides), clock);
  return {
    tokens,
    clock,
    take(id) {
      const form = {
        client_id: id,
        client_secret: `secret of ${id}`,
        grant_type: "client_credentials",
      };
      return `Bearer ${textOf(tokens.issue(form, undefined)["access_token"])}`;
    },
    who(header) {
      try {
        return tokens.identify(header).clientId;
      } catch (error) {
        if (error instanceof Refusal) return error.status;
        throw error;
      }
    },
  };
}

describe("tokens", () => {
  test("belong to their client until the next one is taken, whatever the order of taking", () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom("a", "b"), { maxLength: 12 }), (takes) => {
        const { take, who } = openBench();
        const taken = takes.map((id) => ({ id, header: take(id) }));
        for (const [index, { id, header }] of taken.entries()) {
          const isLast = !takes.slice(index + 1).includes(id);
          expect(who(header)).toBe(isLast ? id : 401);
        }
      }),
    );
  });

  test("are all of one PBX where it keeps only one", () => {
    const { take, who } = openBench({ oneTokenForAllClients: true });
    const [first, second] = [take("a"), take("b")];
    expect([who(first), who(second)]).toEqual([401, "b"]);
  });

  test("that were superseded are told from those never issued, where the PBX does so", () => {
    const { take, who } = openBench({ supersededStatus: 403 });
    const old = take("a");
    take("a");
    expect([who(old), who("Bearer never"), who(undefined), who("")]).toEqual([403, 401, 401, 401]);
  });

  test("end after an hour", () => {
    const { clock, take, who } = openBench();
    const header = take("a");
    clock.advance(3_599_999);
    expect(who(header)).toBe("a");
    clock.advance(1);
    expect(who(header)).toBe(401);
  });

  test("are unlike each other", () => {
    const { take } = openBench();
    expect(new Set(Array.from({ length: 20 }, () => take("a"))).size).toBe(20);
  });

  test("are found whatever the case of the word Bearer", () => {
    const { take, who } = openBench();
    const token = take("a").slice("Bearer ".length);
    expect([
      who(`bearer ${token}`),
      who(`BEARER ${token}`),
      who(`Basic ${token}`),
      who(token),
    ]).toEqual(["a", "a", 401, 401]);
  });

  test("all end when another program takes one for each client", () => {
    const { take, tokens, who } = openBench();
    const headers = [take("a"), take("b")];
    tokens.supersede();
    expect(headers.map(who)).toEqual([401, 401]);
  });

  test("end with a restart unless they survive it", () => {
    for (const tokensSurviveRestart of [false, true]) {
      const { take, tokens, who } = openBench({ tokensSurviveRestart });
      const header = take("a");
      tokens.forget();
      expect(who(header)).toBe(tokensSurviveRestart ? "a" : 401);
    }
  });
});

describe("a token request", () => {
  const refusal = (form: Record<string, unknown>, overrides?: Partial<Quirks>): Refusal => {
    const { tokens } = openBench(overrides);
    try {
      tokens.issue(form, undefined);
    } catch (error) {
      if (error instanceof Refusal) return error;
    }
    throw new Error("nothing was refused");
  };
  const grant = { grant_type: "client_credentials" };

  test.each([
    [{}, "unsupported_grant_type"],
    [{ client_id: "a", client_secret: "secret of a" }, "unsupported_grant_type"],
    [{ ...grant }, "invalid_client"],
    [{ ...grant, client_id: "a" }, "invalid_client"],
    [{ ...grant, client_id: "a", client_secret: "secret of b" }, "invalid_client"],
    [{ ...grant, client_id: "A", client_secret: "secret of a" }, "invalid_client"],
    [{ ...grant, client_id: ["a"], client_secret: "secret of a" }, "invalid_client"],
  ])("of %j is refused with %s", (form, error) => {
    expect(refusal(form)).toMatchObject({ status: 400, body: { error } });
  });

  test("with wrong credentials leaves the live token alone", () => {
    const { take, tokens, who } = openBench();
    const header = take("a");
    expect(() => tokens.issue({ ...grant, client_id: "a", client_secret: "x" }, undefined)).toThrow(
      "invalid client",
    );
    expect(who(header)).toBe("a");
  });

  test("that comes too often within a minute closes the door for the cooldown, for everybody", () => {
    const { clock, take } = openBench({ tokenLimit: 3, tokenCooldown: 10_000 });
    for (let request = 0; request < 3; request++) take("a");
    expect(() => take("b")).toThrow("too many token requests");
    clock.advance(9_999);
    expect(() => take("a")).toThrow("too many token requests");
    clock.advance(60_000);
    expect(take("a")).toContain("Bearer");
  });

  test("never too often is never refused", () => {
    const { clock, take } = openBench({ tokenLimit: 3 });
    for (let request = 0; request < 20; request++) {
      clock.advance(20_001);
      expect(take("a")).toContain("Bearer");
    }
  });
});

describe("a role", () => {
  const may = (role: string, writes: boolean, forbid: readonly string[] = []): boolean => {
    try {
      authorize({ clientId: "a", clientSecret: "", role, forbid }, "Groups", writes);
      return true;
    } catch (error) {
      expect(error).toMatchObject({ status: 403, body: undefined });
      return false;
    }
  };

  test.each([
    ["users", false, false],
    ["receptionists", false, false],
    ["nonsense", false, false],
    ["group_admins", true, false],
    ["managers", true, false],
    ["group_owners", true, false],
    ["system_admins", true, true],
    ["system_owners", true, true],
  ])("%s may read: %s, write: %s", (role, reads, writes) => {
    expect([may(role, false), may(role, true)]).toEqual([reads, writes]);
  });

  test("does not help where a collection is forbidden", () => {
    expect(may("system_owners", false, ["Groups"])).toBe(false);
    expect(may("system_owners", false, ["Users"])).toBe(true);
  });
});
