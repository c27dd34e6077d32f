import { beforeEach, describe, expect, test } from "vitest";
import type { Json } from "../../../src/sandbox/json.ts";
import { setNamed, typeNamed } from "../../../src/sandbox/model/registry.ts";
import type { Row } from "../../../src/sandbox/model/types.ts";
import { bindBody } from "../../../src/sandbox/pbx/binder.ts";
import { createStore } from "../../../src/sandbox/pbx/store.ts";
import type { Store } from "../../../src/sandbox/pbx/store.ts";
import { firstFree, prepareCreate, prepareUpdate } from "../../../src/sandbox/pbx/writes.ts";
import type { Quirks } from "../../../src/sandbox/quirks.ts";
import { chooseQuirks } from "../../../src/sandbox/quirks.ts";

function openStore(overrides: Partial<Quirks> = {}): Store {
  return createStore("20.0.10", chooseQuirks("20.0.10", overrides));
}

describe("binding a body", () => {
  const bind = (type: string, body: Json) => bindBody(body, typeNamed(type));

  test("leaves annotations out and everything else as it is", () => {
    const body = {
      "@odata.context": "x",
      "Name@odata.type": "#String",
      Name: "a",
      Groups: [{ "@odata.id": 1, GroupId: 2 }],
    };
    expect(bind("CallFlowApp", body)).toEqual({ Name: "a", Groups: [{ GroupId: 2 }] });
  });

  test.each([
    ["Holiday", "Day", [0, 255], [-1, 256, 1.5, "1", null]],
    [
      "Holiday",
      "TimeOfEndDate",
      ["P1D", "PT0S", "PT23H59M59S", "P1DT2H", "-P1D", "PT1.5S"],
      ["", "P", "PT", "1D", "P1H", 5, null],
    ],
    ["Holiday", "Year", [0, -5, 2_147_483_647, -2_147_483_648], [2_147_483_648, 1.5, "2026", null]],
    ["Holiday", "IsRecurrent", [true, false, null], ["true", 0]],
    ["Holiday", "Name", ["", "x"], [null, 5, {}]],
    [
      "Group",
      "OverrideExpiresAt",
      ["2026-01-01T00:00:00Z", "2026-01-01T00:00:00.123+02:00", null],
      ["2026-01-01", "now", 5],
    ],
    ["Period", "Start", ["08:00:00.0000000", "08:00:30.5000000", null], ["8:00", "08", 8, "25:99"]],
    ["CallFlowApp", "RoutingType", ["DialCode", "Forward", "Trunk", null], ["trunk", "", 1, {}]],
    ["Trunk", "DidNumbers", [[], ["+49"]], [null, "+49", [5], [null], {}]],
    ["Trunk", "Gateway", [{}, { Name: "x" }, null], ["x", { Nom: "x" }, []]],
    ["User", "AgentSettings", [{ anything: [1] }, null, 5], []],
  ] as const)("takes %s.%s as it should be and no other", (type, name, good, bad) => {
    for (const value of good) expect(bind(type, { [name]: value })).toEqual({ [name]: value });
    for (const value of bad)
      expect(() => bind(type, { [name]: value })).toThrow("delta field is required");
  });

  test("refuses what is no object, and names the type does not have", () => {
    for (const body of [null, [], "x", 5, true, { name: "wrong case" }, { __proto__x: 1 }])
      expect(() => bind("CallFlowApp", body)).toThrow("delta field is required");
    expect(() => bindBody(undefined, typeNamed("Group"))).toThrow("delta field is required");
    expect(() => bind("CallFlowApp", JSON.parse('{"__proto__":{"Name":"x"}}'))).toThrow("delta");
  });
});

describe("a create that is prepared", () => {
  let store: Store;
  beforeEach(() => {
    store = openStore();
    store.insert("Groups", { Number: "GRP0000", Name: "DEFAULT" });
  });

  test("has the defaults of its kind under what was sent", () => {
    const { values } = prepareCreate(store, setNamed("Queues"), { Name: "q", RingTimeout: 5 });
    expect(values).toMatchObject({
      Name: "q",
      RingTimeout: 5,
      PollingStrategy: "HuntRandomStart",
      Number: "800",
    });
  });

  test("changes nothing before it is made", () => {
    const before = JSON.stringify(store.snapshot());
    prepareCreate(store, setNamed("Groups"), { Name: "x", Members: [] });
    expect(JSON.stringify(store.snapshot())).toBe(before);
    expect(store.revision).toBe(1);
  });

  test("takes an id of nothing and no other", () => {
    const create = (Id: number) => prepareCreate(store, setNamed("Queues"), { Id });
    expect(create(0).values).not.toHaveProperty("Id");
    expect(() => create(7)).toThrow("Id:\nWARNINGS.XAPI.FORBIDDEN_CHANGE");
  });

  test("lists everything that is missing at once, and what is empty as empty", () => {
    const create = () =>
      prepareCreate(store, setNamed("InboundRules"), { RuleName: "", Data: "1" });
    expect(create).toThrow(/RuleName:\nWARNINGS\.XAPI\.CAN_NOT_BE_EMPTY_STRING/u);
    expect(create).toThrow(
      /Condition:\nWARNINGS\.XAPI\.REQUIRED\n\nTrunkDN:\nWARNINGS\.XAPI\.REQUIRED/u,
    );
  });

  test("spreads what belongs to other rows only when it is made", () => {
    const user = store.insert("Users", { Number: "100" });
    const prepared = prepareCreate(store, setNamed("Groups"), {
      Name: "x",
      Members: [{ Number: "100" }],
    });
    expect(prepared.values).not.toHaveProperty("Members");
    const group = store.insert("Groups", prepared.values);
    expect(prepared.spread(group)).toEqual([
      {
        set: "Users",
        row: user,
        values: { Groups: [{ GroupId: group["Id"], RoleName: "users" }] },
      },
    ]);
  });
});

describe("an update that is prepared", () => {
  let store: Store;
  let queue: Row;
  beforeEach(() => {
    store = openStore();
    queue = store.insert("Queues", { Number: "800", Name: "q", IsRegistered: true });
  });
  const update = (body: Json) => prepareUpdate(store, setNamed("Queues"), queue, body);

  test("has what was sent and nothing else", () => {
    expect(update({ Name: "r", RingTimeout: 5 }).values).toEqual({ Name: "r", RingTimeout: 5 });
    expect(update({}).values).toEqual({});
  });

  test("lets fixed properties be sent as they are, or empty", () => {
    expect(update({ Id: 1, Number: "800", IsRegistered: true }).values).toEqual({});
    expect(update({ Number: null, IsRegistered: null }).values).toEqual({});
  });

  test("lists every fixed property that was to be changed", () => {
    expect(() => update({ Id: 2, Number: "801", IsRegistered: false })).toThrow(
      ["Id", "Number", "IsRegistered"]
        .map((name) => `${name}:\nWARNINGS.XAPI.FORBIDDEN_CHANGE`)
        .join("\n\n"),
    );
  });
});

describe("the first free number", () => {
  test("is the first that nobody has, of whatever kind", () => {
    const store = openStore();
    expect(firstFree(store, setNamed("Queues"))).toBe("800");
    store.insert("CallFlowApps", { Number: "800" });
    store.insert("Reserved", { Number: "801", Type: "Fax" });
    store.insert("Queues", { Number: "803" });
    expect(firstFree(store, setNamed("Queues"))).toBe("802");
  });

  test("has the form of its kind", () => {
    const store = openStore();
    const forms = ["Users", "Trunks", "Groups", "RingGroups", "Receptionists"].map((set) =>
      firstFree(store, setNamed(set)),
    );
    expect(forms).toEqual(["101", "10000", "GRP0001", "800", "800"]);
  });
});
