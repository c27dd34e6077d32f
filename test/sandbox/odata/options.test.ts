import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { typeNamed } from "../../../src/sandbox/model/registry.ts";
import { readOptions } from "../../../src/sandbox/odata/options.ts";
import type { QueryOptions, Shape } from "../../../src/sandbox/odata/options.ts";
import { checkShape } from "../../../src/sandbox/odata/project.ts";

function read(query: string): QueryOptions {
  return readOptions(new URLSearchParams(query));
}

/** A shape as plain objects, to compare. */
function plain({ select, expand }: Shape): unknown {
  return {
    select: select === undefined ? "all" : [...select],
    expand: Object.fromEntries([...expand].map(([name, inner]) => [name, plain(inner)])),
  };
}

describe("query options", () => {
  test("that are absent ask for nothing", () => {
    expect(read("")).toMatchObject({
      filter: undefined,
      orderby: [],
      top: undefined,
      skip: 0,
      count: false,
      search: undefined,
    });
    expect(plain(read("").shape)).toEqual({ select: "all", expand: {} });
  });

  test("of paging are whole numbers that are not negative", () => {
    fc.assert(
      fc.property(fc.nat(100), fc.nat(), (top, skip) => {
        expect(read(`$top=${top}&$skip=${skip}`)).toMatchObject({ top, skip });
      }),
    );
    for (const bad of ["-1", "1.5", "1e3", "x", "", " 1", "99999999999999999999"])
      for (const name of ["$top", "$skip"])
        expect(() => read(`${name}=${bad}`)).toThrow("not valid");
  });

  test("of more than a hundred entities are refused with the number", () => {
    fc.assert(
      fc.property(fc.integer({ min: 101, max: 1e9 }), (top) => {
        expect(() => read(`$top=${top}`)).toThrow(
          `The value from the incoming request is '${top}'.`,
        );
      }),
    );
  });

  test("of counting are true or false", () => {
    expect([read("$count=true").count, read("$count=false").count]).toEqual([true, false]);
    for (const bad of ["TRUE", "1", ""]) expect(() => read(`$count=${bad}`)).toThrow("$count");
  });

  test("that nobody knows, or that come twice, are refused; others are not looked at", () => {
    for (const bad of ["$apply=x", "$Tops=1", "$=1", "$skiptoken=1"])
      expect(() => read(bad)).toThrow("is not supported");
    expect(() => read("$top=1&$top=1")).toThrow("more than once");
    expect(() => read("$top=1&$Top=1")).toThrow("more than once");
    expect(read("top=500&_=1")).toMatchObject({ top: undefined });
  });

  test("are known by their names in any case", () => {
    const query = { $orderby: "Name desc", $top: "7", $skip: "3", $count: "true", $select: "Id" };
    const expected = read(new URLSearchParams(query).toString());
    fc.assert(
      fc.property(fc.infiniteStream(fc.boolean()), (upper) => {
        const spelled = Object.entries(query).map(([name, value]): [string, string] => [
          Array.from(name, (one) => (upper.next().value === true ? one.toUpperCase() : one)).join(
            "",
          ),
          value,
        ]);
        expect(read(new URLSearchParams(spelled).toString())).toEqual(expected);
      }),
    );
    expect(() => read("$orderBy=Name down")).toThrow("Syntax error");
  });

  test("of order are properties with a direction", () => {
    expect(read("$orderby=Name,Id desc, Trunk/Number asc").orderby).toEqual([
      { path: ["Name"], descending: false },
      { path: ["Id"], descending: true },
      { path: ["Trunk", "Number"], descending: false },
    ]);
    for (const bad of ["", "Name down", "Name asc desc", "Name,", ",", "Name DESC"])
      expect(() => read(`$orderby=${bad}`)).toThrow("Syntax error");
  });
});

/** What is wrong with a shape for a call flow app, or `none`. */
function mistakeIn(query: string): string {
  try {
    checkShape(read(query).shape, typeNamed("CallFlowApp"));
    return "none";
  } catch (error) {
    return String(error);
  }
}

describe("$select and $expand", () => {
  test("are read however they are nested and spaced", () => {
    const { shape } = read(
      "$select=Id, Number&$expand=Groups($select=GroupId;$expand=Rights($select=RoleName)) , Trunk",
    );
    expect(plain(shape)).toEqual({
      select: ["Id", "Number"],
      expand: {
        Groups: {
          select: ["GroupId"],
          expand: { Rights: { select: ["RoleName"], expand: {} } },
        },
        Trunk: { select: "all", expand: {} },
      },
    });
  });

  test("may filter what is expanded, and end in a semicolon", () => {
    const filter = "not startsWith(Name,'a;b),(') and Id in (1,2)";
    const plainly = read(`$filter=${filter}`).filter;
    for (const options of [
      `$select=GroupId,Name;$filter=${filter}`,
      `$filter=${filter};$select=GroupId,Name;`,
      `$filter=${filter} ; `,
    ]) {
      const { shape } = read(`$expand=Members,Groups(${options})`);
      expect([...shape.expand.keys()]).toEqual(["Members", "Groups"]);
      expect(shape.expand.get("Groups")?.filter).toEqual(plainly);
      expect(shape.expand.get("Members")?.filter).toBeUndefined();
    }
    expect(read(`$expand=Groups($filter=${filter})`).filter).toBeUndefined();
  });

  test("with a star select everything", () => {
    expect(plain(read("$select=*").shape)).toEqual({ select: "all", expand: {} });
    expect(plain(read("$select=Id,*").shape)).toEqual({ select: "all", expand: {} });
  });

  test.each([
    "$select=",
    "$select=Id,",
    "$select=Id Name",
    "$select=HolidaysRoute/Route/Number",
    "$select=/Prompt",
    "$expand=",
    "$expand=Groups(",
    "$expand=Groups)",
    "$expand=Groups($select=Id",
    "$expand=Groups()",
    "$expand=Groups($top=1)",
    "$expand=Groups($filter=)",
    "$expand=Groups($filter=Id eq)",
    "$expand=Groups($select=Id;;)",
    "$expand=Groups(;)",
    "$expand=Groups(select=Id)",
    "$expand=Groups/Rights",
  ])("as in %s are refused", (query) => {
    expect(() => read(query)).toThrow("The query specified in the URI is not valid.");
  });

  test.each([
    ["$select=ScriptCode,Groups", "none"],
    ["$expand=Groups($expand=Rights,GroupRights),Trunk($expand=RoutingRules)", "none"],
    ["$expand=Groups($filter=GroupId eq 1;$expand=Rights)", "none"],
    ["$expand=Trunk($filter=Id eq 1)", "The $filter of 'Trunk' needs a collection"],
    ["$select=Nothing", "named 'Nothing' on type 'Pbx.CallFlowApp'"],
    ["$select=scriptcode", "named 'scriptcode'"],
    ["$expand=Nothing", "named 'Nothing' on type 'Pbx.CallFlowApp'"],
    ["$expand=ScriptCode", "'ScriptCode' on type 'Pbx.CallFlowApp' is not a navigation property"],
    ["$expand=Groups($select=Nothing)", "named 'Nothing' on type 'Pbx.UserGroup'"],
    ["$expand=Groups($expand=Rights($select=Nothing))", "named 'Nothing' on type 'Pbx.Rights'"],
  ])("%s is checked against the type: %s", (query, mistake) => {
    expect(mistakeIn(query)).toContain(mistake);
  });
});
