import { describe, expect, it, onTestFinished } from "vitest";
import { readFields, startStandIn, type Api } from "../../bench/peers/stand-in.ts";

/** Keeps one text, which a PUT sets to what it was sent. */
function createNote(): Api {
  let note = "";
  return {
    answer({ method, path, query, body }) {
      if (path === "/broken") throw new Error("out of order");
      if (path !== "/note") return undefined;
      if (method === "PUT") note = `${String(body["text"])}${query.get("more") ?? ""}`;
      return method === "PUT" ? { status: 204 } : { status: 200, body: { note } };
    },
    textOf: () => note,
  };
}

async function serve(latency = 0) {
  const api = createNote();
  const standIn = await startStandIn(api, { latency });
  onTestFinished(() => standIn.close());
  const send = (path: string, init?: RequestInit): Promise<Response> =>
    fetch(`${standIn.url}${path}`, init);
  return { api, standIn, send };
}

describe("a stand-in", () => {
  it("hands on method, path, query and body, and sends the answer as JSON", async () => {
    const { api, send } = await serve();
    const put = await send("/note?more=!", { method: "PUT", body: '{"text":"hello"}' });
    expect(put.status).toBe(204);
    expect(put.headers.get("content-type")).toBeNull();
    expect(api.textOf("")).toBe("hello!");
    const got = await send("/note");
    expect(got.headers.get("content-type")).toBe("application/json");
    expect(await got.json()).toEqual({ note: "hello!" });
  });

  it("counts requests, writes, and how many were in flight at once", async () => {
    const { standIn, send } = await serve(30);
    // The first may be answered before the last has come, where something else keeps the machine busy.
    do {
      standIn.clear();
      await Promise.all(Array.from({ length: 4 }, () => send("/note")));
    } while (standIn.tally().peak < 4);
    await send("/note", { method: "PUT", body: "{}" });
    expect(standIn.tally()).toEqual({ requests: 5, writes: 1, peak: 4 });
    standIn.clear();
    await send("/note");
    expect(standIn.tally()).toEqual({ requests: 1, writes: 0, peak: 1 });
  });

  it("lets every answer wait for the latency", async () => {
    const { send } = await serve(60);
    const started = performance.now();
    await send("/note");
    expect(performance.now() - started).toBeGreaterThanOrEqual(59);
  });

  it("counts nothing it could not answer: that would be a comparison of errors", async () => {
    const { standIn, send } = await serve();
    expect((await send("/elsewhere")).status).toBe(404);
    expect(() => standIn.tally()).toThrow("could not answer: GET /elsewhere");
    standIn.clear();
    expect((await send("/broken")).status).toBe(500);
    expect(() => standIn.tally()).toThrow("out of order");
    standIn.clear();
    expect((await send("/note", { method: "PUT", body: "[1]" })).status).toBe(500);
    expect(() => standIn.tally()).toThrow("not an object: [1]");
  });

  it("is gone when it is closed", async () => {
    const standIn = await startStandIn(createNote(), { latency: 0 });
    await fetch(`${standIn.url}/note`);
    await standIn.close();
    await expect(fetch(`${standIn.url}/note`)).rejects.toThrow("fetch failed");
  });
});

describe("the body of a request", () => {
  it("is an object or a mistake", () => {
    expect(readFields('{"a":1}')).toEqual({ a: 1 });
    for (const text of ["[]", "null", '"text"', "3"])
      expect(() => readFields(text)).toThrow("not an object");
    expect(() => readFields("{")).toThrow(SyntaxError);
  });
});
