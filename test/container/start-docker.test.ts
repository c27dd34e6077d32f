import { execFile } from "node:child_process";
import { accessSync, chmodSync, constants, existsSync, symlinkSync } from "node:fs";
import path from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { makeFolder, type Folder } from "../support/project/folder.ts";

const SCRIPT = path.resolve(import.meta.dirname, "../../.ci/start-docker");
const TOOLS = ["awk", "cat", "mkdir", "realpath", "rm", "seq", "sleep", "sort", "tail"];

/** Stands in for docker: answers once somebody listens, or as long as a file says so, and does as it is told. */
const DOCKER = `[ -e "$BOX/listening" ] || exit 1; echo "docker $*" >>"$BOX/calls"`;
/** Stands in for dockerd: listens until it is told to stop. */
const DOCKERD = `echo "dockerd $*" >>"$BOX/calls"; echo $$ >"$BOX/daemon"; trap 'rm "$BOX/listening"; exit 0' TERM
: >"$BOX/listening"; while :; do sleep 0.05; done`;

interface Ran {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** A machine that has these programs and the plain tools, and nothing else. */
interface Machine extends Folder {
  readonly state: string;
  start(...words: readonly string[]): Promise<Ran>;
}

function makeMachine(programs: Readonly<Record<string, string>>): Machine {
  const folder = makeFolder();
  const all = { xargs: "cat >/dev/null", id: "echo 0", ...programs };
  for (const [name, body] of Object.entries(all)) {
    folder.write(`bin/${name}`, `#!/bin/bash\n${body}\n`);
    chmodSync(folder.path(`bin/${name}`), 0o755);
  }
  for (const tool of TOOLS.filter((name) => !(name in all)))
    symlinkSync(findTool(tool), folder.path(`bin/${tool}`));
  // Nothing may outlive a test, not even one that failed.
  onTestFinished(() => {
    if (existsSync(folder.path("daemon")) && isRunning(folder)) process.kill(daemonOf(folder), 9);
  });
  const env = { PATH: folder.path("bin"), BOX: folder.root };
  return {
    ...folder,
    state: folder.path("state"),
    start: (...words) =>
      new Promise((resolve) => {
        execFile("/bin/bash", [SCRIPT, ...words], { env }, (error, stdout, stderr) => {
          resolve({ code: typeof error?.code === "number" ? error.code : 0, stdout, stderr });
        });
      }),
  };
}

function findTool(name: string): string {
  const found = (process.env["PATH"] ?? "")
    .split(path.delimiter)
    .map((folder) => path.join(folder, name))
    .find((file) => existsSync(file));
  if (found === undefined) throw new Error(`this machine has no ${name}`);
  return found;
}

function daemonOf(folder: Folder): number {
  return Number(folder.read("daemon"));
}

function isRunning(folder: Folder): boolean {
  return existsSync(`/proc/${daemonOf(folder)}`);
}

describe.skipIf(process.platform !== "linux")("start-docker (Linux only: it reads /proc)", () => {
  it("may be run as it is", () => {
    expect(() => accessSync(SCRIPT, constants.X_OK)).not.toThrow();
  });

  it("starts an engine that keeps to its folder and to itself, and ends it", async () => {
    const machine = makeMachine({ docker: DOCKER, dockerd: DOCKERD });
    expect(await machine.start("up", machine.state)).toEqual({
      code: 0,
      stdout: `export DOCKER_HOST=unix://${machine.state}/docker.sock TESTCONTAINERS_HOST_OVERRIDE=localhost\n`,
      stderr: "",
    });
    const call = machine.read("calls").split("\n")[0] ?? "";
    expect(call).toContain("--iptables=false --storage-driver=vfs");
    for (const flag of ["--data-root", "--exec-root", "--pidfile"])
      expect(call).toContain(`${flag} ${machine.state}/`);
    expect(isRunning(machine)).toBe(true);

    expect(await machine.start("down", machine.state)).toMatchObject({ code: 0, stdout: "" });
    expect(isRunning(machine)).toBe(false);
    expect(existsSync(machine.state)).toBe(false);
    expect(machine.read("calls")).toContain("network prune --force");
  });

  it("leaves an engine alone that answers already", async () => {
    const machine = makeMachine({ docker: DOCKER, dockerd: DOCKERD });
    machine.write("listening", "");
    expect(await machine.start("up", machine.state)).toMatchObject({ code: 0, stdout: "" });
    expect(await machine.start("down", machine.state)).toMatchObject({ code: 0, stdout: "" });
    expect(machine.read("calls")).toBe("docker version\n");
  });

  it("says what dockerd said when that ends at once", async () => {
    const machine = makeMachine({ docker: DOCKER, dockerd: "echo no cgroups here >&2; exit 1" });
    const { code, stdout, stderr } = await machine.start("up", machine.state);
    expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
    expect(stderr).toContain("no cgroups here");
    expect(stderr).toContain("start-docker: dockerd did not come up");
    expect(existsSync(machine.state)).toBe(false);
  });

  it("gives up on a dockerd that never answers, and ends it, by force if need be", async () => {
    const machine = makeMachine({
      docker: "exit 1",
      dockerd: `echo $$ >"$BOX/daemon"; trap '' TERM; while :; do ${findTool("sleep")} 0.05; done`,
      sleep: `[ -s "$BOX/daemon" ] || exec ${findTool("sleep")} 0.05`,
    });
    expect(await machine.start("up", machine.state)).toMatchObject({ code: 1, stdout: "" });
    await expect.poll(() => isRunning(machine)).toBe(false);
    expect(existsSync(machine.state)).toBe(false);
  });

  it("installs Debian's docker where there is no dockerd, and starts that", async () => {
    const machine = makeMachine({
      docker: DOCKER,
      "dockerd.deb": DOCKERD,
      "apt-get": `echo "apt-get $*" >>"$BOX/calls"
if [ "$1" = install ]; then cat "$BOX/bin/dockerd.deb" >"$BOX/bin/dockerd"; chmod +x "$BOX/bin/dockerd"; fi
echo "noise of apt"`,
      chmod: `exec ${findTool("chmod")} "$@"`,
    });
    const { code, stdout } = await machine.start("up", machine.state);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^export DOCKER_HOST=\S+ TESTCONTAINERS_HOST_OVERRIDE=localhost\n$/);
    expect(machine.read("calls").split("\n").slice(0, 2)).toEqual([
      "apt-get update -qq",
      "apt-get install -y -qq --no-install-recommends docker.io",
    ]);
    await machine.start("down", machine.state);
    expect(isRunning(machine)).toBe(false);
  });

  it("fails when Debian's docker cannot be installed", async () => {
    const machine = makeMachine({
      docker: "exit 1",
      "apt-get": '[ "$1" = update ] || { echo no such mirror >&2; exit 100; }',
    });
    const { code, stdout, stderr } = await machine.start("up", machine.state);
    expect({ code, stdout }).toEqual({ code: 100, stdout: "" });
    expect(stderr).toContain("no such mirror");
  });

  it("asks for root before it installs anything", async () => {
    const machine = makeMachine({ docker: "exit 1", id: "echo 1000" });
    const { code, stderr } = await machine.start("up", machine.state);
    expect(code).toBe(1);
    expect(stderr).toBe("start-docker: there is no dockerd here, and only root can install it\n");
  });

  it("ends nothing that it did not start, whatever its folder says", async () => {
    const machine = makeMachine({ docker: "exit 1" });
    machine.write("state/keep", "");
    expect(await machine.start("down", machine.state)).toMatchObject({ code: 0 });
    expect(existsSync(machine.path("state/keep"))).toBe(true);

    machine.write("state/pid", `${process.pid}\n`);
    expect(await machine.start("down", machine.state)).toMatchObject({ code: 0 });
    expect(existsSync(machine.state)).toBe(false);
  });

  it.each([
    { words: [] },
    { words: ["up"] },
    { words: ["sideways", "x"] },
    { words: ["up", "x", "y"] },
  ])("explains itself when it is called with $words", async ({ words }) => {
    const { code, stderr } = await makeMachine({ docker: "exit 0" }).start(...words);
    expect(code).toBe(1);
    expect(stderr).toContain("usage: .ci/start-docker up|down DIR");
  });
});
