import { existsSync } from "node:fs";
import { beforeEach, describe, expect, it, onTestFinished, vi } from "vitest";
import { askGit, createGit } from "../../src/git/run.ts";
import {
  awaitProcess,
  catchProblem,
  checkOut,
  isolateGit,
  isRunning,
  makeWork,
  readFiles,
  replaceGit,
} from "../support/git/repositories.ts";

beforeEach(() => {
  isolateGit();
});

describe("a git command", () => {
  it("answers with its exit code, its output and its reason", async () => {
    const { root } = replaceGit('echo out; echo "fatal: because" >&2; exit 3');
    expect(await createGit(root, undefined)(["log"])).toEqual({
      code: 3,
      stdout: Buffer.from("out\n"),
      complaint: "because",
      truncated: false,
    });
  });

  it("is given its input, also when it reads none of it", async () => {
    const input = "x".repeat(1_000_000);
    const eager = createGit(replaceGit("cat").root, undefined);
    expect((await eager(["cat-file"], { input })).stdout.toString()).toBe(input);
    const lazy = createGit(replaceGit("exit 0").root, undefined);
    expect(await lazy(["cat-file"], { input })).toMatchObject({ code: 0 });
  });

  it("is never run by a shell", async () => {
    const { root } = replaceGit(`shift $(($# - 1)); printf %s "$1"`);
    const text = `$(touch "$WORK/ran"); 'a' "b" | c > d & \`e\``;
    expect((await createGit(root, undefined)([text])).stdout.toString()).toBe(text);
  });

  it("runs in the folder it is for, whatever repository the environment speaks of", async () => {
    const [mine, other] = [makeWork({ mine: "1" }), makeWork({ other: "1" })];
    vi.stubEnv("GIT_DIR", other.path(".git"));
    vi.stubEnv("GIT_WORK_TREE", other.root);
    vi.stubEnv("GIT_INDEX_FILE", other.path(".git/index"));
    vi.stubEnv("GIT_OBJECT_DIRECTORY", other.path(".git/objects"));
    vi.stubEnv("GIT_PREFIX", "sub/");
    vi.stubEnv("GIT_NAMESPACE", "elsewhere");
    expect(readFiles((await checkOut(mine.root, "HEAD")).root)).toEqual({ mine: "1" });
  });

  it("keeps the user's environment, asks nobody, speaks English and locks nothing", async () => {
    const { root } = replaceGit("env");
    vi.stubEnv("https_proxy", "http://proxy.example.com");
    vi.stubEnv("LC_ALL", "de_DE.UTF-8");
    const printed = (await createGit(root, undefined)(["version"])).stdout.toString().split("\n");
    expect(printed).toEqual(
      expect.arrayContaining([
        "https_proxy=http://proxy.example.com",
        "GIT_TERMINAL_PROMPT=0",
        "GCM_INTERACTIVE=never",
        "GIT_OPTIONAL_LOCKS=0",
        "LC_ALL=C",
      ]),
    );
  });

  it("is told to run no hook and no monitor, and to tidy nothing up", async () => {
    const { root } = replaceGit('printf "%s\\n" "$@"');
    const { stdout } = await createGit(root, undefined)(["fetch", "--quiet"]);
    const args = stdout.toString().trim().split("\n");
    for (const setting of ["core.hooksPath=/dev/null", "core.fsmonitor=false", "gc.auto=0"])
      expect(args[args.indexOf(setting) - 1]).toBe("-c");
    expect(args.slice(-4)).toEqual(["-C", root, "fetch", "--quiet"]);
  });

  it("leads a session of its own, in which nothing that it starts has a terminal to ask on", async () => {
    const { root } = replaceGit("cut -d ' ' -f 1,6 /proc/$$/stat");
    const { stdout } = await createGit(root, undefined)(["fetch"]);
    expect(stdout.toString()).toMatch(/^(\d+) \1\n$/);
  });
});

describe("a git command that does not end well", () => {
  it("is stopped when it takes too long, with all that it started", async () => {
    const folder = replaceGit('sleep 1000 & echo $! > "$WORK/pid"; wait');
    // Where the machine is too slow for it to have begun, it is given longer.
    for (let timeout = 300; !existsSync(folder.path("pid")); timeout *= 10) {
      const running = createGit(folder.root, undefined)(["-c", "a=b", "fetch"], { timeout });
      const problem = await catchProblem(running);
      expect(problem.code).toBe("git-timeout");
      expect(problem.message).toMatch(/^git fetch was stopped: it did not end within \d+ s$/);
    }
    expect(isRunning(Number(folder.read("pid")))).toBe(false);
  });

  it("is stopped on abort, and the reason is thrown once it has ended", async () => {
    const folder = replaceGit('echo $$ > "$WORK/pid"; exec sleep 1000');
    const controller = new AbortController();
    const running = createGit(folder.root, controller.signal)(["fetch"]);
    const pid = await awaitProcess(folder, "pid");
    const reason = new Error("enough");
    controller.abort(reason);
    await expect(running).rejects.toBe(reason);
    expect(isRunning(pid)).toBe(false);
  });

  it("is killed when it does not listen", async () => {
    const script = 'trap "" TERM; echo $$ > "$WORK/pid"; while true; do sleep 1000; done';
    const folder = replaceGit(script);
    const controller = new AbortController();
    const running = createGit(folder.root, controller.signal)(["fetch"]);
    const ended = running.catch((error: unknown) => error);
    const pid = await awaitProcess(folder, "pid");
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    onTestFinished(() => void vi.useRealTimers());
    const reason = new Error("enough");
    controller.abort(reason);
    await vi.advanceTimersByTimeAsync(1999);
    expect(isRunning(pid)).toBe(true);
    await vi.advanceTimersByTimeAsync(1);
    expect(await ended).toBe(reason);
    expect(isRunning(pid)).toBe(false);
  });

  it("is not waited for when only something it left behind keeps its stderr open", async () => {
    const folder = replaceGit(
      'setsid sleep 1000 > /dev/null & echo $! > "$WORK/pid"; echo "fatal: no" >&2; exit 1',
    );
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    onTestFinished(() => void vi.useRealTimers());
    let answer: unknown;
    void createGit(folder.root, undefined)(["fetch"]).then((given) => (answer = given));
    const wait = (): void => {
      vi.advanceTimersByTime(2000);
      if (answer === undefined) throw new Error("there is no answer yet");
    };
    await vi.waitFor(wait, { timeout: 600_000 });
    const left = Number(folder.read("pid"));
    expect(isRunning(left)).toBe(true);
    process.kill(left);
    expect(answer).toMatchObject({ code: 1, complaint: "no" });
  });

  it("is stopped when it prints more than it may, and only the first part is kept", async () => {
    const git = createGit(replaceGit("yes").root, undefined);
    const { truncated, stdout } = await git(["ls-tree"], { maxBytes: 100_000 });
    expect(truncated).toBe(true);
    expect(stdout.length).toBeLessThanOrEqual(100_000);
    const problem = await catchProblem(askGit(git, ["ls-tree"], { maxBytes: 10 }));
    expect(problem.message).toBe("git ls-tree failed: it printed more than is sensible");
  });

  it("is not stopped for as much as it may print", async () => {
    const git = createGit(replaceGit("printf 0123456789").root, undefined);
    const whole = { code: 0, truncated: false, stdout: Buffer.from("0123456789") };
    expect(await git(["ls-tree"], { maxBytes: 10 })).toMatchObject(whole);
    expect(await git(["ls-tree"], { maxBytes: 9 })).toMatchObject({ truncated: true });
  });

  it("is told from one that says no", async () => {
    const git = createGit(replaceGit("exit 1").root, undefined);
    expect(await git(["config"])).toMatchObject({ code: 1 });
    const problem = await catchProblem(askGit(git, ["config"]));
    expect(problem.message).toBe("git config failed: it gave no reason");
  });

  it("is not started when the signal has already come", async () => {
    const folder = replaceGit('touch "$WORK/ran"');
    const reason = new Error("enough");
    await expect(createGit(folder.root, AbortSignal.abort(reason))(["fetch"])).rejects.toBe(reason);
    expect(Object.keys(readFiles(folder.root))).toEqual(["bin/git"]);
  });
});
