import { beforeEach, describe, expect, test } from "vitest";
import type { Json } from "../../../src/sandbox/json.ts";
import { completeDestinations } from "../../../src/sandbox/model/destination.ts";
import { describeType, namesOf } from "../../../src/sandbox/model/describe.ts";
import {
  contained,
  derived,
  extensionList,
  nameOf,
  reference,
} from "../../../src/sandbox/model/links.ts";
import {
  members,
  memberships,
  membershipsOf,
  membersOf,
} from "../../../src/sandbox/model/memberships.ts";
import { rewriteOutboundRule } from "../../../src/sandbox/model/outbound-rule.ts";
import { listPeers, peerGroups } from "../../../src/sandbox/model/peers.ts";
import { rulesOf } from "../../../src/sandbox/model/trunk-rules.ts";
import type { Row } from "../../../src/sandbox/model/types.ts";
import { createStore } from "../../../src/sandbox/pbx/store.ts";
import type { Store } from "../../../src/sandbox/pbx/store.ts";
import { chooseQuirks } from "../../../src/sandbox/quirks.ts";

let store: Store;
let support: Row;
let ann: Row;
let trunk: Row;
beforeEach(() => {
  store = createStore("20.0.10", chooseQuirks("20.0.10"));
  support = store.insert("Groups", { Number: "GRP0000", Name: "Support" });
  ann = store.insert("Users", { Number: "100", FirstName: "Ann", LastName: "Lee" });
  trunk = store.insert("Trunks", { Number: "10000", Gateway: { Name: "Main" } });
});

describe("the name of an entity", () => {
  test("is taken from wherever its type keeps it", () => {
    expect([support, ann, trunk].map(nameOf)).toEqual(["Support", "Ann Lee", "Main"]);
    expect(nameOf({ FirstName: "Ann", LastName: "" })).toBe("Ann");
    expect(nameOf({ Gateway: { Name: 5 } })).toBe("");
    expect(nameOf({})).toBe("");
  });
});

describe("a list of extensions", () => {
  const agents = extensionList("SkillGroup");

  test("keeps numbers and reads them back with id and name", () => {
    const bound = agents.bind?.(
      store,
      [{ Number: "100", SkillGroup: "1", Name: "ignored", Id: 99 }],
      "Agents",
    );
    expect(bound).toEqual([{ Number: "100", SkillGroup: "1" }]);
    expect(agents.read?.(store, { Agents: bound ?? null }, "Agents")).toEqual([
      { Number: "100", SkillGroup: "1", Id: ann["Id"], Name: "Ann Lee" },
    ]);
  });

  test("refuses what has no number, or one that nobody has", () => {
    for (const sent of [[{}], [{ Number: "999" }], [5], [{ Number: 100 }]])
      expect(() => agents.bind?.(store, sent, "Agents")).toThrow(
        "Agents:\nWARNINGS.XAPI.NOT_FOUND",
      );
  });

  test("leaves out an extension that is gone", () => {
    store.remove("Users", ann);
    expect(agents.read?.(store, { Agents: [{ Number: "100" }] }, "Agents")).toEqual([]);
  });
});

describe("a reference", () => {
  const byId = reference("Trunks", () => false);
  const byNumber = reference("Trunks", () => true);

  test("is kept as the id and read as the entity, or as nothing when that is gone", () => {
    expect(byId.bind?.(store, { Id: 3 }, "Trunk")).toBe(3);
    expect(byId.read?.(store, { Trunk: 3 }, "Trunk")).toBe(trunk);
    store.remove("Trunks", trunk);
    expect(byId.read?.(store, { Trunk: 3 }, "Trunk")).toBeNull();
    expect(byId.read?.(store, {}, "Trunk")).toBeNull();
  });

  test("is cleared by null", () => {
    expect(byId.bind?.(store, null, "Trunk")).toBeNull();
  });

  test("is found by number only where that is allowed, and never against the id", () => {
    expect(byNumber.bind?.(store, { Number: "10000" }, "Trunk")).toBe(3);
    expect(byNumber.bind?.(store, { Id: 3, Number: "10000" }, "Trunk")).toBe(3);
    for (const [link, sent] of [
      [byId, { Number: "10000" }],
      [byId, { Id: 3, Number: "10001" }],
      [byId, { Id: 9 }],
      [byId, {}],
      [byNumber, { Number: "10001" }],
    ] as const)
      expect(() => link.bind?.(store, sent, "Trunk")).toThrow("Trunk:\nWARNINGS.XAPI.NOT_FOUND");
  });
});

describe("other links", () => {
  test("keep what is inside as it was sent, and what is worked out unwritable", () => {
    const sent = [{ a: 1 }];
    expect(contained().bind?.(store, sent, "Rights")).toBe(sent);
    expect([contained().path, contained(true).path]).toEqual([false, true]);
    expect(derived(() => []).bind).toBeUndefined();
  });
});

describe("memberships", () => {
  const own = memberships();
  const all = members();

  test("are read from both sides, and written from both", () => {
    const bound =
      own.bind?.(store, [{ GroupId: 1, Rights: { RoleName: "managers" } }], "Groups") ?? null;
    store.apply({ set: "Users", row: ann, values: { Groups: bound } });
    expect(membersOf(store, 1)).toEqual([
      { set: "Users", row: ann, membership: { GroupId: 1, RoleName: "managers" } },
    ]);
    expect(all.read?.(store, support, "Members")).toMatchObject([
      { Number: "100", Rights: { RoleName: "managers" } },
    ]);

    const none = all.bind?.(store, [], "Members") ?? null;
    for (const change of all.spread?.(store, none, support) ?? []) store.apply(change);
    expect(membershipsOf(ann)).toEqual([]);
    expect(membersOf(store, 1)).toEqual([]);
  });

  test("of others in the same department are not touched by a change of role", () => {
    const bob = store.insert("Users", {
      Number: "101",
      Groups: [{ GroupId: 1, RoleName: "users" }],
    });
    const other = store.insert("Groups", { Number: "GRP0001", Name: "Other" });
    store.apply({
      set: "Users",
      row: bob,
      values: {
        Groups: [
          { GroupId: Number(other["Id"]), RoleName: "users" },
          { GroupId: 1, RoleName: "users" },
        ],
      },
    });
    const bound =
      all.bind?.(
        store,
        [{ Number: "101", Rights: { RoleName: "managers" } }, { Number: "100" }],
        "Members",
      ) ?? null;
    for (const change of all.spread?.(store, bound, support) ?? []) store.apply(change);
    expect(membershipsOf(bob)).toEqual([
      { GroupId: other["Id"], RoleName: "users" },
      { GroupId: 1, RoleName: "managers" },
    ]);
    expect(membershipsOf(ann)).toEqual([{ GroupId: 1, RoleName: "users" }]);
  });

  test("name a department once, that exists, with a role there is", () => {
    for (const [sent, code] of [
      [[{ GroupId: 9 }], "Groups:\nWARNINGS.XAPI.NOT_FOUND"],
      [[{}], "Groups:\nWARNINGS.XAPI.NOT_FOUND"],
      [[{ GroupId: 1 }, { GroupId: 1 }], "Groups:\nWARNINGS.XAPI.DUPLICATE"],
      [
        [{ GroupId: 1, Rights: { RoleName: "king" } }],
        "Groups.Rights.RoleName:\nWARNINGS.XAPI.NOT_FOUND",
      ],
    ] as const)
      expect(() => own.bind?.(store, sent, "Groups")).toThrow(code);
  });

  test("of a department that is gone are shown without its name", () => {
    store.apply({
      set: "Users",
      row: ann,
      values: { Groups: [{ GroupId: 77, RoleName: "users" }] },
    });
    expect(own.read?.(store, ann, "Groups")).toMatchObject([{ GroupId: 77, Name: null }]);
  });
});

describe("peers", () => {
  test("are everything with a number, in the order of their ids", () => {
    store.insert("Reserved", { Number: "888", Name: "Fax", Type: "Fax" });
    store.insert("Parameters", { Name: "no number" });
    expect(
      listPeers(store).map(({ Number: number, Type: type, Name: name }) => [number, type, name]),
    ).toEqual([
      ["GRP0000", "Group", "Support"],
      ["100", "Extension", "Ann Lee"],
      ["10000", "ExternalLine", "Main"],
      ["888", "Fax", "Fax"],
    ]);
  });

  test("name their departments, the primary one marked", () => {
    store.apply({
      set: "Users",
      row: ann,
      values: { Groups: [{ GroupId: 1, RoleName: "users" }], PrimaryGroupId: 1 },
    });
    expect(peerGroups.read?.(store, { Number: "100" }, "MemberOf")).toEqual([
      { GroupID: 1, IsPrimary: true, Name: "Support", Number: "GRP0000", RoleName: "users" },
    ]);
    expect(peerGroups.read?.(store, { Number: "999" }, "MemberOf")).toEqual([]);
  });
});

describe("a destination", () => {
  const complete = (value: Json, type = "Destination"): Json =>
    completeDestinations(
      store,
      { name: "D", type, list: false, navigation: false, required: false, computed: false },
      value,
    );

  test("is completed from the extension it names", () => {
    const completed = {
      ...{ External: "", To: "Extension", Number: "100" },
      ...{ Name: "Ann Lee", Type: "Extension", Tags: [] },
    };
    expect(complete({ To: "Extension", Number: "100" })).toEqual(completed);
    expect(
      complete({ Prompt: "p.wav", Route: { To: "Extension", Number: "100" } }, "Route"),
    ).toEqual({ Prompt: "p.wav", Route: completed });
    expect(complete({ To: "Extension", Number: "100" }, "Schedule")).toEqual({
      ...{ To: "Extension", Number: "100" },
    });
  });

  test("of no extension is empty, and one that nobody has is refused", () => {
    expect(complete({ To: "External", External: "+49" })).toMatchObject({
      External: "+49",
      Number: "",
      Type: "None",
    });
    expect(complete(null)).toBeNull();
    expect(complete({ Prompt: "" }, "Route")).toMatchObject({ Route: { To: "None" } });
    expect(() => complete({ Number: "9" })).toThrow("D.Number:\nWARNINGS.XAPI.NOT_FOUND");
    expect(() => complete({ Route: { Number: "9" } }, "Route")).toThrow("D.Route.Number:");
  });

  test("of another kind than the number is refused", () => {
    for (const To of ["Queue", "RingGroup", "IVR", "RoutePoint", "Fax"])
      expect(() => complete({ To, Number: "100" })).toThrow("D.Number:");
    for (const To of ["Extension", "VoiceMail"])
      expect(complete({ To, Number: "100" })).toMatchObject({ To, Type: "Extension" });
  });
});

describe("rules", () => {
  test("of a trunk are those that name it", () => {
    const rule = store.insert("InboundRules", { TrunkDN: 3 });
    store.insert("InboundRules", { TrunkDN: 4 });
    expect(rulesOf(store, 3)).toEqual([rule]);
  });

  test.each([
    ["118,119", "118-119"],
    ["1,2,3,5,6,9", "1-3,5-6,9"],
    ["9,8", "9,8"],
    ["0", "0"],
    ["", ""],
    ["00, 01", "00-01"],
    ["a,b", "a,b"],
    ["1,1", "1,1"],
  ])("to the outside with the prefix %s read back as %s", (sent, expected) => {
    const row: Row = { Prefix: sent };
    rewriteOutboundRule(row);
    expect(row["Prefix"]).toBe(expected);
  });

  test("to the outside have five routes, whatever was sent", () => {
    for (const length of [0, 3, 5, 7]) {
      const row: Row = { Routes: Array.from({ length }, (_, index) => ({ TrunkId: index })) };
      rewriteOutboundRule(row);
      const trunks = (row["Routes"] as { TrunkId: number }[]).map((route) => route.TrunkId);
      expect(trunks).toEqual([0, 1, 2, 3, 4].map((index) => (index < length ? index : -1)));
    }
  });
});

describe("the notation of the model", () => {
  test("says of each property what it is", () => {
    const type = describeType("T", "A:string B:>Other[] C:int!", "D:bool=");
    expect([...type.properties.values()]).toEqual([
      {
        name: "A",
        type: "string",
        list: false,
        navigation: false,
        required: false,
        computed: false,
      },
      { name: "B", type: "Other", list: true, navigation: true, required: false, computed: false },
      { name: "C", type: "int", list: false, navigation: false, required: true, computed: false },
      { name: "D", type: "bool", list: false, navigation: false, required: false, computed: true },
    ]);
    expect(namesOf("bool", " A  B ")).toBe("A:bool B:bool");
  });

  test.each(["A", "A:", ":string", "A:string?", "A::string", "A:[]"])("refuses %s", (word) => {
    expect(() => describeType("T", word)).toThrow(`not a property: ${word}`);
  });
});
