import { describe, expect, it } from "vitest";
import { checksOf, countWrites, ownComments, planComment } from "../../support/action/look.ts";
import { openActionWorld, type ActionWorld } from "../../support/action/world.ts";
import type { RanAction } from "../../support/action/run-action.ts";
import { writeScript } from "../../support/project/scripts.ts";

const APPS = { "806": "one" };

async function openPlanned(): Promise<{ world: ActionWorld; pull: number }> {
  const world = await openActionWorld({ apps: APPS, live: true, here: true });
  const pull = world.openPull("Change one", () =>
    world.write("apps/one.cs", writeScript("One", "changed.wav")),
  );
  const ran = await world.runPull(pull);
  expect(ran.code, ran.raw).toBe(0);
  return { world, pull };
}

/** Log, summary and the last check run all say it. */
function expectTold(world: ActionWorld, ran: RanAction, words: string): void {
  expect(ran.code).toBe(1);
  const last = world.github.state.checkRuns.at(-1);
  expect(last).toMatchObject({ status: "completed", conclusion: "failure" });
  for (const text of [ran.text, ran.summary, last?.output.summary]) expect(text).toContain(words);
  expect(ran.raw).not.toContain("has a bug");
}

describe("an apply that fails", () => {
  it.each<[string, string, string, Readonly<Record<string, string>>]>([
    ["a wrong secret", "client-secret", "wrong-secret-here", {}],
    ["a missing secret", "client secret", "", {}],
    ["a PBX that is down", "127.0.0.1:9", "", { url: "http://127.0.0.1:9" }],
  ])("says so everywhere: %s", async (name, _, secret, more) => {
    const { world, pull } = await openPlanned();
    const sha = world.merge(pull);
    const inputs = name.includes("PBX") ? more : { "client-secret": secret };
    const ran = await world.runPush(sha, { inputs });
    expect(ran.code).toBe(1);
    const error = ran.commands.find(({ name: command }) => command === "error");
    expect(error?.message.length ?? 0).toBeGreaterThan(10);
    const words = (error?.message ?? "").split("\n")[0]?.slice(0, 30) ?? "";
    expect(
      ran.text
        .split("\n")
        .filter((line) => !line.startsWith("::"))
        .join("\n"),
    ).toContain(words);
    const reason = name.includes("missing") ? "settings" : "pbx";
    expect(ran.outputs).toMatchObject({ "has-changes": "", "failure-reason": reason });
    expect(world.github.state.checkRuns.at(-1)).toMatchObject({ conclusion: "failure" });
    expect(countWrites(world)).toBe(0);
  });

  it("names the checkout that is missing, or is another one", async () => {
    const { world, pull } = await openPlanned();
    const first = world.repository.git("rev-parse", "main");
    const sha = world.merge(pull);
    const ran = await world.runPush(sha, { checkOut: first });
    expectTold(world, ran, first.slice(0, 12));
    expect(ran.text).toContain("wrong-checkout");
    const empty = await world.runPush(sha, { checkOut: "nothing" });
    expectTold(world, empty, "no step has checked out the repository");
    expect(empty.outputs).toMatchObject({ "failure-reason": "workflow", "has-changes": "" });
  });
});

describe("a project file that cannot be read", () => {
  it.each([
    ["a mistake of syntax", "targets: [", ""],
    ["a key that it does not have", "kind: Project\nnonsense: 1", "nonsense"],
    ["a variable that is missing", "url: ${env:ABSENT}", "ABSENT"],
  ])("ends check and comment, and leaves no old plan standing: %s", async (name, text, words) => {
    const { world, pull } = await openPlanned();
    const head = "apiVersion: callform/v1\nkind: Project\n";
    const body = name.includes("variable")
      ? `${head}targets:\n  production:\n    ${text}\n`
      : name.includes("key")
        ? `apiVersion: callform/v1\n${text}\n`
        : `${head}${text}\n`;
    world.pushPull(pull, () => world.write("callform.yaml", body));
    const ran = await world.runPull(pull, { inputs: { target: "" } });
    expect(ran.code).toBe(1);
    expect(checksOf(world, pull).at(-1)).toMatchObject({
      name: "callform / production",
      conclusion: "failure",
    });
    expect(planComment(world, pull).body).toContain("There is no plan");
    for (const place of [ran.text, ran.summary, planComment(world, pull).body])
      expect(place).toContain(words);
    expect(ran.outputs["has-changes"]).toBe("");
    expect(ran.outputs["failure-reason"]).toMatch(/manifests|settings/);
  });
});

describe("a plan that is made again", () => {
  it("does not overwrite the comment about a newer commit", async () => {
    const { world, pull } = await openPlanned();
    const old = world.describeEvent(pull);
    world.pushPull(pull, () => world.write("apps/one.cs", writeScript("One", "newer.wav")));
    await world.runPull(pull);
    const { body } = planComment(world, pull);
    const again = await world.runPull(pull, { ...old });
    expect(again.code, again.raw).toBe(0);
    expect(again.text).toContain("its comment is left");
    expect(planComment(world, pull).body).toBe(body);
  });

  it("says that it is another one, and what was approved when", async () => {
    const { world, pull } = await openPlanned();
    await world.pbx.console.edit("806", { Name: "byhand" });
    const again = await world.runPull(pull);
    const [first, second] = checksOf(world, pull);
    expect(second?.output.summary).toContain((first?.external_id ?? "").slice(0, 12));
    for (const text of [again.summary, planComment(world, pull).body, second?.output.summary])
      expect(text).toContain("was another one before");
    const ran = await world.runPush(world.merge(pull));
    expect(ran.code, ran.raw).toBe(0);
    const told = ownComments(world, pull).at(-1)?.body ?? "";
    expect(told).toMatch(/What was approved is the plan of 20\d\d-/);
    expect(told).toContain("/actions/runs/8156423");
  });

  it("wants a newer review where the workflow asks for one", async () => {
    const { world, pull } = await openPlanned();
    const sha = world.merge(pull);
    const inputs = { "require-review": "true" };
    const { state } = world.github;
    const review = (submitted: string, more: object = {}): void =>
      void state.reviews.push({
        pull,
        user: { login: "hubot", id: 7, type: "User" },
        state: "APPROVED",
        submitted_at: submitted,
        author_association: "MEMBER",
        ...more,
      });
    review("2020-01-01T00:00:00Z");
    review("2099-01-01T00:00:00Z", {
      user: { login: "mallory", id: 666, type: "User" },
      author_association: "NONE",
    });
    const refused = await world.runPush(sha, { inputs });
    expect(refused.code).toBe(1);
    expect(refused.text).toContain("no approving review that is newer");
    review("2099-01-01T00:00:00Z", { state: "CHANGES_REQUESTED" });
    expect((await world.runPush(sha, { inputs })).code).toBe(1);
    expect(countWrites(world)).toBe(0);
    review("2099-01-02T00:00:00Z");
    const applied = await world.runPush(sha, { inputs });
    expect(applied.code, applied.raw).toBe(0);
  });
});
