import { describe, expect, it } from "vitest";
import { createContract } from "../support/contract/judge/check.ts";
import { createCoverage, type Coverage } from "../support/contract/judge/coverage.ts";
import type { Recorded } from "../support/contract/record/record.ts";
import { judgeRun } from "../support/contract/judge/report.ts";
import { describeTiny } from "./tiny-spec.ts";

const spec = describeTiny();
const shelf = { Id: 1, Name: "x", Boards: [{ Length: 1 }] };

const EXCHANGES: readonly Recorded[] = [
  {
    method: "GET",
    target: "/xapi/v1/Shelves?$select=Id,Wood&$expand=Tags($select=Text)",
    agent: "callform",
    answer: { status: 200, body: { value: [{ Id: 1, Wood: null, Tags: [{ Text: "x" }] }] } },
  },
  {
    method: "PATCH",
    target: "/xapi/v1/Shelves(1)",
    agent: "callform",
    request: { Boards: [{ Sound: true }] },
    answer: { status: 204 },
  },
  {
    method: "GET",
    target: "/xapi/v1/Shelves(1)",
    agent: "node",
    answer: { status: 200, body: shelf },
  },
  { method: "GET", target: "/xapi/v1/Shelves(1)", answer: { status: 404 } },
];

function cover(exchanges: readonly Recorded[]): Coverage {
  const contract = createContract(spec);
  const coverage = createCoverage(spec);
  for (const exchange of exchanges) coverage.note(exchange, contract.judge(exchange), 2);
  return coverage;
}

describe("the coverage of a run", () => {
  it("counts each operation by who used it, and lists what it answered", () => {
    const uses = cover(EXCHANGES).operations();
    expect(uses.map(({ operation, ...use }) => ({ name: operation.name, ...use }))).toEqual([
      { name: "GET /Shelves", client: 2, others: 0, statuses: [200] },
      { name: "GET /Shelves({Id})", client: 0, others: 4, statuses: [200, 404] },
      { name: "PATCH /Shelves({Id})", client: 2, others: 0, statuses: [204] },
    ]);
  });

  it("lists the properties that were asked for, sent and received, wherever they stood", () => {
    const types = cover(EXCHANGES).types();
    const seen = types.map(({ type, asked, sent, received }) => ({
      type,
      asked: [...asked],
      sent: [...sent],
      received: [...received].toSorted(),
    }));
    expect(seen).toEqual([
      { type: "Board", asked: [], sent: ["Sound"], received: ["Length"] },
      {
        type: "Shelf",
        asked: ["Id", "Wood", "Tags"],
        sent: ["Boards"],
        received: ["Boards", "Id", "Name", "Tags", "Wood"],
      },
      { type: "Tag", asked: ["Text"], sent: [], received: ["Text"] },
    ]);
  });

  it("takes for sent and asked for only what Callform itself sent and asked for", () => {
    const byHand = EXCHANGES.map((exchange) => Object.assign({}, exchange, { agent: "node" }));
    for (const { asked, sent } of cover(byHand).types()) expect([...asked, ...sent]).toEqual([]);
  });

  it("leaves out what a test made up, what never came and what the API does not have", () => {
    const [list, , read] = EXCHANGES;
    if (list === undefined || read === undefined) throw new Error("no exchange");
    const { answer: _answer, ...lost } = list;
    const coverage = cover([
      lost,
      { ...read, faults: ["status"] },
      { method: "GET", target: "/xapi/v1/Planted", answer: { status: 200, body: { Id: 1 } } },
    ]);
    expect(coverage.operations().map(({ statuses }) => statuses)).toEqual([[], []]);
    expect(coverage.types().flatMap(({ received }) => [...received])).toEqual([]);
  });
});

describe("the report of a run", () => {
  const count = (exchanges: readonly Recorded[]): Parameters<typeof judgeRun>[1] =>
    exchanges.map((exchange, index) => ({ exchange, times: index + 1 }));

  it("of a sound run says so, after what was exercised", () => {
    const { violations, text } = judgeRun(spec, count(EXCHANGES));
    expect(violations).toBe(0);
    expect(text).toContain("(tiny.yaml): 3 requests of the client and 10 answers of the sandbox");
    expect(text).toContain("operations exercised: 3 of 7");
    expect(text).toMatch(/^ {2}GET \/Shelves\(\{Id\}\) +client 0, others 7 +200 404$/mu);
    expect(text).toContain(
      "  Shelf: 5 of 9; client asked 3, sent 1\n      all but Uses Load Room Since",
    );
    expect(text).toContain("  Tag: 1 of 1; client asked 1, sent 0\n");
    expect(text).toMatch(/no violation of the contract\n+$/u);
  });

  it("of a run with violations names each once, how often it happened and where first", () => {
    const wrong = (value: readonly unknown[], test: string): Recorded => ({
      method: "GET",
      target: "/xapi/v1/Shelves",
      answer: { status: 200, body: { value } },
      test,
    });
    const planted = { Planted: 1 };
    const { violations, text } = judgeRun(
      spec,
      count([
        wrong([planted], "test/a: one"),
        wrong([{}, planted], "test/b: two"),
        wrong([1], "x"),
      ]),
    );
    expect(violations).toBe(2);
    expect(text).toContain("VIOLATIONS OF THE CONTRACT: 2");
    expect(text).toContain(
      "  GET /Shelves: answer 200, value[0].Planted: is no property of it; the value is 1\n      3 times, first in test/a: one\n",
    );
    expect(text).not.toContain("test/b");
  });

  it("does not count what was made up as checked, and says how much that is", () => {
    const [exchange] = EXCHANGES;
    if (exchange === undefined) throw new Error("no exchange");
    const { text } = judgeRun(spec, count([{ ...exchange, faults: ["malformed"] }]));
    expect(text).toContain("and 0 answers of the sandbox checked, 1 answers that a test made up");
  });

  it("of very many violations stays readable", () => {
    const many = Array.from({ length: 80 }, (_, index): Recorded => ({
      method: "GET",
      target: "/xapi/v1/Shelves(1)",
      answer: { status: 200, body: { [`Planted${index}`]: 1 } },
    }));
    const { violations, text } = judgeRun(spec, count(many));
    expect(violations).toBe(80);
    expect(text).toContain("  and 30 more\n");
  });
});
