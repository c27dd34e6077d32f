import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Access } from "../../../src/app/doctor/pbx/access.ts";
import { judgeDenial, type SignedIn } from "../../../src/app/doctor/pbx/collection.ts";
import { checkPaging, checkReading, checkRelated } from "../../../src/app/doctor/pbx/reading.ts";
import { checkWriting } from "../../../src/app/doctor/pbx/writing.ts";
import { Secret } from "../../../src/domain/secret.ts";
import { kinds as allKinds } from "../../../src/kinds/index.ts";
import { mintToken } from "../../support/pbx/tokens.ts";
import { widget as widgetKind } from "../../support/kinds/widget-kind.ts";
import { answer, makeCredentials, PATIENT, PLACE, tell } from "../../support/doctor/answers.ts";

/** What every run reads. */
const kinds = allKinds.filter(({ scope }) => scope === undefined);

type Reading = Awaited<ReturnType<Access["get"]>>;

interface Bench extends SignedIn {
  readonly paths: readonly string[];
}

function signIn(reply: (path: string) => Reading, token = "t"): Bench {
  const paths: string[] = [];
  const access: Access = {
    superseded: () => 0,
    get: async (path) => {
      paths.push(path);
      return reply(path);
    },
  };
  const credentials = makeCredentials();
  return { ...PATIENT, access, place: PLACE, credentials, token: new Secret(token), paths };
}

const LIST = answer(200, { "@odata.count": 7, value: [] });
const UNCOUNTED = answer(200, { value: [] });

describe("reading", () => {
  it("asks for one entity of each kind with the very query of a plan", async () => {
    const session = signIn(() => LIST);
    expect(tell(await checkReading(kinds, session))).toBe("ok: CallFlowApps can be read: 7 -> ");
    expect(session.paths).toHaveLength(1);
    const [path = ""] = session.paths;
    for (const property of kinds[0]?.query.select ?? []) expect(path).toContain(property);
    expect(path).toContain("$top=1&");
    expect(path).toContain("$expand=");
  });

  it("serves every kind alike", async () => {
    const session = signIn(() => LIST);
    const told = tell(await checkReading([widgetKind, ...kinds], session));
    expect(told).toContain(`${widgetKind.collection} can be read: 7 | CallFlowApps`);
  });

  it.each([
    [{ state: "superseded" } as const, /^failed: another program is using the client id callform/],
    [{ state: "silent" } as const, /^failed: .* did not answer within 120 s/],
    [
      answer(403),
      /^failed: the role of the API client may not read CallFlowApps \(403\) -> .*System Owner/,
    ],
    [answer(404), /^failed: this PBX has no CallFlowApps \(404\)/],
    [answer(503), /^failed: .* with 503 -> see whether the PBX is starting/],
    [answer(200, { odd: 1 }), /^failed: .* something that is no list -> .*proxy/],
    [answer(200, "<html>"), /^failed: .* something that is no list/],
  ])("fails with what to do (%#)", async (reading, told) => {
    expect(
      tell(
        await checkReading(
          kinds,
          signIn(() => reading),
        ),
      ),
    ).toMatch(told);
  });
});

describe("pages", () => {
  it("are asked for as long as a plan's, without what is in them", async () => {
    const session = signIn(() => LIST);
    expect(tell(await checkPaging(kinds, session))).toBe("ok: pages of 100 are taken -> ");
    expect(session.paths).toEqual([
      "/xapi/v1/CallFlowApps?$select=Id&$orderby=Id&$top=100&$count=true",
    ]);
  });

  it("that are not counted are told to be slower", async () => {
    const told = tell(
      await checkPaging(
        kinds,
        signIn(() => UNCOUNTED),
      ),
    );
    expect(told).toContain("does not count, so pages are read one after the other");
  });
});

describe("what manifests may name", () => {
  it("is every collection that a lookup can be about, and the number plan", async () => {
    const session = signIn(() => LIST);
    expect(tell(await checkRelated(kinds, session))).toBe(
      "ok: Groups, Trunks, Peers can be read -> ",
    );
  });

  it("is listed by each kind for each lookup that it makes", () => {
    for (const { fields, lookups, lookupCollections } of kinds)
      for (const { name } of fields)
        for (const value of [[{ name: "SUPPORT" }], { number: "10001" }])
          for (const { collection } of lookups(name, value))
            expect(lookupCollections).toContain(collection);
  });

  it("is no failure where some of it is closed", async () => {
    const session = signIn((path) => (/Trunks|Peers/.test(path) ? answer(403) : LIST));
    const told = tell(await checkRelated(kinds, session));
    expect(told).toMatch(/^warning: the API client may not read Trunks \(403\), Peers \(403\) -> /);
  });

  it("is a failure where nothing answers", async () => {
    const verdict = await checkRelated(
      kinds,
      signIn(() => ({ state: "silent" })),
    );
    expect(verdict.state).toBe("failed");
  });

  it("is nothing for kinds that name nothing", async () => {
    const session = signIn(() => LIST);
    await checkRelated([widgetKind], session);
    expect(session.paths).toEqual([]);
  });
});

describe("the right to write", () => {
  const judge = (claims: Readonly<Record<string, unknown>>): string =>
    tell(checkWriting(signIn(() => LIST, mintToken(claims))));

  it.each([
    [{ role: "system_owners" }, /^ok: its token has the role system_owners, which may write/],
    [{ MaxRole: "system_admins" }, /^ok: /],
    [{ roles: ["users", "system_owners"] }, /^ok: its token has the role users, system_owners/],
    [{ role: "users" }, /^warning: its token has the role users, which may read but not write/],
    [{ role: ["group_owners"] }, /^warning: .*for apply, give the API client/],
    [{ role: "something" }, /^ok: whether the client may write cannot be seen without writing/],
    [{}, /^ok: whether the client may write cannot be seen/],
  ])("is read from the token's claims, as far as they go (%#)", (claims, told) => {
    expect(judge(claims)).toMatch(told);
  });

  it("is not read from what is no token", () => {
    fc.assert(
      fc.property(fc.string(), (token) => {
        const told = tell(checkWriting(signIn(() => LIST, token)));
        expect(told).toMatch(/^ok: whether the client may write cannot be seen/);
      }),
    );
  });

  it("asks the PBX nothing", () => {
    const session = signIn(() => LIST);
    checkWriting(session);
    expect(session.paths).toEqual([]);
  });
});

describe("a refusal", () => {
  it("of any kind has a cause and advice", () => {
    fc.assert(
      fc.property(fc.integer({ min: 300, max: 599 }), fc.jsonValue(), (status, body) => {
        const { state, found, advice } = judgeDenial(answer(status, body), "Things");
        expect(state).toBe("failed");
        expect(found.join("")).toContain("Things");
        expect(advice).not.toBe("");
      }),
    );
  });
});
