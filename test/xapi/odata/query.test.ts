import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Query } from "../../../src/domain/ports.ts";
import {
  buildEntityPath,
  buildListPath,
  parseCreatedId,
  parseListAnswer,
} from "../../../src/xapi/odata/query.ts";

const WHOLE: Query = { collection: "CallFlowApps", select: ["Id", "Number"] };
const FIRST = { top: 100, skip: 0, count: true };

/** The query options of a path, decoded as a server decodes them. */
function decode(path: string): Record<string, string> {
  const pairs = path.slice(path.indexOf("?") + 1).split("&");
  return Object.fromEntries(
    pairs.map((pair) => {
      const [name = "", ...value] = pair.split("=");
      return [name, decodeURIComponent(value.join("="))];
    }),
  );
}

function filterBy(...values: readonly (string | number)[]): string {
  const path = buildListPath({ ...WHOLE, where: { property: "Name", in: values } }, FIRST);
  return decode(path)["$filter"] ?? "";
}

/** Reads `P eq 'a' or P eq 'b'` back into its values, by OData's own rule for quotes. */
function readFilter(filter: string): string[] {
  const literal = /^(?:^| or )Name eq '((?:[^']|'')*)'/;
  const found: string[] = [];
  for (let rest = filter; rest !== "";) {
    const match = literal.exec(rest);
    if (match === null) throw new Error(`no literal at: ${rest}`);
    found.push((match[1] ?? "").replaceAll("''", "'"));
    rest = rest.slice(match[0].length);
  }
  return found;
}

describe("the address of a page", () => {
  it("names the fields, a fixed order, the page size and asks for the count on the first page", () => {
    expect(buildListPath(WHOLE, FIRST)).toBe(
      "/CallFlowApps?$select=Id,Number&$orderby=Id&$top=100&$count=true",
    );
  });

  it("skips on further pages and asks for no count there", () => {
    expect(buildListPath(WHOLE, { top: 100, skip: 300, count: false })).toBe(
      "/CallFlowApps?$select=Id,Number&$orderby=Id&$top=100&$skip=300",
    );
  });

  it("nests what is expanded, with semicolons inside the brackets", () => {
    const query: Query = {
      ...WHOLE,
      expand: [
        {
          property: "Groups",
          select: ["GroupId", "Name"],
          expand: [{ property: "Rights", select: ["RoleName"] }],
        },
        { property: "Trunk" },
      ],
    };
    expect(decode(buildListPath(query, FIRST))["$expand"]).toBe(
      "Groups($select=GroupId,Name;$expand=Rights($select=RoleName)),Trunk",
    );
  });

  it("names one entity by its number", () => {
    expect(buildEntityPath("CallFlowApps", 42)).toBe("/CallFlowApps(42)");
  });
});

describe("a filter", () => {
  it("joins values by or, because no PBX was seen to take in", () => {
    expect(filterBy("a", "b")).toBe("Name eq 'a' or Name eq 'b'");
  });

  it("writes numbers without quotes", () => {
    expect(filterBy(1, 20)).toBe("Name eq 1 or Name eq 20");
  });

  it("doubles single quotes", () => {
    expect(filterBy("O'Brien's")).toBe("Name eq 'O''Brien''s'");
  });

  it.each(["a&b=c", "50 %", "#1", "a+b", "x;y", "tab\there", "Zürich 📞", "' or 1 eq 1 or '", "?"])(
    "carries %j unharmed",
    (value) => {
      expect(readFilter(filterBy(value))).toEqual([value]);
    },
  );

  it("gives back exactly the values it was made of, whatever they are", () => {
    const text = fc.string({ unit: "grapheme" });
    fc.assert(
      fc.property(fc.array(text, { minLength: 1, maxLength: 5 }), (values) => {
        expect(readFilter(filterBy(...values))).toEqual(values);
      }),
    );
  });

  it("never breaks out of the request line", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary-ascii" }), (value) => {
        const path = buildListPath({ ...WHOLE, where: { property: "Name", in: [value] } }, FIRST);
        expect(path).toMatch(/^[\x21-\x7e]+$/);
        expect(path).not.toContain("#");
        expect(path.split("&")).toHaveLength(5);
      }),
    );
  });
});

describe("the answer to a list", () => {
  it("gives the entities and the count", () => {
    const body = { "@odata.context": "https://PBX/xapi/v1/$metadata#Groups", "@odata.count": 1 };
    expect(parseListAnswer({ ...body, value: [{ Id: 1 }] })).toEqual({
      value: [{ Id: 1 }],
      count: 1,
    });
  });

  it.each([undefined, null, "3", -1, 1.5, Number.NaN])("takes %j for no count", (count) => {
    expect(parseListAnswer({ value: [], "@odata.count": count })).toEqual({ value: [] });
  });

  it.each([undefined, null, "text", [], {}, { value: {} }, { value: [1] }, { value: [null] }])(
    "is none when the body is %j",
    (body) => {
      expect(parseListAnswer(body)).toBeUndefined();
    },
  );

  it("never throws, whatever the server says", () => {
    fc.assert(
      fc.property(fc.anything(), (body) => {
        expect(["undefined", "object"]).toContain(typeof parseListAnswer(body));
        expect(["undefined", "number"]).toContain(typeof parseCreatedId(body));
      }),
    );
  });
});

describe("the id of what was created", () => {
  it("is read from the entity", () => {
    expect(parseCreatedId({ Id: 131, Number: "806" })).toBe(131);
  });

  it.each([undefined, null, {}, { Id: "131" }, { Id: 1.5 }, []])("is not in %j", (body) => {
    expect(parseCreatedId(body)).toBeUndefined();
  });
});
