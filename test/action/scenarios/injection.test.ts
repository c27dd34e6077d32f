import { describe, expect, it } from "vitest";
import { type ActionWorld, worldsOf } from "../../support/action/world.ts";
import { readLines, readMarkdown } from "../../support/action/outputs.ts";
import {
  findUnseen,
  findWildLog,
  findWildMarkdown,
  HOSTILE,
  makeWhole,
} from "../../support/action/hostile-texts.ts";
import { SEED } from "../../support/project/pbx-project.ts";
import { readRunnerLog } from "../../support/action/runner-files.ts";
import { writeScript } from "../../support/project/scripts.ts";
import { writeManifest } from "../../support/worlds/canary.ts";

const TEXTS = Object.entries(HOSTILE);
const NO_REVIEW = { inputs: { "require-approved-plan": "false" } };

function numberOf(index: number): string {
  return String(700 + index);
}

/** Apps with hostile names, departments and scripts, one of each text. */
function writeHostileApps(texts: readonly string[], suffix = ""): Record<string, string> {
  return Object.fromEntries(
    texts.flatMap((text, index) => {
      const number = numberOf(index);
      // JSON is YAML, and writes every character. Half a character alone is no text of a file.
      const name = JSON.stringify(`${text.slice(0, 200)}${suffix}`);
      const spec = `  name: ${name}\n  scriptFile: s${number}.cs\n  groups: [{ name: ${JSON.stringify(text)} }]\n`;
      return [
        [`apps/a${number}.yaml`, writeManifest(number, spec)],
        [`apps/s${number}.cs`, `${writeScript(`S${number}`)}/*\n${text}${suffix}\n*/\n`],
      ];
    }),
  );
}

/** Everything wild in what a world has written. */
function findWild(world: ActionWorld): string[] {
  const marked = readMarkdown(world).flatMap(({ where, text }) =>
    findWildMarkdown(text).map((wrong) => `${where}: ${wrong}`),
  );
  const lines = readLines(world).flatMap(({ where, text }) =>
    findUnseen(text).map((wrong) => `${where}: ${wrong}`),
  );
  const logs = world.runs.flatMap((ran, index) =>
    findWildLog(ran).map((wrong) => `log of run ${index + 1}: ${wrong}`),
  );
  const outputs = world.runs.flatMap(({ outputs: given }, index) =>
    Object.keys(given)
      .filter((name) => /owned/i.test(name))
      .map((name) => `output ${name} of run ${index + 1}`),
  );
  return [...marked, ...lines, ...logs, ...outputs];
}

function expectTame(world: ActionWorld, tried: number): void {
  const wild = findWild(world);
  process.stdout.write(`injection: ${tried} texts, ${readMarkdown(world).length} places\n`);
  expect(wild).toEqual([]);
}

describe.concurrent("what strangers wrote", () => {
  // A file with a NUL is no text file, and refused as that.
  const written = TEXTS.map(([, text]) => makeWhole(text.replaceAll("\0", "")));

  it("into names, departments and scripts stays text everywhere", async ({ onTestFinished }) => {
    const open = worldsOf(onTestFinished);
    const world = await open({
      sandbox: {
        seed: { ...SEED, departments: written.map((name) => ({ name })), compile: { delay: 1 } },
      },
      files: writeHostileApps(written),
    });
    const pull = world.openPull("Change them all", () => {
      for (const [name, text] of Object.entries(writeHostileApps(written, " changed")))
        world.write(name, text);
    });
    const first = await world.runPull(pull);
    expect(first.outputs["creates"], first.raw).toBe(String(TEXTS.length));
    const applied = await world.runPush(undefined, NO_REVIEW);
    expect(applied.code, applied.raw).toBe(0);
    const second = await world.runPull(pull);
    expect(second.outputs["updates"], second.raw).toBe(String(TEXTS.length));
    for (const index of TEXTS.keys())
      await world.pbx.console.edit(numberOf(index), {
        Name: `${written[index]?.slice(0, 99)} drift`,
      });
    const drift = await world.runSchedule();
    expect(drift.outputs["drift"], drift.raw).toBe("true");
    expectTame(world, TEXTS.length * 3);
  });

  it("into mistakes of manifests stays text everywhere", async ({ onTestFinished }) => {
    const open = worldsOf(onTestFinished);
    const world = await open();
    const files = TEXTS.map(([, text], index) => {
      const key = JSON.stringify(makeWhole(text));
      const number = numberOf(index);
      return `---\n${writeManifest(number, `  name: x\n  ${key}: ${key}\n  routingType: ${key}\n`)}  groups: [{ name: x, role: ${key} }]\n`;
    });
    const pull = world.openPull("Mistakes", () => {
      world.write("apps/wrong.yaml", files.join(""));
      world.write("apps/@octocat `::owned::` <b>.yaml", writeManifest("777", "  no: 1\n"));
    });
    const ran = await world.runPull(pull);
    expect(ran.code).toBe(1);
    const fork = await world.runPull(pull, {
      inputs: { url: "", "client-id": "", "client-secret": "" },
      env: { GITHUB_ACTOR: "dependabot[bot]" },
    });
    expect(fork.code).toBe(1);
    expectTame(world, TEXTS.length * 3);
  });

  it("into answers of the PBX stays text everywhere", async ({ onTestFinished }) => {
    const open = worldsOf(onTestFinished);
    const apps = Object.fromEntries(TEXTS.map((_, index) => [numberOf(index), `app${index}`]));
    const world = await open({ apps });
    for (const [index, [, text]] of TEXTS.entries()) {
      const body = JSON.stringify({
        error: { code: "", message: text, details: [{ message: text, target: text }] },
      });
      world.pbx.addFault({
        match: { method: "PATCH" },
        nth: index + 1,
        action:
          index % 2 === 0
            ? { type: "status", status: 400, body }
            : { type: "compile", verdict: "refuse", message: text.replaceAll(/[\r\n]+/g, " ") },
      });
    }
    const ran = await world.runPush(undefined, NO_REVIEW);
    expect(ran.code).toBe(1);
    world.pbx.clearFaults();
    const [, text = ""] = TEXTS.at(5) ?? [];
    world.pbx.addFault({
      match: { method: "GET" },
      times: "always",
      action: { type: "status", status: 404, body: `<h1>owned</h1>${text}` },
    });
    const pull = world.openPull("x", () => world.write("README.md", "x"));
    expect((await world.runPull(pull)).code).toBe(1);
    expectTame(world, TEXTS.length);
  });

  it("into branch names, targets and inputs stays text everywhere", async ({ onTestFinished }) => {
    const open = worldsOf(onTestFinished);
    const world = await open({ apps: { "806": "one" }, live: true });
    const pull = world.openPull("`::owned::` @octocat", () => world.write("README.md", "x"));
    for (const [, text] of TEXTS.filter((_, index) => index % 5 === 0)) {
      const event = world.describeEvent(pull);
      const payload = structuredClone(event.payload) as {
        pull_request: { head: { ref: string }; title: string; body: string };
      };
      const line = makeWhole(text.replaceAll("\0", ""));
      Object.assign(payload.pull_request, { title: line, body: line });
      payload.pull_request.head.ref = line;
      const env = { GITHUB_HEAD_REF: line, GITHUB_REF_NAME: line };
      await world.runPull(pull, { payload, env, inputs: { target: line } });
      await world.runPull(pull, { payload, env, inputs: { only: line, base: line } });
    }
    expectTame(world, 3);
  });
});

describe.concurrent("the search for what strangers wrote", () => {
  it.for(TEXTS)("finds %s where nothing is done about it", ([, text]) => {
    const wild = [
      ...findWildMarkdown(`## Plan\n\n${text}\n`),
      ...findWildMarkdown(`- ${text}\n`),
      ...findWildMarkdown(`\`\`\`mermaid\nflowchart LR\n  n0["${text}"]\n\`\`\`\n`),
      ...findWildLog(readRunnerLog(`${text}\n`)),
    ];
    expect(wild).not.toEqual([]);
  });
});
