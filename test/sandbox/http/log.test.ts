import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createLog, redact } from "../../../src/sandbox/http/log.ts";
import { manualClock } from "../../support/pbx/raw-client.ts";

const REQUEST = { method: "GET", path: "/", query: "" };

describe("the log of requests", () => {
  test("notes them as they come, and their status when they are answered", () => {
    const clock = manualClock(5);
    const log = createLog(clock);
    const first = log.begin(REQUEST);
    clock.advance(1);
    const second = log.begin({ ...REQUEST, body: { a: 1 } });
    second(204);
    expect(log.records).toEqual([
      { ...REQUEST, status: 0, sentAt: 5 },
      { ...REQUEST, body: { a: 1 }, status: 204, sentAt: 6 },
    ]);
    first(200);
    expect(log.records[0]?.status).toBe(200);
  });

  test("is the same list after it was cleared", () => {
    const log = createLog(manualClock());
    const { records } = log;
    log.begin(REQUEST);
    log.clear();
    log.begin({ ...REQUEST, path: "/next" });
    expect(records.map(({ path }) => path)).toEqual(["/next"]);
  });

  test("forgets the oldest when there are too many", () => {
    const log = createLog(manualClock());
    for (let index = 0; index < 20_005; index++) log.begin({ ...REQUEST, path: String(index) });
    expect(log.records).toHaveLength(20_000);
    expect(log.records[0]?.path).toBe("5");
  });
});

describe("redacting", () => {
  const name = fc.constantFrom(
    "client_secret",
    "access_token",
    "AuthPassword",
    "VMPIN",
    "Name",
    "Value",
  );

  test("leaves no credential anywhere, however deep it stands", () => {
    const { tree } = fc.letrec<{ tree: unknown }>((tie) => ({
      tree: fc.oneof(
        { depthSize: "small" },
        fc.string(),
        fc.dictionary(name, tie("tree")),
        fc.array(tie("tree")),
      ),
    }));
    fc.assert(
      fc.property(tree, (value) => {
        const planted = JSON.parse(
          JSON.stringify(value, (key, inner) =>
            ["client_secret", "access_token", "AuthPassword", "VMPIN"].includes(key)
              ? "PLANTED"
              : inner,
          ),
        );
        expect(JSON.stringify(redact(planted))).not.toContain("PLANTED");
      }),
    );
  });

  test("leaves everything else as it is", () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const plain = JSON.parse(JSON.stringify(value));
        expect(redact(plain)).toEqual(plain);
      }),
    );
  });

  test("shows that a credential is absent", () => {
    expect(redact({ refresh_token: null, VMPIN: "1" })).toEqual({
      refresh_token: null,
      VMPIN: "(redacted)",
    });
  });
});
