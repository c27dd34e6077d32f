import { describe, expect, it } from "vitest";
import type { Entity } from "../../src/domain/ports.ts";
import { callFlowApp } from "../../src/kinds/call-flow-app.ts";
import { makeLive } from "../support/worlds/arbitraries.ts";

const LIVE: Entity = {
  IsRegistered: true,
  InvalidScript: false,
  CompilationSucceeded: true,
  CompilationResult: "",
};
const RESULT =
  ":[1..4)H:CS8019:\nneedless\n:[5..9)E:CS0103:\nno such name\n:[5..9)E:CS0246:\nother";

function judge(state: Entity): ReturnType<typeof callFlowApp.health> {
  return callFlowApp.health(makeLive(callFlowApp, "806", { ...LIVE, ...state }));
}

describe("the health of an app", () => {
  it("is good when its script is live and its number held", () => {
    expect(judge({})).toEqual({ state: "healthy", reason: "", runnable: true });
  });

  it.each([
    [
      "before its first compile",
      { CompilationSucceeded: false, InvalidScript: true },
      "no script that runs",
    ],
    [
      "after its first script was refused",
      { CompilationSucceeded: false, InvalidScript: true, CompilationResult: RESULT },
      "no script that runs (CS0103: no such name)",
    ],
    [
      "after a result of no known form",
      { InvalidScript: true, CompilationResult: "Compiler crashed\nat X" },
      "no script that runs (Compiler crashed)",
    ],
    [
      "after a result that holds no error",
      { InvalidScript: true, CompilationResult: ":[1..2)W:CS0105:\ntwice" },
      "no script that runs",
    ],
  ])("is bad %s: nothing can answer", (_, state, reason) => {
    expect(judge(state)).toEqual({ state: "unhealthy", reason, runnable: false });
  });

  it.each([
    ["without any result", { CompilationResult: "" }],
    [
      "beside the verdict on another text",
      { CompilationResult: RESULT, RejectedCode: "class Y {}" },
    ],
  ])("is open while nothing runs and the script in place has no verdict: %s", (_, state) => {
    const pending = { ScriptCode: "class X {}", CompilationSucceeded: false, InvalidScript: true };
    expect(judge({ ...pending, ...state })).toEqual({
      state: "compiling",
      reason: "no script that runs yet, because the PBX has not judged the one it was given",
      runnable: false,
    });
  });

  it("makes nothing of an error beside no script at all", () => {
    const empty = { ScriptCode: "", CompilationSucceeded: false, InvalidScript: true };
    expect(judge({ ...empty, CompilationResult: RESULT }).reason).toBe("no script that runs");
  });

  it("is bad after a refusal, but the old script still answers", () => {
    expect(judge({ CompilationSucceeded: false, CompilationResult: RESULT })).toEqual({
      state: "unhealthy",
      reason:
        "the last script was refused, the one before still answers calls (CS0103: no such name)",
      runnable: true,
    });
  });

  it("is bad when the Call Flow service does not hold the number", () => {
    expect(judge({ IsRegistered: false })).toEqual({
      state: "unhealthy",
      reason: "not registered with the Call Flow service",
      runnable: true,
    });
  });

  it("says everything that is wrong at once", () => {
    const { reason } = judge({
      IsRegistered: false,
      InvalidScript: true,
      CompilationSucceeded: false,
    });
    expect(reason).toBe("no script that runs; not registered with the Call Flow service");
  });

  it("makes nothing of what an older PBX does not tell", () => {
    const silent = { IsRegistered: null, InvalidScript: null, CompilationSucceeded: null };
    expect(judge(silent).state).toBe("healthy");
    expect(callFlowApp.health(makeLive(callFlowApp, "806", {})).state).toBe("healthy");
  });
});
