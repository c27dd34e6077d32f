import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { checksOf, planComment } from "../support/action/look.ts";
import { openActionWorld, type ActionWorld } from "../support/action/world.ts";
import { makeFolder } from "../support/project/folder.ts";
import { writeApp } from "../support/project/pbx-project.ts";

const ROOT = path.resolve(import.meta.dirname, "../..");
const TOOL = path.join(ROOT, "node_modules/@github/local-action/bin/local-action.js");

interface Ran {
  readonly code: number | null;
  readonly log: string;
  readonly summary: string;
  /** The table that the tool prints at its end. */
  readonly outputs: Readonly<Record<string, string>>;
}

/**
 * Runs the sources of the Action for a pull request, with the toolkit's stand-in that @github/local-action puts in the place
 * of @actions/core. It reads no variables with a hyphen from the shell, hence the file; and GITHUB_API_URL only from the shell.
 */
async function runLocally(world: ActionWorld, pull: number, event = "pull_request"): Promise<Ran> {
  const { github, pbx } = world;
  const { payload, sha, ref } = world.describeEvent(pull);
  world.repository.git("checkout", "-q", sha);
  const summary = "summary.md";
  const at = makeFolder({ [summary]: "", "event.json": JSON.stringify(payload) });
  const variables = {
    "INPUT_GITHUB-TOKEN": github.token,
    INPUT_URL: pbx.url,
    "INPUT_CLIENT-ID": pbx.clientId,
    "INPUT_CLIENT-SECRET": pbx.clientSecret,
  };
  at.write(
    ".env",
    Object.entries(variables)
      .map(([name, value]) => `${name}="${value}"\n`)
      .join(""),
  );
  const args = [TOOL, "run", ROOT, "test/support/action/local-entry.ts", at.path(".env")];
  const options = {
    cwd: ROOT,
    env: {
      PATH: process.env["PATH"],
      HOME: at.root,
      NO_COLOR: "1",
      npm_config_offline: "true",
      npm_config_update_notifier: "false",
      GITHUB_API_URL: github.url,
      GITHUB_ACTOR: "octocat",
      GITHUB_EVENT_NAME: event,
      GITHUB_EVENT_PATH: at.path("event.json"),
      GITHUB_REF: ref,
      GITHUB_REPOSITORY: `${github.state.owner}/${github.state.name}`,
      GITHUB_RUN_ID: "8156423",
      GITHUB_SHA: sha,
      GITHUB_STEP_SUMMARY: at.path(summary),
      GITHUB_WORKSPACE: world.root,
      RUNNER_TEMP: at.root,
    },
  };
  const { code, stdout, stderr } = await new Promise<
    Pick<Ran, "code"> & Record<"stdout" | "stderr", string>
  >((resolve) => {
    const child = execFile(process.execPath, args, options, (_, out, err) =>
      resolve({ code: child.exitCode, stdout: out, stderr: err }),
    );
  });
  const cells = stdout.matchAll(/^│ \d+ +│ '([\w-]+)' +│ '(.*?)' +│$/gm);
  return {
    code,
    log: stdout + stderr,
    summary: readFileSync(at.path(summary), "utf8"),
    outputs: Object.fromEntries([...cells].map(([, name = "", value = ""]) => [name, value])),
  };
}

describe("the Action from its sources, with @github/local-action", () => {
  it("plans a pull request", async () => {
    const world = await openActionWorld({ files: writeApp("806", "one") });
    const pull = world.openPull("Add two", () => {
      for (const [name, text] of Object.entries(writeApp("807", "two"))) world.write(name, text);
    });
    const { code, log, outputs, summary } = await runLocally(world, pull);
    expect(code, log).toBe(0);
    expect(outputs).toMatchObject({ "has-changes": "true", creates: "2", "has-deletes": "false" });
    expect(planComment(world, pull).body).toContain("2 to create, 0 to update, 0 to delete");
    expect(checksOf(world, pull)).toMatchObject([
      { name: "callform / production", conclusion: "success", external_id: outputs["digest"] },
    ]);
    expect(summary).toContain("2 to create");
  });

  it("says no with its exit code", async () => {
    const world = await openActionWorld({ files: writeApp("806", "one") });
    const pull = world.openPull("Add two", () => world.write("apps/two.yaml", "kind: Two\n"));
    const { code, log } = await runLocally(world, pull, "pull_request_target");
    expect(code).toBe(1);
    expect(log).toContain("Callform does not run on pull_request_target with credentials");
    expect(world.github.requests).toEqual([]);
    expect(world.pbx.requests).toEqual([]);
  });
});
