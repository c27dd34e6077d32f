import { describe, expect, it } from "vitest";
import { attempt } from "../../../src/action/job/attempt.ts";
import { makeEnvironment, refuseUnsafe } from "../../../src/action/runner/environment.ts";
import { readPlace } from "../../../src/action/runner/place.ts";
import { watchSignals } from "../../../src/app/cancellation.ts";
import { findTargets, forEachTarget, makeFlags } from "../../../src/action/job/targets.ts";
import { failure } from "../../../src/domain/problem.ts";
import { EventEmitter } from "node:events";
import { makeFolder } from "../../support/project/folder.ts";
import { makeInputs, makeJob } from "../../support/action/fake-job.ts";

describe("the environment that manifests may name", () => {
  it("has the process's variables, and secrets from inputs in their places", () => {
    const env = makeEnvironment(
      { PBX_URL: "u", CALLFORM_CLIENT_SECRET: "old" },
      makeInputs({ "client-secret": "new", "digest-key": "key" }),
    );
    expect(env).toEqual({
      PBX_URL: "u",
      CALLFORM_CLIENT_SECRET: "new",
      CALLFORM_DIGEST_KEY: "key",
    });
  });

  it("keeps a secret of the environment where no input gives one", () => {
    expect(makeEnvironment({ CALLFORM_CLIENT_SECRET: "old" }, makeInputs())).toEqual({
      CALLFORM_CLIENT_SECRET: "old",
    });
  });

  it("has none of the runner's own credentials", () => {
    const own = {
      INPUT_CLIENT_SECRET: "a",
      "INPUT_GITHUB-TOKEN": "b",
      ACTIONS_ID_TOKEN_REQUEST_TOKEN: "c",
      ACTIONS_RUNTIME_TOKEN: "d",
      GITHUB_TOKEN: "e",
    };
    expect(makeEnvironment({ ...own, GITHUB_SHA: "f" }, makeInputs())).toEqual({ GITHUB_SHA: "f" });
  });
});

describe("an event that gives secrets to strangers", () => {
  const refuse = (event: string, command: string, env = {}): (() => void) => {
    const inputs = makeInputs({ command });
    return () => refuseUnsafe({ GITHUB_EVENT_NAME: event, ...env }, inputs);
  };

  it.each(["pull_request_target", "workflow_run"])("is refused: %s", (event) => {
    for (const command of ["auto", "plan", "apply", "drift"])
      expect(refuse(event, command)).toThrow(`Callform does not run on ${event} with credentials`);
    expect(refuse(event, "validate", { CALLFORM_CLIENT_SECRET: "s" })).toThrow("with credentials");
    expect(refuse(event, "validate", { CALLFORM_DIGEST_KEY: "k" })).toThrow("with credentials");
    expect(refuse(event, "validate")).not.toThrow();
  });

  it.each(["pull_request", "push", "schedule"])("is not %s", (event) => {
    expect(refuse(event, "auto", { CALLFORM_CLIENT_SECRET: "s" })).not.toThrow();
  });
});

describe("where the run takes place", () => {
  const env = { GITHUB_REPOSITORY: "acme/phones", GITHUB_SHA: "abc", GITHUB_RUN_ID: "7" };

  it("is told by GitHub's variables", () => {
    expect(readPlace(env)).toMatchObject({
      owner: "acme",
      repo: "phones",
      apiUrl: "https://api.github.com",
      runUrl: "https://github.com/acme/phones/actions/runs/7",
    });
    const enterprise = {
      GITHUB_SERVER_URL: "https://ghe.test",
      GITHUB_API_URL: "https://ghe.test/api/v3",
    };
    expect(readPlace({ ...env, ...enterprise })).toMatchObject({
      apiUrl: "https://ghe.test/api/v3",
      runUrl: "https://ghe.test/acme/phones/actions/runs/7",
    });
  });

  it.each(Object.keys(env))("is asked for where %s is missing", (name) => {
    expect(() => readPlace({ ...env, [name]: "" })).toThrow(`${name} is not set`);
  });
});

describe("work that may fail", () => {
  const { signal } = new AbortController();

  it("gives its value or its problems", async () => {
    expect(await attempt(signal, async () => 7)).toEqual({ value: 7 });
    const failed = await attempt(signal, async () => {
      throw failure("x", "y");
    });
    expect(failed.problems).toMatchObject([{ code: "x", message: "y" }]);
  });

  it("is a bug where it fails with anything else", async () => {
    const failed = await attempt(signal, async () => {
      throw new TypeError("z is not a function");
    });
    expect(failed.problems).toMatchObject([{ severity: "error", code: "bug" }]);
    expect(failed.problems?.[0]?.message).toMatch(
      /report it.*z is not a function[^]*environment\.test/,
    );
  });

  it("is interrupted where the run was told to stop", async () => {
    const failed = await attempt(AbortSignal.abort(), async () => {
      throw new Error("aborted");
    });
    expect(failed.problems).toMatchObject([{ code: "interrupted" }]);
  });
});

describe("a run that is cancelled", () => {
  it("is told to stop by the first signal and to drop everything by the second", () => {
    const process = new EventEmitter();
    const { stop, abort, close } = watchSignals(process);
    process.emit("SIGINT");
    expect([stop.aborted, abort.aborted]).toEqual([true, false]);
    process.emit("SIGTERM");
    expect([stop.aborted, abort.aborted]).toEqual([true, true]);
    close();
    expect(process.eventNames()).toEqual([]);
  });
});

describe("the targets of a run", () => {
  const PROJECT = `apiVersion: callform/v1
kind: Project
targets:
  berlin: { url: "https://berlin.example" }
  bonn: { url: "https://bonn.example" }
`;

  it("become flags", async () => {
    const { job } = await makeJob({
      project: "phones",
      target: "berlin,bonn",
      url: "https://pbx",
      "client-id": "me",
      only: "800, 801",
      concurrency: "2",
      base: "v1",
      strict: "true",
    });
    expect(makeFlags(job)).toEqual({
      project: "phones",
      target: ["berlin", "bonn"],
      confirm: ["berlin", "bonn"],
      url: "https://pbx",
      clientId: "me",
      only: ["800", "801"],
      concurrency: "2",
      base: "v1",
      strict: true,
    });
  });

  it("are confirmed by their review, and not without one", async () => {
    const given = { target: "berlin", "require-approved-plan": "false" };
    const { job } = await makeJob(given);
    expect(makeFlags(job)).toMatchObject({ confirm: ["berlin"] });
    expect(makeFlags({ ...job, applies: true })).not.toHaveProperty("confirm");
    const { job: careful } = await makeJob({ target: "berlin" }, { applies: true });
    expect(makeFlags(careful)).toMatchObject({ confirm: ["berlin"] });
  });

  it("are done one after the other, none after a cancelling, and never in one environment", async () => {
    const cwd = makeFolder({ "callform.yaml": PROJECT }).root;
    const surroundings = { env: {}, cwd };
    const { job } = await makeJob({ target: "*" }, { surroundings });
    const done: string[] = [];
    const targets = [...(await findTargets(job, "look")).keys()];
    const reports = await forEachTarget(job, targets, async (target) => {
      done.push(`+${target}`);
      await Promise.resolve();
      done.push(`-${target}`);
      return { target, failed: target === "berlin", problems: [] };
    });
    expect(done).toEqual(["+berlin", "-berlin", "+bonn", "-bonn"]);
    expect(reports.map(({ failed }) => failed)).toEqual([true, false]);
    const stopped = { surroundings, stop: AbortSignal.abort() };
    const { job: cancelled } = await makeJob({ target: "*" }, stopped);
    const unbegun = await forEachTarget(cancelled, targets, () => {
      throw new Error("begun");
    });
    expect(unbegun.map(({ target, failed }) => [target, failed])).toEqual([
      ["berlin", true],
      ["bonn", true],
    ]);
    const { job: wrong } = await makeJob({ target: "*", environment: "live" }, { surroundings });
    await expect(findTargets(wrong, "look")).rejects.toThrow("one environment");
  });
});
