import { describe, expect, it } from "vitest";
import type { Problem } from "../../src/domain/problem.ts";
import type { DesiredResource } from "../../src/domain/resource.ts";
import { SCRATCH_TITLE, tryScripts } from "../../src/engine/trial.ts";
import { createBench, desireApp, desireWidget, type Bench } from "../support/pbx/bench.ts";
import { catchProblem } from "../support/pbx/problems.ts";

const BAD = "class Bad {\n  REFUSE;\n}";
const apps = [{ Number: "800", Name: "hotline", ScriptCode: "class Old {}" }];

async function tryAll(
  { pbx, clock, plan }: Bench,
  desired: readonly DesiredResource[],
  stop: AbortSignal = new AbortController().signal,
  told: string[] = [],
): Promise<Problem[]> {
  const { levels } = await plan(desired);
  const onProgress = (text: string): void => void told.push(text);
  const { reader, writer } = pbx;
  const work = levels.flat();
  return tryScripts({ work, scratchNumber: "898", reader, writer, clock, onProgress, stop });
}

function listWrites({ pbx }: Bench): string[] {
  return pbx.requests.filter((request) => !request.startsWith("GET"));
}

describe("trying scripts", () => {
  it("compiles each changed one in a throw-away app, and touches no other", async () => {
    const bench = createBench({ apps });
    const before = bench.pbx.rows("CallFlowApps");
    const told: string[] = [];
    const desired = [
      desireApp("800", { scriptCode: "class New {}" }),
      desireApp("900", { name: "x", scriptCode: BAD }),
      desireApp("901", { name: "y", scriptCode: "class Third {}" }),
    ];
    const problems = await tryAll(bench, desired, undefined, told);
    expect(problems).toMatchObject([
      {
        code: "script-refused",
        subject: "CallFlowApp 900",
        at: { file: "apps/900.cs", line: 2, column: 3 },
      },
    ]);
    expect(listWrites(bench)).toEqual([
      "POST CallFlowApps 898",
      "PATCH CallFlowApps(2) ScriptCode",
      "PATCH CallFlowApps(2) ScriptCode",
      "PATCH CallFlowApps(2) ScriptCode",
      "DELETE CallFlowApps(2)",
    ]);
    expect(bench.pbx.rows("CallFlowApps")).toEqual(before);
    expect(told[1]).toBe("compiling the script of CallFlowApp 900 on 898");
  });

  it("writes nothing when no script changes", async () => {
    const bench = createBench({ apps });
    const desired = [
      desireApp("800", { name: "other", scriptCode: "class Old {}" }),
      desireWidget("bolt", []),
    ];
    expect(await tryAll(bench, desired)).toEqual([]);
    expect(listWrites(bench)).toEqual([]);
  });

  it("tries a text once that is the same but for line ends and blanks", async () => {
    const bench = createBench();
    const desired = ["class A {\n}", "class A {\r\n}", "class A {  \n}\n\n"].map(
      (scriptCode, index) => desireApp(String(900 + index), { name: "x", scriptCode }),
    );
    expect(await tryAll(bench, desired)).toEqual([]);
    expect(listWrites(bench)).toHaveLength(3);
  });

  it("removes first what a killed run has left", async () => {
    const bench = createBench({ apps: [{ Number: "898", Name: SCRATCH_TITLE }] });
    await tryAll(bench, [desireApp("900", { name: "x", scriptCode: "class A {}" })]);
    expect(listWrites(bench)[0]).toBe("DELETE CallFlowApps(1)");
    expect(bench.pbx.rows("CallFlowApps")).toEqual([]);
  });

  it("writes nothing on a number that is somebody's", async () => {
    const bench = createBench({ apps: [{ Number: "898", Name: "theirs" }] });
    const trying = tryAll(bench, [desireApp("900", { name: "x", scriptCode: "class A {}" })]);
    expect(await catchProblem(trying)).toMatchObject({
      code: "scratch-taken",
      message: expect.stringContaining("898 belongs to CallFlowApp 898"),
      hint: expect.stringContaining("policy.scratchNumber"),
    });
    expect(listWrites(bench)).toEqual([]);
  });
});

describe("the throw-away app", () => {
  const desired = [desireApp("900", { name: "x", scriptCode: "class A {}" })];

  it("is removed when the verdict never comes", async () => {
    const bench = createBench();
    const hanging = [desireApp("900", { name: "x", scriptCode: "class HANG {}" })];
    expect((await catchProblem(tryAll(bench, hanging))).code).toBe("compile-timeout");
    expect(bench.pbx.rows("CallFlowApps")).toEqual([]);
  });

  it.each(["POST", "PATCH"])("is removed when a stop comes right after its %s", async (method) => {
    const [stop, reason] = [new AbortController(), new Error("enough")];
    const bench = createBench({
      after(request) {
        if (request.method !== method) return;
        stop.abort(reason);
        throw reason;
      },
    });
    await expect(tryAll(bench, desired, stop.signal)).rejects.toBe(reason);
    expect(bench.pbx.rows("CallFlowApps")).toEqual([]);
  });

  it("is not made when a stop came before", async () => {
    const bench = createBench();
    const reason = new Error("enough");
    await expect(tryAll(bench, desired, AbortSignal.abort(reason))).rejects.toBe(reason);
    expect(listWrites(bench)).toEqual([]);
  });
});
