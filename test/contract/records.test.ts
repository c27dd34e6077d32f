import { appendFileSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import * as fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { startSandbox } from "../../src/sandbox/server.ts";
import { recordSandbox } from "../support/contract/record/program.ts";
import { RECORDS_VARIABLE, writeRecord, type Recorded } from "../support/contract/record/record.ts";
import { readRecords } from "../support/contract/record/records.ts";
import { makeFolder } from "../support/project/folder.ts";

const recorded: fc.Arbitrary<Recorded> = fc.record(
  {
    method: fc.constantFrom("GET", "PATCH"),
    target: fc.webPath(),
    agent: fc.constantFrom("callform", "node"),
    request: fc.jsonValue(),
    answer: fc.record({ status: fc.integer({ min: 200, max: 599 }), body: fc.jsonValue() }),
    faults: fc.constant(["status"]),
  },
  { requiredKeys: ["method", "target"] },
);

describe("the records of a run", () => {
  it("hold what was written, in however many files, equal exchanges counted", () => {
    const property = fc.property(
      fc.array(fc.tuple(recorded, fc.constantFrom("a", "b"), fc.nat({ max: 3 }))),
      (writes) => {
        const { root } = makeFolder({});
        for (const [exchange, name, test] of writes)
          writeRecord(root, name, { ...exchange, test: `test ${test}` });
        const expected = new Map<string, number>();
        for (const [exchange] of writes) {
          const key = JSON.stringify(exchange);
          expected.set(key, (expected.get(key) ?? 0) + 1);
        }
        const read = readRecords(root).map(({ exchange, times }) => {
          const { test, ...rest } = exchange;
          expect(test).toMatch(/^test \d$/u);
          return [JSON.stringify(rest), times] as const;
        });
        expect(new Map(read)).toEqual(expected);
        expect(read).toHaveLength(expected.size);
      },
    );
    fc.assert(property, { numRuns: 40 });
  });

  it("name the first test in which an exchange was seen", () => {
    const { root } = makeFolder({});
    for (const test of ["first", "second"])
      writeRecord(root, "a", { method: "GET", target: "/", test });
    expect(readRecords(root)).toEqual([
      { exchange: { method: "GET", target: "/", test: "first" }, times: 2 },
    ]);
  });

  it("do without the last line of a process that was killed while it wrote", () => {
    const { root } = makeFolder({});
    writeRecord(root, "a", { method: "GET", target: "/" });
    appendFileSync(path.join(root, "a.ndjson"), '{"method":"GET","tar');
    expect(readRecords(root)).toHaveLength(1);
  });

  it("are refused when a line is no exchange", () => {
    const { root } = makeFolder({ "a.ndjson": '{"something":"else"}\n' });
    expect(() => readRecords(root)).toThrow(/a line that is no exchange: \{"something"/u);
  });
});

describe("a sandbox in a process of its own", () => {
  let folder = "";

  beforeEach(() => {
    folder = makeFolder({}).root;
    vi.stubEnv(RECORDS_VARIABLE, folder);
  });
  afterEach(() => {
    vi.unstubAllEnvs();
  });

  /** The file that the arguments tell the sandbox to record to. */
  const recordOf = (args: readonly string[]): string => args[args.indexOf("--record") + 1] ?? "";
  const line = (at: string, status: number, response: unknown, query = ""): string =>
    `${JSON.stringify({ method: "GET", path: at, query, status, request: null, response })}\n`;

  it("is told to record, with the arguments of the test before", () => {
    const args = recordSandbox(["sandbox", "--port", "0"], folder);
    expect(args.slice(0, 4)).toEqual(["sandbox", "--port", "0", "--record"]);
    expect(path.dirname(recordOf(args))).toBe(folder);
    expect(recordOf(recordSandbox(["sandbox"], folder))).not.toBe(recordOf(args));
  });

  it("writes records that can be read", async () => {
    const file = recordOf(recordSandbox(["sandbox"], folder));
    const sandbox = await startSandbox({ recordFile: file });
    await fetch(`${sandbox.url}/xapi/v1/Groups?$select=Id&$filter=Name%20eq%20%27a%27`);
    await sandbox.close();
    const counted = readRecords(folder).find(({ exchange }) => exchange.agent === undefined);
    expect(counted?.exchange).toMatchObject({
      method: "GET",
      target: "/xapi/v1/Groups?%24select=Id&%24filter=Name%20eq%20'a'",
      answer: { status: 401, body: { error: "unauthorized" } },
    });
  });

  it("is left alone when it records already, and so is every other command", () => {
    for (const args of [["sandbox", "--record", "x"], ["plan"], []])
      expect(recordSandbox(args, folder)).toEqual(args);
    vi.stubEnv(RECORDS_VARIABLE, undefined);
    expect(recordSandbox(["sandbox"], folder)).toEqual(["sandbox"]);
    expect(readdirSync(folder)).toEqual([]);
  });

  it("leaves exchanges of unknown senders, their path and query as they were sent", () => {
    const file = recordOf(recordSandbox(["sandbox"], folder));
    const query = "$select=Id&$filter=Name eq 'a+b=100%'";
    writeFileSync(file, line("/xapi/v1/Users(Number='1?1')", 200, { Id: 1 }, query));
    const [counted] = readRecords(folder);
    expect(counted?.exchange).toMatchObject({
      method: "GET",
      answer: { status: 200, body: { Id: 1 } },
    });
    expect(counted?.exchange).not.toHaveProperty("agent");
    expect(counted?.exchange).not.toHaveProperty("request");
    expect(counted?.exchange.test).toContain("their path and query as they were sent");
    const [target = "", search] = counted?.exchange.target.split("?") ?? [];
    expect(decodeURIComponent(target)).toBe("/xapi/v1/Users(Number='1?1')");
    expect([...new URLSearchParams(search)]).toEqual([
      ["$select", "Id"],
      ["$filter", "Name eq 'a+b=100%'"],
    ]);
  });

  it("has answers that one of its faults can have made up, and others", () => {
    const faults = [
      "- { match: { path: Defs }, nth: 3, action: { type: status, status: 503 } }",
      "- { match: { path: Users }, action: { type: delay, milliseconds: 1 } }",
    ];
    writeFileSync(path.join(folder, "faults.yaml"), faults.join("\n"));
    const args = recordSandbox(["sandbox", "--faults", "faults.yaml"], folder);
    writeFileSync(path.join(folder, "faults.yaml"), "[]");
    const records = [line("/xapi/v1/Defs", 200, null), line("/xapi/v1/Defs", 404, null)];
    writeFileSync(recordOf(args), [...records, line("/xapi/v1/Users", 200, null)].join(""));
    expect(readRecords(folder).map(({ exchange }) => exchange.faults)).toEqual([
      ["status"],
      ["status"],
      undefined,
    ]);
  });

  it("that is given faults which are not there is recorded without", () => {
    const file = recordOf(recordSandbox(["sandbox", "--faults", "gone.yaml"], folder));
    writeFileSync(file, line("/xapi/v1/Defs", 200, null));
    expect(readRecords(folder)).toHaveLength(1);
    expect(readFileSync(file.replace(/ndjson$/u, "json"), "utf8")).not.toContain('faults":');
  });
});
