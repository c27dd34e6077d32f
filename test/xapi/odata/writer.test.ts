import { describe, expect, it } from "vitest";
import type { Again, Entity, Query, Reader } from "../../../src/domain/ports.ts";
import type { Send } from "../../../src/xapi/odata/answer.ts";
import type { Outcome, Request } from "../../../src/xapi/http/transport.ts";
import { createWriter } from "../../../src/xapi/odata/writer.ts";
import { catchProblem } from "../../support/pbx/problems.ts";

const BODY: Entity = { Number: "806", Name: "hotline" };
const LOST: Outcome = { state: "lost", reason: "the line went dead" };
const TAKEN: Outcome = {
  state: "answered",
  status: 400,
  body: { error: { message: "Number:\nWARNINGS.XAPI.ALREADY_IN_USE" } },
};

interface Sent {
  readonly method: string;
  readonly path: string;
  readonly retry: string;
  readonly signal: unknown;
  readonly headers: Request["headers"];
  readonly again: Request["again"];
  readonly body: Entity | undefined;
}

interface Bench {
  readonly sent: readonly Sent[];
  readonly lookedUp: readonly Query[];
  readonly writer: ReturnType<typeof createWriter>;
}

/** A writer whose requests come out as scripted, and whose lookups find `found`, one entry after the other. */
function build(outcomes: readonly Outcome[], found: readonly (readonly Entity[])[] = []): Bench {
  const sent: Sent[] = [];
  const lookedUp: Query[] = [];
  const send: Send = async ({ method, path, retry, signal, headers, again }, body) => {
    sent.push({ method, path, retry, signal, headers, again, body });
    const outcome = outcomes[sent.length - 1];
    if (outcome === undefined) throw new Error(`unexpected: ${method} ${path}`);
    return outcome;
  };
  const reader: Reader = {
    async list(query) {
      lookedUp.push(query);
      const entities = found[lookedUp.length - 1];
      if (entities === undefined) throw new Error("unexpected lookup");
      return entities;
    },
  };
  return { sent, lookedUp, writer: createWriter(send, reader) };
}

function answer(status: number, body?: unknown): Outcome {
  return { state: "answered", status, body };
}

describe("a create", () => {
  it.each([200, 201])("answered with %i and an Id is done", async (status) => {
    const { writer, sent, lookedUp } = build([answer(status, { Id: 7, ...BODY })]);
    const { signal } = new AbortController();
    expect(await writer.create("CallFlowApps", BODY, "Number", signal)).toBe(7);
    expect(sent).toEqual([
      { method: "POST", path: "/CallFlowApps", retry: "unprocessed", signal, body: BODY },
    ]);
    expect(lookedUp).toEqual([]);
  });

  it("lost after it took effect is looked up by its key, and not repeated", async () => {
    const { writer, sent, lookedUp } = build([LOST], [[{ Id: 7, ...BODY }]]);
    expect(await writer.create("CallFlowApps", BODY, "Number")).toBe(7);
    expect(sent).toHaveLength(1);
    expect(lookedUp).toEqual([
      {
        collection: "CallFlowApps",
        select: ["Id", "Number", "Name"],
        where: { property: "Number", in: ["806"] },
      },
    ]);
  });

  it("lost before it took effect is repeated", async () => {
    const { writer, sent } = build([LOST, answer(201, { Id: 8 })], [[]]);
    expect(await writer.create("CallFlowApps", BODY, "Number")).toBe(8);
    expect(sent).toHaveLength(2);
  });

  it("that takes effect only after it was looked up is not taken for somebody else's", async () => {
    const { writer, sent } = build([LOST, TAKEN], [[], [{ Id: 9, ...BODY }]]);
    expect(await writer.create("CallFlowApps", BODY, "Number")).toBe(9);
    expect(sent).toHaveLength(2);
  });

  it("lost, and the number then taken by something of another kind, is refused", async () => {
    const { writer } = build([LOST, TAKEN], [[], []]);
    const problem = await catchProblem(writer.create("CallFlowApps", BODY, "Number"));
    expect(problem.message).toContain("Number: that value is already in use");
  });

  it("lost, while somebody else created the same number, is a conflict", async () => {
    const { writer, sent } = build([LOST], [[{ Id: 9, Number: "806", Name: "theirs" }]]);
    const problem = await catchProblem(writer.create("CallFlowApps", BODY, "Number"));
    expect(problem.code).toBe("pbx-conflict");
    expect(problem.message).toBe("CallFlowApps 806 was created by somebody else meanwhile");
    expect(problem.hint).toContain("plan again");
    expect(sent).toHaveLength(1);
  });

  it("lost three times and never there is given up, with the reason", async () => {
    const { writer, sent, lookedUp } = build([LOST, LOST, LOST], [[], [], []]);
    const problem = await catchProblem(writer.create("CallFlowApps", BODY, "Number"));
    expect(problem.code).toBe("pbx-unreachable");
    expect(problem.message).toBe("POST CallFlowApps: the line went dead, 3 times in a row");
    expect(sent).toHaveLength(3);
    expect(lookedUp).toHaveLength(3);
  });

  it.each<[string, unknown]>([
    ["an empty body", undefined],
    ["a body without Id", BODY],
    ["an Id of another type", { Id: "7" }],
  ])("answered with %s is looked up", async (_, body) => {
    const { writer, sent } = build([answer(201, body)], [[{ Id: 7, ...BODY }]]);
    expect(await writer.create("CallFlowApps", BODY, "Number")).toBe(7);
    expect(sent).toHaveLength(1);
  });

  it("that a proxy delivered twice has taken its own number, and is done", async () => {
    const { writer, sent } = build([TAKEN], [[{ Id: 9, ...BODY }]]);
    expect(await writer.create("CallFlowApps", BODY, "Number")).toBe(9);
    expect(sent).toHaveLength(1);
  });

  it("of a number that something else has is refused", async () => {
    const { writer } = build([TAKEN], [[]]);
    const problem = await catchProblem(writer.create("CallFlowApps", BODY, "Number"));
    expect(problem.message).toMatch(/^the PBX refused POST CallFlowApps with 400: Number: /);
  });

  it("refused for anything else is a problem, and nothing is looked up", async () => {
    const { writer, sent, lookedUp } = build([answer(400, { error: { message: "no" } })]);
    const problem = await catchProblem(writer.create("CallFlowApps", BODY, "Number"));
    expect(problem.message).toMatch(/^the PBX refused POST CallFlowApps with 400: no/);
    expect([sent.length, lookedUp.length]).toEqual([1, 0]);
  });
});

/** Fails the test that asks: nothing was lost. */
const NEVER: Again = () => Promise.reject(new Error("nobody asked"));

describe("an update", () => {
  it.each([200, 204])("answered with %i is done", async (status) => {
    const { writer, sent } = build([answer(status)]);
    const { signal } = new AbortController();
    await writer.update("CallFlowApps", 42, { Name: "x" }, NEVER, signal);
    expect(sent).toMatchObject([
      {
        method: "PATCH",
        path: "/CallFlowApps(42)",
        retry: "always",
        signal,
        body: { Name: "x" },
      },
    ]);
  });

  it.each([201, 400, 404, 500])("answered with %i is refused", async (status) => {
    const { writer } = build([answer(status)]);
    const problem = await catchProblem(writer.update("CallFlowApps", 42, { Name: "x" }, NEVER));
    expect(problem.message).toBe(`the PBX refused PATCH CallFlowApps(42) with ${status}`);
  });

  it("is repeated with what is to be sent by then", async () => {
    const { writer, sent } = build([answer(204)]);
    await writer.update("CallFlowApps", 42, { Name: "x" }, async () => ({ Name: "y" }));
    expect(await sent[0]?.again?.()).toEqual({ body: '{"Name":"y"}' });
  });

  it("that is seen to have taken effect is done without an answer", async () => {
    const { writer, sent } = build([{ state: "done" }]);
    await writer.update("CallFlowApps", 42, { Name: "x" }, async () => "done");
    expect(await sent[0]?.again?.()).toBe("done");
  });
});

describe("a removal", () => {
  it.each([
    [200, "removed"],
    [204, "removed"],
    [404, "absent"],
  ])("answered with %i leaves nothing: %s", async (status, ended) => {
    const { writer, sent } = build([answer(status)]);
    const { signal } = new AbortController();
    expect(await writer.remove("CallFlowApps", { Id: 42 }, NEVER, signal)).toBe(ended);
    expect(sent).toMatchObject([
      {
        method: "DELETE",
        path: "/CallFlowApps(42)",
        retry: "always",
        headers: {},
        signal,
        body: undefined,
      },
    ]);
  });

  it("names the version that was seen, where the PBX gives one, and the newest when it is repeated", async () => {
    const { writer, sent } = build([answer(204)]);
    const seen = { Id: 42, "@odata.etag": 'W/"1"' };
    await writer.remove("CallFlowApps", seen, async () => ({ ...seen, "@odata.etag": 'W/"2"' }));
    expect(sent[0]?.headers).toEqual({ "if-match": 'W/"1"' });
    expect(await sent[0]?.again?.()).toEqual({ headers: { "if-match": 'W/"2"' } });
  });

  it("of another version than was seen is a conflict", async () => {
    const { writer } = build([answer(412)]);
    const problem = await catchProblem(writer.remove("CallFlowApps", { Id: 42 }, NEVER));
    expect(problem).toMatchObject({
      code: "moved-since-plan",
      message: "DELETE CallFlowApps(42): it was changed after it was last read",
    });
  });

  it("that is seen to have taken effect is done without an answer", async () => {
    const { writer } = build([{ state: "done" }]);
    expect(await writer.remove("CallFlowApps", { Id: 42 }, NEVER)).toBe("removed");
  });

  it("refused is a problem with the PBX's words", async () => {
    const error = { message: "WARNINGS.GROUP_WITH_MEMBERS_CANNOT_BE_DELETED" };
    const { writer } = build([answer(400, { error })]);
    const problem = await catchProblem(writer.remove("Groups", { Id: 3 }, NEVER));
    expect(problem.message).toContain("the department still has members");
  });
});
