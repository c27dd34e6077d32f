import { spawn } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { createRedactor } from "../../src/domain/redact.ts";
import { openLogFile } from "../../src/store/log-file.ts";
import { makeFleetProject } from "../support/project/fleet-project.ts";
import { writesOf } from "../support/project/pbx-project.ts";
import { makeFolder } from "../support/project/folder.ts";
import { locateProgram } from "../support/program/run.ts";

const NO_FULL_DEVICE = existsSync("/dev/full") ? undefined : "this system has no /dev/full";

interface Ended {
  readonly code: number | null;
  readonly stderr: string;
}

/** Runs the program with its streams where a shell would have put them. */
async function shell(command: string, cwd: string): Promise<Ended> {
  const child = spawn("bash", ["-c", command], {
    cwd,
    env: { PATH: process.env["PATH"], NODE: process.execPath, CALLFORM: locateProgram() },
    stdio: ["ignore", "ignore", "pipe"],
  });
  let stderr = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    stderr += text;
  });
  const code = await new Promise<number | null>((resolve) => child.once("close", resolve));
  return { code, stderr };
}

const PROJECT = {
  "callform.yaml": "apiVersion: callform/v1\nkind: Project\n",
  "apps/a.yaml": `apiVersion: callform/v1
kind: CallFlowApp
metadata: { number: "806" }
spec: { name: one, routingType: DialCode }
`,
};

describe.skipIf(NO_FULL_DEVICE !== undefined)("output onto a full device", () => {
  it.each(["schema", "schema --list", "validate --format json", "--help", "completion bash"])(
    "of %s is exit 1, with a message",
    async (args) => {
      const { root } = makeFolder(PROJECT);
      const ended = await shell(`"$NODE" "$CALLFORM" ${args} > /dev/full`, root);
      expect(ended.code).toBe(1);
      expect(ended.stderr).toContain(
        "error output-lost the output could not be written: ENOSPC: no space left on device",
      );
    },
  );

  it("of --version is exit 1 as well", async () => {
    const ended = await shell('"$NODE" "$CALLFORM" --version > /dev/full', makeFolder().root);
    expect(ended.code).toBe(1);
    expect(ended.stderr).toMatch(/^error output-lost .*no space left on device, write\n$/);
  });

  it("of a saved plan or a log is exit 1 too, and the device stays one", async () => {
    const fleet = await makeFleetProject([{ name: "berlin" }]);
    const saved = await fleet.run(["plan", "--out", "/dev/full"]);
    expect(saved.code).toBe(1);
    expect(saved.stderr).toContain("error plan-file the plan file /dev/full cannot be written: ");
    const logged = await fleet.run(["apply", "--yes", "--log-file", "/dev/full"]);
    expect(logged.code).toBe(1);
    expect(logged.stderr).toContain("error log-file the log file /dev/full cannot be written: ");
    expect(writesOf(fleet.pbx("berlin"))).toEqual([]);
    expect(statSync("/dev/full").isCharacterDevice()).toBe(true);
  });

  it("of problems is exit 1, also where there would be none but a warning", async () => {
    const { root } = makeFolder(PROJECT);
    expect(await shell('"$NODE" "$CALLFORM" validate nowhere 2> /dev/full', root)).toMatchObject({
      code: 1,
    });
  });
});

describe("output into a file that can take only a part", () => {
  it("is exit 1: a disk that fills up in one write is not noticed by itself", async () => {
    const { root } = makeFolder();
    // In units of 1 KiB; the schema is larger.
    const ended = await shell('ulimit -f 1; "$NODE" "$CALLFORM" schema project > out.json', root);
    expect(readFileSync(`${root}/out.json`)).toHaveLength(1024);
    expect(ended.code).toBe(1);
    expect(ended.stderr).toContain("error output-lost");
  });
});

describe("a log file that fails in the middle", () => {
  it("does not stop the work, and is exit 1 at its end", () => {
    const { path } = makeFolder();
    const folder = path("logs");
    mkdirSync(folder);
    const log = openLogFile(`${folder}/run.log`, createRedactor(), () => 0, "berlin");
    log.write("started");
    log.expectWhole();
    rmSync(folder, { recursive: true });
    log.write("planned");
    mkdirSync(folder);
    log.write("finished");
    expect(() => log.expectWhole()).toThrow("cannot be written");
  });
});

describe("output into a pipe", () => {
  it("is whole, however large and slow its reader", async () => {
    const manifests = Array.from({ length: 400 }, (_, at): [string, string] => [
      `apps/${at}.yaml`,
      `apiVersion: callform/v1\nkind: CallFlowApp\nmetadata: { number: "${at}" }\nspec: { nam: ${"x".repeat(2000)} }\n`,
    ]);
    const { root } = makeFolder({ ...PROJECT, ...Object.fromEntries(manifests) });
    const ended = await shell(
      '"$NODE" "$CALLFORM" validate --format json | (sleep 0.2; cat) > out.json; exit "${PIPESTATUS[0]}"',
      root,
    );
    expect(ended.code).toBe(1);
    const { problems } = JSON.parse(readFileSync(`${root}/out.json`, "utf8")) as { problems: [] };
    expect(problems.length).toBeGreaterThanOrEqual(400);
  });

  it("whose reader has seen enough is no failure", async () => {
    const { root } = makeFolder();
    const ended = await shell(
      '"$NODE" "$CALLFORM" schema project | head -c 1; exit "${PIPESTATUS[0]}"',
      root,
    );
    expect(ended).toEqual({ code: 0, stderr: "" });
  });
});
