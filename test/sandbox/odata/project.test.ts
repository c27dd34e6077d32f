import { beforeEach, describe, expect, test } from "vitest";
import type { Json } from "../../../src/sandbox/json.ts";
import { typeNamed } from "../../../src/sandbox/model/registry.ts";
import type { Row } from "../../../src/sandbox/model/types.ts";
import { readOptions } from "../../../src/sandbox/odata/options.ts";
import { projector } from "../../../src/sandbox/odata/project.ts";
import { createStore } from "../../../src/sandbox/pbx/store.ts";
import type { Store } from "../../../src/sandbox/pbx/store.ts";
import { chooseQuirks } from "../../../src/sandbox/quirks.ts";

let store: Store;
let app: Row;
beforeEach(() => {
  store = createStore("20.0.10", chooseQuirks("20.0.10"));
  store.insert("Groups", { Number: "GRP0000", Name: "DEFAULT" });
  store.insert("Trunks", {
    Number: "10000",
    Gateway: { Name: "Main" },
    AuthPassword: { Value: "x" },
  });
  app = store.insert("CallFlowApps", {
    ...{
      Number: "806",
      Name: "desk",
      ScriptCode: "code",
      RejectedCode: "refused",
      Files: ["a.wav"],
    },
    ...{ Trunk: 2, Groups: [{ GroupId: 1, RoleName: "managers" }] },
  });
});

function show(query: string, type = "CallFlowApp", row = app): Readonly<Record<string, Json>> {
  return projector(readOptions(new URLSearchParams(query)).shape, typeNamed(type), store)(row);
}

describe("an entity, as the API shows it", () => {
  test("has every plain property of its type, what was never written as null", () => {
    expect(show("")).toEqual({
      Id: 3,
      Number: "806",
      Name: "desk",
      TranscriptionMode: null,
      RoutingType: null,
      CompilationSucceeded: null,
      CompilationResult: null,
      CompilationLastSuccess: null,
      InvalidScript: null,
      IsRegistered: null,
    });
  });

  test("has nothing that is no property of its type", () => {
    for (const query of ["", "$select=*", "$expand=Groups,Trunk"])
      expect(show(query)).not.toHaveProperty("Files");
  });

  test("has what is selected, texts of scripts included", () => {
    expect(show("$select=ScriptCode,RejectedCode,Id")).toEqual({
      Id: 3,
      ScriptCode: "code",
      RejectedCode: "refused",
    });
  });

  test("has what is expanded besides what is selected", () => {
    expect(show("$select=Id&$expand=Trunk($select=Number)")).toEqual({
      Id: 3,
      Trunk: { Number: "10000" },
    });
    expect(show("$select=Groups,Id")).toEqual({ Id: 3 });
  });

  test("has whole objects where an expansion selects nothing, lists in them empty instead of absent", () => {
    const { Trunk: trunk } = show("$select=Id&$expand=Trunk");
    expect(trunk).toMatchObject({
      Id: 2,
      Number: "10000",
      DidNumbers: [],
      Tags: [],
      Direction: null,
    });
    expect(trunk).not.toHaveProperty("RoutingRules");
  });

  test("has properties of objects inside it completed in the same way", () => {
    const { Gateway: gateway, AuthPassword: password } = show("", "Trunk", store.byId("Trunks", 2));
    expect(gateway).toMatchObject({ Name: "Main", Host: null, Codecs: [] });
    expect(password).toEqual({ Concealed: null, Value: "x" });
  });

  test("has links of its links, as deep as they are asked for", () => {
    store.insert("InboundRules", { RuleName: "in", TrunkDN: 2 });
    const query =
      "$select=Id&$expand=Trunk($select=Id;$expand=RoutingRules($select=RuleName;$expand=TrunkDN($select=Number)))";
    expect(show(query)).toEqual({
      Id: 3,
      Trunk: { Id: 2, RoutingRules: [{ RuleName: "in", TrunkDN: { Number: "10000" } }] },
    });
  });

  test("has rights only where they are expanded inside a membership", () => {
    expect(show("$select=Id&$expand=Groups($select=GroupId)")).toEqual({
      Id: 3,
      Groups: [{ GroupId: 1 }],
    });
    const { Groups: groups } = show("$expand=Groups($select=Id;$expand=Rights)");
    expect(groups).toEqual([
      { Id: 3001, Rights: expect.objectContaining({ RoleName: "managers", AllowIVR: null }) },
    ]);
  });

  test("has of its links only what the expansion's filter lets through", () => {
    store.insert("Groups", { Number: "GRP0001", Name: "___FAVORITES___806" });
    const favorites = store.byNumber("GRP0001")?.row["Id"] ?? null;
    const both = [1, favorites].map((GroupId) => ({ GroupId, RoleName: "users" }));
    store.apply({ set: "CallFlowApps", row: app, values: { Groups: both } });
    const names = (filter: string): unknown =>
      show(`$select=Id&$expand=Groups($select=Name;$filter=${filter})`)["Groups"];
    const [real, favorite] = [{ Name: "DEFAULT" }, { Name: "___FAVORITES___806" }];
    expect(names("not startsWith(Name,'___FAVORITES___');")).toEqual([real]);
    expect(names("startsWith(Name,'___FAVORITES___')")).toEqual([favorite]);
    expect(names("GroupId eq 1 or Name ne null")).toEqual([real, favorite]);
    expect(names("Name eq 'nobody'")).toEqual([]);
    expect(() => names("Nothing eq 1")).toThrow("named 'Nothing' on type 'Pbx.UserGroup'");
    expect(() => names("GroupId eq 'one'")).toThrow("incompatible types");
    store.apply({ set: "CallFlowApps", row: app, values: { Groups: [] } });
    expect(() => names("Nothing eq 1")).toThrow("named 'Nothing'");
  });

  test("has null and nothing where the link leads nowhere", () => {
    const bare = store.insert("CallFlowApps", { Number: "807" });
    expect(show("$select=Id&$expand=Trunk,Groups", "CallFlowApp", bare)).toEqual({
      Id: 4,
      Trunk: null,
      Groups: [],
    });
  });

  test("has what is worked out at the time of reading", () => {
    const group = store.byId("Groups", 1);
    expect(show("$select=HasMembers", "Group", group)).toEqual({ HasMembers: true });
    store.remove("CallFlowApps", app);
    expect(show("$select=HasMembers", "Group", group)).toEqual({ HasMembers: false });
  });

  test("is a copy: changing it changes nothing", () => {
    const shown = show("$select=Id,Name&$expand=Groups");
    Object.assign(shown, { Name: "spoilt", Groups: [] });
    expect(show("$select=Name")).toEqual({ Name: "desk" });
  });
});
