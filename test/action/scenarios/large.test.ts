import { describe, expect, it } from "vitest";
import {
  checksOf,
  ownComments,
  planComment,
  planOf,
  readHeader,
} from "../../support/action/look.ts";
import { worldsOf } from "../../support/action/world.ts";
import { findWildMarkdown } from "../../support/action/hostile-texts.ts";
import { SEED, toClassName, writeApp } from "../../support/project/pbx-project.ts";
import { writeScript } from "../../support/project/scripts.ts";

const COUNT = 1000;
const MOST_COMMENT = 65_536;
const MOST_SUMMARY = 1024 * 1024;

describe.concurrent("a pull request that changes a thousand apps", () => {
  it("gets a comment that starts with the summary and says what was left out", async ({
    onTestFinished,
  }) => {
    const open = worldsOf(onTestFinished);
    const apps = Array.from({ length: COUNT }, (_, index) => ({
      number: String(20_000 + index),
      name: `app${index}`,
    }));
    const world = await open({
      files: Object.assign({}, ...apps.map(({ number, name }) => writeApp(number, name))),
      sandbox: {
        seed: {
          ...SEED,
          compile: { delay: 0 },
          apps: apps.map(({ number, name }) => ({
            number,
            name,
            scriptCode: writeScript(toClassName(name)),
          })),
        },
      },
    });
    const pull = world.openPull("Change them all", () => {
      for (const { name } of apps)
        world.write(`apps/${name}.cs`, writeScript(toClassName(name), "changed.wav"));
    });
    const ran = await world.runPull(pull);
    expect(ran.code, ran.raw.slice(0, 5000)).toBe(0);
    expect(ran.outputs).toMatchObject({ updates: String(COUNT), unchanged: "0" });

    const { body } = planComment(world, pull);
    expect(ownComments(world, pull)).toHaveLength(1);
    expect(body.length).toBeLessThanOrEqual(MOST_COMMENT);
    expect(readHeader(body)).toMatchObject({ digest: ran.outputs["digest"] });
    const [, heading = "", , summary = ""] = body.split("\n");
    expect(`${heading} ${summary}`).toContain(`${COUNT} to update`);
    expect(body).toMatch(/left out|ends after/);
    expect(body).toContain("job summary");
    expect(body).toContain("plan-file");
    expect(findWildMarkdown(body)).toEqual([]);
    // As much as fits: what is left out is not left out early.
    expect(body.length).toBeGreaterThan(MOST_COMMENT / 4);

    expect(Buffer.byteLength(ran.summary)).toBeLessThanOrEqual(MOST_SUMMARY);
    expect(ran.summary).toContain(`${COUNT} to update`);
    for (const { number } of [apps[0], apps[COUNT / 2], apps[COUNT - 1]].filter(
      (app) => app !== undefined,
    ))
      expect(ran.summary).toContain(`CallFlowApp ${number}`);
    expect(planOf(world).changes).toHaveLength(COUNT);
    const report = Object.entries(ran.files).find(([name]) => name.endsWith(".md"))?.[1] ?? "";
    expect(report.split("<details>").length - 1).toBeGreaterThanOrEqual(COUNT);
    expect(report.match(/\+.*changed\.wav/g)).toHaveLength(COUNT);

    const [check] = checksOf(world, pull);
    expect(check).toMatchObject({ conclusion: "success", external_id: ran.outputs["digest"] });
    expect(world.github.requests.length).toBeLessThan(20);

    // What does not fit is no reason to refuse what was approved.
    const applied = await world.runPush(world.merge(pull), {
      inputs: { concurrency: "32" },
    });
    expect(applied.code, applied.raw.slice(-3000)).toBe(0);
    expect(world.pbx.console.get("20999")?.ScriptCode).toContain("changed.wav");
    expect(ownComments(world, pull)).toHaveLength(2);
  });
});
