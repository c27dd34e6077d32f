import { describe, expect, it } from "vitest";
import type { Fault } from "../../../src/sandbox/faults/read.ts";
import { deploymentStates, issuesOf } from "../../support/action/look.ts";
import { type ActionWorld, type OpenWorld, worldsOf } from "../../support/action/world.ts";
import { readActionOutputs } from "../../support/action/outputs.ts";
import { SEED } from "../../support/project/pbx-project.ts";
import { writeScript } from "../../support/project/scripts.ts";
import {
  findLeaks,
  FLAVOURS,
  makeCanaries,
  writeManifest,
  writeSecretScript,
  type Canaries,
} from "../../support/worlds/canary.ts";

const NO_REVIEW = { "require-approved-plan": "false" };
/** Those that are hardest on the ways in which GitHub and its runner write texts down. */
const TRIED = ["several lines", "what Markdown escapes", "what URLs escape"];

interface SecretWorld {
  readonly world: ActionWorld;
  readonly canaries: Canaries;
  readonly options: {
    readonly inputs: Readonly<Record<string, string>>;
    readonly env: Readonly<Record<string, string>>;
  };
}

/** A secret in every place a value of a run can come from. */
async function openSecretWorld(
  open: OpenWorld,
  write: (place: string) => string,
): Promise<SecretWorld> {
  const canaries = makeCanaries(write);
  const { client, digest, file, inline, name, group } = canaries;
  const world = await open({
    sandbox: {
      seed: {
        ...SEED,
        clientSecret: client,
        departments: [{ name: group }],
        compile: { delay: 1 },
      },
    },
    files: {
      "apps/file.yaml": writeManifest("801", "  name: infile\n  scriptFile: file.cs\n"),
      "apps/file.cs": writeSecretScript("FILE_KEY"),
      "apps/inline.yaml": writeManifest(
        "802",
        `  name: inline\n  scriptCode: |\n${writeSecretScript("INLINE_KEY").replaceAll(/^(?=.)/gm, "    ")}`,
      ),
      "apps/named.yaml": writeManifest(
        "803",
        "  name: ${secret:APP_NAME}\n  scriptFile: plain.cs\n",
      ),
      "apps/grouped.yaml": writeManifest(
        "804",
        '  name: grouped\n  scriptFile: plain.cs\n  groups: [{ name: "${secret:GROUP_NAME}" }]\n',
      ),
      "apps/plain.cs": writeScript("Plain"),
    },
  });
  return {
    world,
    canaries,
    options: {
      inputs: { "client-secret": client, "digest-key": digest, ...NO_REVIEW },
      env: { FILE_KEY: file, INLINE_KEY: inline, APP_NAME: name, GROUP_NAME: group },
    },
  };
}

/** Answers of a PBX that repeat what they were sent: one for each of the first writes, then for all. */
function echo({ client, file, group }: Canaries): readonly Fault[] {
  const write = { method: "PATCH" };
  const error = {
    error: { code: "", message: `no: ${file}`, details: [{ message: file, target: file }] },
  };
  return [
    { match: write, nth: 1, action: { type: "status", status: 400, body: JSON.stringify(error) } },
    { match: write, nth: 2, action: { type: "status", status: 409, body: `<b>${client}</b>` } },
    {
      match: write,
      nth: 3,
      action: { type: "compile", verdict: "refuse", message: `no '${group}' and no '${file}'` },
    },
    {
      match: write,
      nth: 4,
      times: "always",
      action: {
        type: "status",
        status: 302,
        headers: { Location: `/?t=${encodeURIComponent(client)}` },
      },
    },
  ];
}

function expectNoLeaks({ world, canaries }: SecretWorld): void {
  const outputs = readActionOutputs(world);
  expect(outputs.length).toBeGreaterThan(40);
  expect(findLeaks(outputs, Object.values(canaries))).toEqual([]);
  const tokens = outputs.filter(({ text }) => /eyJ[\w-]{8,}\./.test(text));
  expect(tokens.map(({ where }) => where)).toEqual([]);
  const own = outputs.filter(({ text }) => text.includes(world.github.token));
  expect(own.map(({ where }) => where)).toEqual([]);
}

/** The runner masks each secret as it is, in base64 and as URLs write it. */
function expectMasks({ world, canaries }: SecretWorld): void {
  const masks = new Set(world.runs.at(-1)?.masks);
  for (const secret of Object.values(canaries)) {
    expect(masks).toContain(secret);
    expect(masks).toContain(Buffer.from(secret).toString("base64"));
    expect(masks).toContain(encodeURIComponent(secret));
  }
  expect([...masks].filter((mask) => /^eyJ[\w-]{8,}\./.test(mask)).length).toBeGreaterThan(0);
}

describe.concurrent("planted secrets", () => {
  it.for(TRIED)(
    "made of %s are in nothing that the Action writes, however a PBX repeats them",
    async (flavour, { onTestFinished }) => {
      const open = worldsOf(onTestFinished);
      const made = await openSecretWorld(open, FLAVOURS[flavour] ?? String);
      const { world, canaries, options } = made;
      const pull = world.openPull("Change", () => world.write("README.md", "x"));
      const planned = await world.runPull(pull, options);
      expect(planned.code, planned.raw).toBe(0);
      expectMasks(made);
      for (const fault of echo(canaries)) world.pbx.addFault(fault);
      const failed = await world.runPush(world.merge(pull), options);
      expect(failed.code).toBe(1);
      expect(failed.text).toContain("(secret)");
      world.pbx.clearFaults();
      const applied = await world.runPush(undefined, options);
      expect(applied.code, applied.raw).toBe(0);
      expect(deploymentStates(world).at(-1)?.[1]).toBe("success");
      await world.pbx.console.edit("803", { Name: "byhand" });
      const drift = await world.runSchedule(options);
      expect(drift.outputs["drift"], drift.raw).toBe("true");
      expect(issuesOf(world)).toHaveLength(1);
      const body = JSON.stringify({ error: canaries.client, error_description: canaries.client });
      const path = TRIED.indexOf(flavour) % 2 === 0 ? "/connect/token" : "CallFlowApps";
      world.pbx.addFault({ match: { path }, action: { type: "status", status: 400, body } });
      const refused = await world.runPush(undefined, options);
      expect(refused.code).toBe(1);
      expectNoLeaks(made);
    },
  );

  it("are in nothing when GitHub itself repeats them, and when they stand where they cannot be used", async ({
    onTestFinished,
  }) => {
    const open = worldsOf(onTestFinished);
    const made = await openSecretWorld(open, FLAVOURS["a plain word"] ?? String);
    const { world, canaries, options } = made;
    const pull = world.openPull("Wrong", () => {
      world.write(
        "apps/wrong.yaml",
        writeManifest("806", '  name: x\n  routingType: "${secret:APP_NAME}"\n'),
      );
    });
    const message = `no ${canaries.client}`;
    const answer = { status: 422, body: { message, errors: [{ message }] } };
    world.github.addFault({
      path: "/comments",
      times: "always",
      action: { type: "answer", answer },
    });
    const ran = await world.runPull(pull, options);
    expect(ran.code).toBe(1);
    expect(ran.text).toContain("(secret)");
    expectNoLeaks(made);
  });

  it("would be found if the Action wrote one", async ({ onTestFinished }) => {
    const open = worldsOf(onTestFinished);
    const made = await openSecretWorld(open, FLAVOURS["a plain word"] ?? String);
    const { world, canaries, options } = made;
    world.write("apps/plain.cs", `${writeScript("Plain")}// ${canaries.inline}\n`);
    world.remove("apps/inline.yaml");
    world.commit("A secret that nobody can know for one");
    const pull = world.openPull("x", () => world.write("README.md", "x"));
    const { INLINE_KEY: _, ...env } = options.env;
    await world.runPull(pull, { ...options, env });
    const leaks = findLeaks(readActionOutputs(world), [canaries.inline]).join("\n");
    for (const place of ["/comments", "/check-runs", "summary", "file"])
      expect(leaks).toContain(place);
  });
});
