import { readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { openActionWorld } from "../support/action/world.ts";
import type { Permissions } from "../support/github/permissions.ts";
import { writeApp } from "../support/project/pbx-project.ts";
import type { RanAction } from "../support/action/run-action.ts";
import { readWorkflow } from "../support/action/workflow-rules.ts";

const FOLDER = path.resolve(import.meta.dirname, "../../examples/workflows");

/** What a workflow to copy gives its job, with one permission less or none less. */
function readPermissions(file: string, without?: string): Permissions {
  const [job] = Object.values(readWorkflow(readFileSync(path.join(FOLDER, file), "utf8")).jobs);
  const given = Object.entries(job?.permissions ?? {}).map(
    ([name, access]) => [name.replace("-", "_"), access] as const,
  );
  return Object.fromEntries(given.filter(([name]) => name !== without));
}

const WITHOUT = /add (?:the line )?`([a-z-]+: (?:read|write))`/;

describe("the permissions of a workflow to copy", () => {
  it("are enough, and each that is missing is asked for", async () => {
    const world = await openActionWorld({ files: writeApp("806", "one") });
    const { github, pbx } = world;
    const first = await world.runPush(undefined, { inputs: { "require-approved-plan": "false" } });
    expect(first.code, first.raw).toBe(0);

    /** Runs without each of the permissions in turn, then with all of them. */
    const tryAll = async (file: string, start: () => Promise<RanAction>): Promise<void> => {
      const all = readPermissions(file);
      for (const [name, access] of Object.entries(all).filter(([one]) => one !== "contents")) {
        github.setPermissions(readPermissions(file, name));
        const { raw } = await start();
        const line = `${name.replace("_", "-")}: ${access}`;
        expect(WITHOUT.exec(raw)?.[1], `${file} without ${name}: ${raw}`).toBe(line);
      }
      github.setPermissions(all);
      const ran = await start();
      expect(ran.raw).not.toMatch(WITHOUT);
      expect(ran.code, ran.raw).toBe(0);
    };

    await pbx.console.edit("806", { Name: "uno" });
    await tryAll("drift.yml", () => world.runSchedule());

    const pull = world.openPull("Add two", () => {
      for (const [name, text] of Object.entries(writeApp("807", "two"))) world.write(name, text);
    });
    await tryAll("pull-request.yml", () => world.runPull(pull));

    const merged = world.merge(pull);
    await tryAll("apply.yml", () => world.runPush(merged));
    expect(pbx.console.get("807")?.Name).toBe("two");

    const written = github.requests.filter(({ method }) => method === "POST");
    for (const end of ["check-runs", "comments", "deployments", "issues", "statuses"])
      expect(written.some(({ path: at }) => at.endsWith(`/${end}`))).toBe(true);
  });
});
