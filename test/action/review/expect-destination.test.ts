import { describe, expect, it } from "vitest";
import { openCheck, type Check } from "../../../src/action/github/checks.ts";
import {
  listAttempts,
  openDeployment,
  setDeployment,
} from "../../../src/action/github/deployments.ts";
import type { Destination } from "../../../src/action/job/destination.ts";
import { expectDestination } from "../../../src/action/review/expect-destination.ts";
import { packReviewed } from "../../../src/action/review/reviewed-plan.ts";
import { makeJob, SHA, type FakeJob } from "../../support/action/fake-job.ts";
import { FULL } from "../../support/render/samples.ts";

const HEAD = "b".repeat(40);
const PULL = { number: 7, head: HEAD, fork: false };
const HOME: Destination = { origin: "https://pbx", client: "${env:ID} ${env:SECRET}", ca: "c" };
const PARTS: readonly (readonly [string, Partial<Destination>])[] = [
  ["the address", { origin: "https://evil" }],
  ["the API client", { client: "${env:ID} ${env:OTHER}" }],
  ["the authority", { ca: "d" }],
];

const REFUSED = /no secret was sent there/;

interface Scene extends FakeJob {
  readonly check: Check | undefined;
  judge(destination: Destination, pull?: typeof PULL): Promise<void>;
}

async function open(
  given: Readonly<Record<string, string>> = {},
  env: Readonly<Record<string, string>> = {},
): Promise<Scene> {
  const fake = await makeJob(given, { applies: true, surroundings: { env, cwd: "/" } });
  fake.github.state.commits.add(HEAD);
  const check = await openCheck(fake.job, "callform apply / production", SHA, []);
  return {
    ...fake,
    check,
    judge: async (destination, pull) =>
      expectDestination(fake.job, destination, {
        scope: "production",
        check,
        commit: SHA,
        pull,
        attempts: await listAttempts(fake.job, "production"),
      }),
  };
}

async function review({ job }: FakeJob, destination: Destination): Promise<void> {
  const check = await openCheck(job, "callform / production", HEAD, []);
  await check?.conclude({
    conclusion: "success",
    title: "t",
    summary: "s",
    text: packReviewed(FULL, 65_535, { destination }),
    digest: FULL.digest,
    problems: [],
  });
}

async function deploy({ job }: FakeJob, destination: Destination): Promise<void> {
  const payload = {
    v: 1 as const,
    target: "production",
    digest: "d",
    approved: true,
    partial: false,
  };
  const id = await openDeployment(job, SHA, { ...payload, destination });
  await setDeployment(job, id, "success", "x");
}

describe("where an apply signs in", () => {
  it("is where it did last", async () => {
    const scene = await open();
    await deploy(scene, HOME);
    expect(await scene.judge(HOME)).toBeUndefined();
  });

  it.each(PARTS)("is refused with %s of a push that nobody reviewed", async (words, other) => {
    const scene = await open();
    await deploy(scene, HOME);
    await expect(scene.judge({ ...HOME, ...other })).rejects.toMatchObject({
      problems: [{ code: "destination-unreviewed", message: expect.stringContaining(words) }],
    });
  });

  it.each(PARTS)("may be moved with %s by a reviewed pull request", async (_, other) => {
    const scene = await open();
    await deploy(scene, HOME);
    await review(scene, { ...HOME, ...other });
    await scene.judge({ ...HOME, ...other }, PULL);
    await expect(scene.judge({ ...HOME, origin: "https://third" }, PULL)).rejects.toThrow(REFUSED);
  });

  it("is refused where nothing was reviewed or deployed before", async () => {
    const scene = await open();
    await expect(scene.judge(HOME)).rejects.toMatchObject({
      problems: [{ message: expect.stringContaining("nobody has reviewed the address") }],
    });
  });

  it("is not judged where the workflow gives it, or nobody asks for a review", async () => {
    const given = { url: "https://pbx", "client-id": "x" };
    const scene = await open(given, { CALLFORM_CLIENT_SECRET: "s" });
    await scene.judge({ ...HOME, ca: "" });
    await expect(scene.judge(HOME)).rejects.toThrow(REFUSED);
    const unasked = await open({ "require-approved-plan": "false" });
    expect(await unasked.judge(HOME)).toBeUndefined();
  });
});
