import * as fc from "fast-check";
import { beforeAll, afterAll, describe, expect, it, onTestFinished } from "vitest";
import { hasErrors, ProblemError, type Problem } from "../../src/domain/problem.ts";
import { Secret } from "../../src/domain/secret.ts";
import { applyPlan } from "../../src/engine/apply.ts";
import { makePlan } from "../../src/engine/plan.ts";
import { refresh } from "../../src/engine/refresh.ts";
import { callFlowApp } from "../../src/kinds/call-flow-app.ts";
import { createClient } from "../../src/xapi/client.ts";
import { desireApp } from "../support/pbx/bench.ts";
import { createVirtualClock } from "../support/pbx/clock.ts";
import { startServer, type PbxServer, type Reply, type Seen } from "../support/pbx/server.ts";
import { createAnswers } from "../support/worlds/answers.ts";
import { damage, damages } from "../support/worlds/damage.ts";

const kinds = [callFlowApp];
const fields = { name: "day", groups: [{ name: "DEFAULT" }], trunk: { number: "10001" } };
const resources = [
  desireApp("806", { ...fields, scriptCode: "class New {}" }),
  desireApp("807", { ...fields, scriptCode: "class Newer {}\n" }),
];

/** More than an undisturbed run needs by far: every wait and retry is bounded, in the program's own time. */
const MAX_REQUESTS = 2_000;

interface End {
  readonly state: "refused" | "planned" | "applied" | "partly";
  readonly problems: readonly Problem[];
}

let server: PbxServer;
let reply: (seen: Seen) => Reply;

beforeAll(async () => {
  server = await startServer((seen) => reply(seen));
});
afterAll(() => server.close());

/** A whole run against the server: read, plan, apply, settle. Throws whatever is no ProblemError. */
async function provision(): Promise<End> {
  const clock = createVirtualClock();
  const client = createClient({
    origin: server.origin,
    clientId: "callform",
    clientSecret: new Secret("a secret"),
    clock,
    random: () => 0,
  });
  const { reader, writer } = client;
  const { signal } = new AbortController();
  try {
    const snapshot = await refresh(reader, kinds, signal);
    const planned = await makePlan({
      kinds,
      resources,
      snapshot,
      reader,
      selects: () => true,
      partial: false,
      prune: "never",
      target: { name: "pbx", url: server.origin },
      digestKey: new Secret("a key"),
      limits: { maxDeletes: 0, protect: [], unprotect: [], allowUnhealthy: ["806", "807"] },
      signal,
    });
    const { problems } = planned.plan;
    if (hasErrors(problems)) return { state: "planned", problems };
    const results = await applyPlan({
      planned,
      reader,
      writer,
      clock,
      concurrency: 2,
      keepFailed: false,
      stop: signal,
      abort: signal,
    });
    const whole = results.every(({ outcome }) => outcome === "applied");
    return {
      state: whole ? "applied" : "partly",
      problems: [...problems, ...results.flatMap((result) => result.problems)],
    };
  } catch (error) {
    if (error instanceof ProblemError) return { state: "refused", problems: error.problems };
    throw error;
  } finally {
    await client.close();
  }
}

const REQUEST = /\b(GET|POST|PATCH|DELETE) |\/connect\/token|token/;
const PROPERTY =
  /\b(for [A-Z]\w+|CallFlowApps?|Groups|Trunks|Peers|the PBX has|the PBX has not said|client id|API client)\b/;

/** What is wrong with how a run ended; empty when it says what, and where or of which request or property. */
function judgeEnd({ state, problems }: End): string[] {
  const silent = state !== "applied" && !problems.some((problem) => hasErrors([problem]));
  return [
    ...(silent ? [`${state}, and no error says why`] : []),
    ...problems.flatMap(({ at, message, subject }) => {
      if (message === "") return ["a problem without words"];
      if (/TypeError|RangeError|\bundefined\b|\[object/.test(message))
        return [`odd words: ${message}`];
      const placed = at === undefined || (isPlace(at.line) && isPlace(at.column));
      if (!placed) return [`no such place: ${at.file}:${at.line}:${at.column}`];
      const named = at !== undefined || subject !== undefined;
      return named || REQUEST.test(message) || PROPERTY.test(message)
        ? []
        : [`of what? ${message}`];
    }),
  ];
}

function isPlace(value: number): boolean {
  return Number.isSafeInteger(value) && value >= 1 && value < 1_000;
}

describe("2,000 damaged answers", () => {
  it("each end in a finished run or in a problem that names its cause", async () => {
    const rejections: unknown[] = [];
    const listen = (reason: unknown): void => void rejections.push(reason);
    process.on("unhandledRejection", listen);
    onTestFinished(() => void process.off("unhandledRejection", listen));
    const states = new Map<string, number>();
    await fc.assert(
      fc.asyncProperty(damages, async (all) => {
        const answer = createAnswers();
        let index = 0;
        reply = (seen) => {
          index += 1;
          return index > MAX_REQUESTS ? "reset" : damage(answer(seen), index - 1, all);
        };
        const end = await provision();
        expect(judgeEnd(end)).toEqual([]);
        expect(index).toBeLessThan(MAX_REQUESTS);
        states.set(end.state, (states.get(end.state) ?? 0) + 1);
      }),
      { numRuns: 2000, endOnFailure: true },
    );
    process.stdout.write(`damaged answers: ${JSON.stringify(Object.fromEntries(states))}\n`);
    expect(rejections).toEqual([]);
    for (const state of ["refused", "planned", "applied", "partly"])
      expect(states.get(state) ?? 0, state).toBeGreaterThan(10);
  });

  it("are none where nothing is damaged", async () => {
    const answer = createAnswers();
    reply = answer;
    expect(await provision()).toMatchObject({ state: "applied" });
  });

  it("would be noticed if a problem named nothing", () => {
    const problem: Problem = {
      severity: "error",
      code: "pbx-answer",
      message: "something is wrong",
    };
    expect(judgeEnd({ state: "refused", problems: [problem] })).toHaveLength(1);
    expect(judgeEnd({ state: "refused", problems: [] })).toHaveLength(1);
    expect(
      judgeEnd({ state: "refused", problems: [{ ...problem, message: "GET x: no" }] }),
    ).toEqual([]);
    const at = { file: "a.cs", line: 0, column: 1 };
    expect(judgeEnd({ state: "partly", problems: [{ ...problem, at }] })).toHaveLength(1);
  });
});
