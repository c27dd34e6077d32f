import { describe, expect, it } from "vitest";
import type { Json } from "../../src/domain/json.ts";
import type { Entity, Reader } from "../../src/domain/ports.ts";
import { failure } from "../../src/domain/problem.ts";
import { Secret } from "../../src/domain/secret.ts";
import {
  createBench,
  desireApp,
  desireWidget,
  listOutcomes,
  type Bench,
} from "../support/pbx/bench.ts";
import { LostAnswer, type MemoryOptions, type MemoryRequest } from "../support/pbx/memory.ts";

const OLD = "class Old {}";
const NEW = "class New {}";
const BAD = "class Bad { REFUSE }";
const LIMITS = { maxDeletes: 9, protect: [], unprotect: [], allowUnhealthy: [] };
/** The ids of what {@link APPS} and its departments are. */
const [SUPPORT, HOTLINE, NIGHT] = [2, 3, 4];

const APPS: Omit<MemoryOptions, "clock"> = {
  departments: ["DEFAULT", "Support"],
  apps: [
    { Number: "800", Name: "hotline", RoutingType: "Forward", ScriptCode: OLD },
    { Number: "801", Name: "night", RoutingType: "Forward", ScriptCode: OLD },
  ],
};

interface Scene {
  readonly bench: Bench;
  /** Lets somebody act once, right before the first request that `picks`. */
  readonly meanwhile: (
    picks: (request: MemoryRequest) => boolean,
    act: (bench: Bench) => void,
  ) => void;
  /** Loses the answer of the first request that `picks`, after it took effect or before. */
  readonly lose: (picks: (request: MemoryRequest) => boolean, effective: boolean) => void;
}

function setScene(options: Omit<MemoryOptions, "clock"> = APPS): Scene {
  let [act, lost]: [Hook | undefined, (Lost & { readonly picks: Picks }) | undefined] = [
    undefined,
    undefined,
  ];
  const loseNow = (request: MemoryRequest, effective: boolean): void => {
    if (lost?.effective !== effective || !lost.picks(request)) return;
    lost = undefined;
    throw new LostAnswer();
  };
  const bench = createBench({
    ...options,
    before(request) {
      if (act?.picks(request) === true) {
        const once = act;
        act = undefined;
        once.act(bench);
      }
      loseNow(request, false);
    },
    after: (request) => loseNow(request, true),
  });
  return {
    bench,
    meanwhile: (picks, deed) => void (act = { picks, act: deed }),
    lose: (picks, effective) => void (lost = { picks, effective }),
  };
}

type Picks = (request: MemoryRequest) => boolean;
interface Hook {
  readonly picks: Picks;
  readonly act: (bench: Bench) => void;
}
interface Lost {
  readonly effective: boolean;
}

const isPatch: Picks = ({ method }) => method === "PATCH";
const isDelete: Picks = ({ method }) => method === "DELETE";
const isPoll: Picks = ({ by }) => by === "Id";

function rowOf({ pbx }: Bench, number: string): Entity | undefined {
  return pbx.rows("CallFlowApps").find((row) => row["Number"] === number);
}

function sent({ pbx }: Bench, method: string): string[] {
  return pbx.requests.filter((request) => request.startsWith(method));
}

const MEMBER_OF_SUPPORT = { GroupId: SUPPORT, Name: "Support", Rights: { RoleName: "users" } };

describe("what somebody changed between the plan and its write", () => {
  it.each<[string, Entity, string]>([
    [
      "a department that was added",
      { Groups: [MEMBER_OF_SUPPORT] },
      'groups is [{"name":"Support","role":"users"}] now and was []',
    ],
    ["a hotfix that was pasted", { ScriptCode: "class Hotfix {}" }, "scriptCode"],
    ["a new name", { Name: "spare" }, 'name is "spare" now and was "hotline"'],
    [
      "two things",
      { Name: "spare", RoutingType: "Trunk" },
      'name is "spare" now and was "hotline"; routingType is "Trunk" now and was "Forward"',
    ],
  ])("%s stays, is named, and the other changes go on", async (_, edit, what) => {
    const { bench } = setScene();
    const planned = await bench.plan([
      desireApp("800", { name: "first", routingType: "DialCode", groups: [], scriptCode: NEW }),
      desireApp("801", { name: "second" }),
    ]);
    bench.pbx.edit("CallFlowApps", HOTLINE, edit);
    const before = rowOf(bench, "800");
    const results = await bench.apply(planned);
    expect(listOutcomes(results)).toEqual(["800 failed", "801 applied"]);
    expect(results[0]?.problems).toEqual([
      {
        severity: "error",
        code: "moved-since-plan",
        message: `CallFlowApp 800 was changed (${what}) after the plan was made, so it is left alone`,
        hint: "plan again to see it as it is now",
        subject: "CallFlowApp 800",
        at: { file: "apps/800.yaml", line: 4, column: 11 },
      },
    ]);
    expect(rowOf(bench, "800")).toEqual(before);
    expect(sent(bench, "PATCH")).toEqual([`PATCH CallFlowApps(${NIGHT}) Name`]);
  });

  it("does not show what may hold a secret", async () => {
    const { bench } = setScene();
    const planned = await bench.plan([
      desireApp("800", { name: new Secret("s3cr3t"), routingType: "Trunk" }),
    ]);
    bench.pbx.edit("CallFlowApps", HOTLINE, { Name: "an0ther", RoutingType: "DialCode" });
    const [result] = await bench.apply(planned);
    expect(result?.problems[0]?.message).toContain(
      '(name; routingType is "DialCode" now and was "Forward")',
    );
  });

  it("that is left to the console or not managed at all hinders nothing, and stays", async () => {
    const { bench } = setScene();
    const lifecycle = { protect: false, ignore: ["routingType"] };
    const app = desireApp("800", { name: "first", routingType: "Trunk" }, { lifecycle });
    const planned = await bench.plan([app]);
    bench.pbx.edit("CallFlowApps", HOTLINE, { RoutingType: "DialCode", TranscriptionMode: "Both" });
    expect(listOutcomes(await bench.apply(planned))).toEqual(["800 applied"]);
    expect(rowOf(bench, "800")).toMatchObject({
      Name: "first",
      RoutingType: "DialCode",
      TranscriptionMode: "Both",
    });
  });

  it("into what the manifest wants hinders nothing", async () => {
    const { bench } = setScene();
    const planned = await bench.plan([desireApp("800", { name: "first", routingType: "Trunk" })]);
    bench.pbx.edit("CallFlowApps", HOTLINE, { Name: "first" });
    expect(listOutcomes(await bench.apply(planned))).toEqual(["800 applied"]);
  });

  it.each([
    ["removed", false, "was removed"],
    ["removed and made anew", true, "was removed and made anew"],
  ])("by having it %s is not written over", async (_, anew, what) => {
    const { bench } = setScene();
    const planned = await bench.plan([desireApp("800", { name: "first" })]);
    const row = rowOf(bench, "800") ?? {};
    bench.pbx.drop("CallFlowApps", HOTLINE);
    if (anew)
      await bench.pbx.writer.create(
        "CallFlowApps",
        { Number: "800", Name: row["Name"] ?? null },
        "Number",
      );
    const [result] = await bench.apply(planned);
    expect(result).toMatchObject({ outcome: "failed", problems: [{ code: "moved-since-plan" }] });
    expect(result?.problems[0]?.message).toContain(`CallFlowApp 800 ${what} after`);
    expect(sent(bench, "PATCH")).toEqual([]);
  });

  it("while its script was compiling keeps the rest from being written, and the rest is named", async () => {
    const { bench, meanwhile } = setScene();
    const planned = await bench.plan([
      desireApp("800", { name: "first", groups: [], scriptCode: NEW }),
    ]);
    meanwhile(isPoll, ({ pbx }) =>
      pbx.edit("CallFlowApps", HOTLINE, { Groups: [MEMBER_OF_SUPPORT] }),
    );
    const [result] = await bench.apply(planned);
    expect(result?.outcome).toBe("failed");
    expect(result?.problems[0]?.message).toMatch(
      /^CallFlowApp 800 was changed \(groups is .*\) after the plan was made, so name is not written$/,
    );
    expect(rowOf(bench, "800")).toMatchObject({
      Name: "hotline",
      ScriptCode: NEW,
      Groups: [MEMBER_OF_SUPPORT],
    });
  });

  it("keeps what depends on it from being made", async () => {
    const { bench } = setScene({ widgets: [{ Code: "bolt", Title: "old" }] });
    const planned = await bench.plan([desireWidget("bolt", []), desireWidget("wheel", ["bolt"])]);
    bench.pbx.edit("Widgets", 1, { Title: "by hand" });
    expect(listOutcomes(await bench.apply(planned))).toEqual(["bolt failed", "wheel skipped"]);
  });
});

describe("what somebody else made under a number that is new", () => {
  it.each([
    [
      "a number",
      desireApp("900", { name: "mine" }),
      "CallFlowApps",
      { Number: "900", Name: "theirs" },
    ],
    [
      "a key that the PBX would take twice",
      desireWidget("bolt", []),
      "Widgets",
      { Code: "bolt", Title: "theirs" },
    ],
  ])("is left alone and named: %s", async (_, desired, collection, body) => {
    const { bench } = setScene();
    const planned = await bench.plan([desired]);
    await bench.pbx.writer.create(collection, body, "Number");
    const [result] = await bench.apply(planned);
    expect(result).toMatchObject({ outcome: "failed", problems: [{ code: "moved-since-plan" }] });
    expect(result?.problems[0]?.message).toContain("was made by somebody else after the plan");
    expect(bench.pbx.rows(collection).at(-1)).toMatchObject(body);
    expect(bench.pbx.rows(collection)).toHaveLength(collection === "Widgets" ? 1 : 3);
  });
});

describe("a delete", () => {
  it.each<[string, (bench: Bench) => void, string]>([
    [
      "was rewritten",
      ({ pbx }) => pbx.edit("CallFlowApps", HOTLINE, { ScriptCode: "class Kept {}" }),
      "was changed (scriptCode)",
    ],
    [
      "was removed and made anew",
      ({ pbx }) => {
        pbx.drop("CallFlowApps", HOTLINE);
        void pbx.writer.create("CallFlowApps", { Number: "800", Name: "hotline" }, "Number");
      },
      "was removed and made anew",
    ],
  ])("does not take an app that %s", async (_, act, what) => {
    const { bench } = setScene();
    const planned = await bench.plan([], { prune: "all", limits: LIMITS });
    act(bench);
    const results = await bench.apply(planned);
    expect(listOutcomes(results)).toEqual(["800 failed", "801 applied"]);
    expect(results[0]?.problems).toMatchObject([{ code: "moved-since-plan" }]);
    expect(results[0]?.problems[0]?.message).toContain(`CallFlowApp 800 ${what} after`);
    expect(bench.pbx.rows("CallFlowApps")).toMatchObject([{ Number: "800" }]);
  });

  it("of what is gone already is done without a request", async () => {
    const { bench } = setScene();
    const planned = await bench.plan([], { prune: "all", limits: LIMITS });
    bench.pbx.drop("CallFlowApps", HOTLINE);
    expect(listOutcomes(await bench.apply(planned))).toEqual(["800 applied", "801 applied"]);
    expect(sent(bench, "DELETE")).toEqual([`DELETE CallFlowApps(${NIGHT})`]);
  });

  it("that finds its id gone looks whether the number is, too", async () => {
    const { bench, meanwhile } = setScene();
    const planned = await bench.plan([], { prune: "all", limits: LIMITS });
    meanwhile(isDelete, ({ pbx }) => {
      pbx.drop("CallFlowApps", HOTLINE);
      void pbx.writer.create("CallFlowApps", { Number: "800", Name: "anew" }, "Number");
    });
    const results = await bench.apply(planned, { concurrency: 1 });
    expect(listOutcomes(results)).toEqual(["800 failed", "801 applied"]);
    expect(results[0]?.problems[0]?.message).toContain("was removed and made anew");
    expect(rowOf(bench, "800")).toMatchObject({ Name: "anew" });
  });

  it.each([true, false])(
    "whose answer is lost looks before it is repeated (effective: %s)",
    async (effective) => {
      const { bench, lose } = setScene();
      const planned = await bench.plan([], { prune: "all", limits: LIMITS });
      lose(isDelete, effective);
      const results = await bench.apply(planned, { concurrency: 1 });
      expect(listOutcomes(results)).toEqual(["800 applied", "801 applied"]);
      expect(bench.pbx.rows("CallFlowApps")).toEqual([]);
      expect(sent(bench, "DELETE")).toHaveLength(effective ? 2 : 3);
    },
  );

  it("whose answer is lost does not take what somebody rewrote meanwhile", async () => {
    const { bench, lose } = setScene();
    const planned = await bench.plan([], { prune: "all", limits: LIMITS });
    lose((request) => {
      if (!isDelete(request)) return false;
      bench.pbx.edit("CallFlowApps", HOTLINE, { Name: "kept" });
      return true;
    }, false);
    const results = await bench.apply(planned, { concurrency: 1 });
    expect(listOutcomes(results)).toEqual(["800 failed", "801 applied"]);
    expect(rowOf(bench, "800")).toMatchObject({ Name: "kept" });
  });
});

describe("a new app that the PBX refuses", () => {
  it.each<[string, Entity]>([
    [
      "was given a script that runs",
      { ScriptCode: "class Kept {}", InvalidScript: false, CompilationSucceeded: true },
    ],
    ["was given another script", { ScriptCode: "class Kept {}" }],
    ["was given another name", { Name: "kept" }],
    ["was given a department", { Groups: [MEMBER_OF_SUPPORT] }],
    ["runs its script after all", { InvalidScript: false, CompilationSucceeded: true }],
  ])("is not removed again when it %s meanwhile", async (_, edit) => {
    const { bench } = setScene();
    const planned = await bench.plan([desireApp("900", { name: "mine", scriptCode: BAD })]);
    const [result] = await bench.apply(planned, {
      onEvent(event) {
        if (event.type === "step" && event.step === "removing")
          bench.pbx.edit("CallFlowApps", 5, edit);
      },
    });
    expect(result?.outcome).toBe("failed");
    expect(result?.problems).toMatchObject([
      { code: "script-refused" },
      { code: "moved-since-plan", message: expect.stringMatching(/so it is not removed again$/) },
    ]);
    expect(rowOf(bench, "900")).toMatchObject(edit);
  });

  it("is not removed under another id", async () => {
    const { bench } = setScene();
    const planned = await bench.plan([desireApp("900", { name: "mine", scriptCode: BAD })]);
    const [result] = await bench.apply(planned, {
      onEvent(event) {
        if (event.type !== "step" || event.step !== "removing") return;
        bench.pbx.drop("CallFlowApps", 5);
        void bench.pbx.writer.create("CallFlowApps", { Number: "900", Name: "mine" }, "Number");
      },
    });
    expect(result?.problems.at(-1)?.message).toContain("was removed and made anew");
    expect(rowOf(bench, "900")).toMatchObject({ Id: 6 });
  });
});

describe("a write whose answer is lost", () => {
  it.each([
    ["before it took effect is repeated", false, 2],
    ["after it took effect is not repeated", true, 1],
  ])("%s", async (_, effective, patches) => {
    const { bench, lose } = setScene();
    const planned = await bench.plan([desireApp("800", { name: "first" })]);
    lose(isPatch, effective);
    expect(listOutcomes(await bench.apply(planned))).toEqual(["800 applied"]);
    expect(sent(bench, "PATCH")).toHaveLength(patches);
    expect(rowOf(bench, "800")).toMatchObject({ Name: "first" });
  });

  it.each([true, false])(
    "is not repeated over what somebody wrote meanwhile (effective: %s)",
    async (effective) => {
      const { bench, lose } = setScene();
      const planned = await bench.plan([desireApp("800", { name: "first" })]);
      lose((request) => {
        if (!isPatch(request)) return false;
        bench.pbx.edit("CallFlowApps", HOTLINE, { Name: "theirs" });
        return true;
      }, effective);
      const [result] = await bench.apply(planned);
      expect(result).toMatchObject({ outcome: "failed", problems: [{ code: "moved-since-plan" }] });
      expect(result?.problems[0]?.message).toContain("so it is not written again");
      expect(rowOf(bench, "800")).toMatchObject({ Name: "theirs" });
      expect(sent(bench, "PATCH")).toHaveLength(1);
    },
  );

  it("for the old script that is put back is looked up as well", async () => {
    const { bench, lose } = setScene({ ...APPS, losesOldScript: true });
    const planned = await bench.plan([desireApp("800", { scriptCode: BAD })]);
    lose(({ body }) => body?.["ScriptCode"] === OLD, true);
    const [result] = await bench.apply(planned);
    expect(result?.outcome).toBe("refused");
    expect(rowOf(bench, "800")).toMatchObject({ ScriptCode: OLD, InvalidScript: false });
  });
});

describe("how much is looked at", () => {
  it.each([
    [1, 1],
    [100, 1],
    [101, 2],
    [250, 3],
  ])("%i changed apps of 500 take %i looks, and one write each", async (changed, looks) => {
    const number = (index: number): string => String(1000 + index);
    const apps = Array.from({ length: 500 }, (_, index) => ({
      Number: number(index),
      Name: "old",
      ScriptCode: OLD,
    }));
    const { bench } = setScene({ apps });
    const planned = await bench.plan(
      apps.slice(0, changed).map((_, index) => desireApp(number(index), { name: "new" })),
    );
    const before = bench.pbx.requests.length;
    await bench.apply(planned);
    const requests = bench.pbx.requests.slice(before);
    expect(requests.filter((request) => request.startsWith("GET"))).toHaveLength(looks);
    expect(requests.filter((request) => request.startsWith("PATCH"))).toHaveLength(changed);
  });

  it("is no older than two seconds, however long a level takes", async () => {
    const apps = Array.from({ length: 40 }, (_, index) => ({
      Number: String(1000 + index),
      Name: "old",
      ScriptCode: OLD,
    }));
    let looked = 0;
    let oldest = 0;
    const bench = createBench({
      apps,
      latency: 20,
      compileTime: 700,
      before({ by, method }) {
        if (by === "Number") looked = bench.clock.now();
        if (method === "PATCH") oldest = Math.max(oldest, bench.clock.now() - looked);
      },
    });
    const planned = await bench.plan(
      apps.map(({ Number: number }) => desireApp(number, { scriptCode: NEW })),
    );
    await bench.apply(planned, { concurrency: 2 });
    expect(oldest).toBeGreaterThan(0);
    expect(oldest).toBeLessThanOrEqual(2_000);
  });

  it("that fails is looked at anew by those who come later", async () => {
    const { bench } = setScene();
    const planned = await bench.plan(["800", "801"].map((key) => desireApp(key, { name: "new" })));
    let looks = 0;
    const reader: Reader = {
      async list(query, signal) {
        looks += 1;
        if (looks === 1) throw failure("pbx-unreachable", "the line is dead");
        return bench.pbx.reader.list(query, signal);
      },
    };
    const results = await bench.apply(planned, { concurrency: 1, reader });
    expect(listOutcomes(results)).toEqual(["800 failed", "801 applied"]);
    expect(results[0]?.problems).toMatchObject([{ message: "the line is dead" }]);
  });
});

describe("a list of departments", () => {
  const favourites = (id: number, rights: Entity): Entity => ({
    GroupId: id,
    Name: `___FAVORITES___10${id}`,
    Rights: rights,
  });
  const member = (id: number, name: string, rights: Entity): Entity => ({
    GroupId: id,
    Name: name,
    Rights: rights,
  });
  const SALES = member(2, "Sales", { RoleName: "managers", CanBargeIn: true, CanIntercom: null });
  const HIDDEN = favourites(4, { RoleName: "users", CanSeeGroupCalls: true });
  const DEFAULT = member(1, "DEFAULT", { RoleName: "users" });

  async function write(groups: Json, live: readonly Entity[]): Promise<unknown> {
    const bench = createBench({
      departments: ["DEFAULT", "Sales", "Support", "___FAVORITES___104"],
      apps: [{ Number: "800", Name: "hotline", ScriptCode: OLD, Groups: live }],
    });
    const planned = await bench.plan([desireApp("800", { groups })]);
    expect(listOutcomes(await bench.apply(planned))).toEqual(["800 applied"]);
    expect((await bench.plan([desireApp("800", { groups })])).plan.changes).toEqual([]);
    return rowOf(bench, "800")?.["Groups"];
  }

  const clean = member(2, "Sales", { CanBargeIn: true, RoleName: "managers" });

  it("sends back what is hidden, with its rights", async () => {
    expect(await write([{ name: "Support" }], [DEFAULT, HIDDEN])).toEqual([
      HIDDEN,
      member(3, "Support", { RoleName: "users" }),
    ]);
  });

  it("that is cleared leaves what is hidden", async () => {
    expect(await write([], [HIDDEN, DEFAULT])).toEqual([HIDDEN]);
    expect(await write(null, [DEFAULT, HIDDEN])).toEqual([HIDDEN]);
  });

  it("keeps rights beside the role, also of one whose role changes", async () => {
    expect(
      await write([{ name: "DEFAULT" }, { name: "Sales", role: "managers" }], [SALES]),
    ).toEqual([clean, DEFAULT]);
    expect(await write([{ name: "Sales", role: "receptionists" }], [SALES])).toEqual([
      member(2, "Sales", { CanBargeIn: true, RoleName: "receptionists" }),
    ]);
  });

  it("keeps its order, whose first is the primary department, and appends what joins", async () => {
    const groups = [{ name: "DEFAULT" }, { name: "Support" }, { name: "Sales", role: "managers" }];
    expect(await write(groups, [SALES, HIDDEN, DEFAULT])).toEqual([
      clean,
      HIDDEN,
      DEFAULT,
      member(3, "Support", { RoleName: "users" }),
    ]);
  });

  it("keeps what became hidden or was given since the plan", async () => {
    const { bench } = setScene();
    const planned = await bench.plan([desireApp("800", { groups: [{ name: "Support" }] })]);
    bench.pbx.edit("CallFlowApps", HOTLINE, { Groups: [{ ...HIDDEN, GroupId: 1 }] });
    expect(listOutcomes(await bench.apply(planned))).toEqual(["800 applied"]);
    expect(rowOf(bench, "800")?.["Groups"]).toMatchObject([
      { GroupId: 1, Rights: HIDDEN["Rights"] },
      { GroupId: SUPPORT },
    ]);
  });
});
