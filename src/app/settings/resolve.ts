import path from "node:path";
import { failure, hasErrors, ProblemError, type Problem } from "../../domain/problem.ts";
import type { Limits } from "../../domain/plan/guard.ts";
import type { Prune } from "../../domain/plan/removal.ts";
import { Secret } from "../../domain/secret.ts";
import {
  loadProject,
  type Environment,
  type Project,
  type TargetConfig,
} from "../../manifest/project/load.ts";
import { readPlainFile } from "../../store/read-file.ts";
import { takeAddress, type Address } from "./address.ts";
import { judgeChoice, pickNames, readShard, type TargetChoice } from "./choose-targets.ts";
import { readFilter, splitLists, type Filter } from "./filter.ts";
import { judgeBinding, namesHost } from "./hosts.ts";
import { readLimits, readNumber } from "./limits.ts";

/** What the command line gave; everything is as typed. A secret is never a flag. */
export interface Flags {
  readonly project?: string;
  /** Names of targets, or `*`. */
  readonly target?: readonly string[];
  readonly shard?: string;
  readonly url?: string;
  readonly clientId?: string;
  readonly caFile?: string;
  readonly insecureHttp?: boolean;
  readonly only?: readonly string[];
  readonly exclude?: readonly string[];
  readonly selector?: readonly string[];
  readonly concurrency?: string;
  readonly parallel?: string;
  readonly base?: string;
  readonly allowHost?: readonly string[];
  readonly maxChangePercent?: string;
  readonly maxDeletes?: string;
  readonly unprotect?: readonly string[];
  readonly allowUnhealthy?: readonly string[];
  readonly confirm?: readonly string[];
  readonly allowEmpty?: boolean;
  readonly strict?: boolean;
  readonly keepFailed?: boolean;
  readonly logFile?: string;
}

/** What every command works from, wherever it came from: flag, then environment, then project file, then default. */
export interface Settings {
  readonly project: Project;
  /** The target whose variables apply; undefined where neither flag nor project names one. */
  readonly target: TargetConfig | undefined;
  /** Every target the command is about, `target` among them. */
  readonly targets: readonly TargetConfig[];
  readonly paths: readonly string[];
  readonly filter: Filter;
  readonly concurrency: number;
  /** Targets worked on at the same time. */
  readonly parallel: number;
  /** A commit to compare with as well, as typed. */
  readonly base: string | undefined;
  /** A commit that tells, where there is no base, which hosts targets had before the change that is looked at. */
  readonly hostBase?: string;
  readonly prune: Prune;
  /** That there is no manifest at all is meant. */
  readonly allowEmpty: boolean;
  readonly limits: Limits;
  readonly strict: boolean;
  readonly keepFailed: boolean;
  readonly logFile: string | undefined;
  readonly env: Environment;
  readonly cwd: string;
  /** Warnings about the project file. */
  readonly problems: readonly Problem[];
}

/** A PBX and the client to speak to it with. */
export interface Connection {
  readonly name: string;
  readonly origin: string;
  /**
   * True where whoever runs this named the host, in a flag or the environment; otherwise the project file chose it, and
   * the change that is looked at may have chosen the project file's words.
   */
  readonly hostNamed: boolean;
  readonly clientId: string;
  readonly clientSecret: Secret<string>;
  readonly digestKey: Secret<string>;
  readonly ca: string | undefined;
}

export interface Surroundings {
  readonly env: Environment;
  readonly cwd: string;
}

/** What the target of a run is called that no project file names; see {@link nameTarget}. */
export const UNNAMED_TARGET = "default";

export function nameTarget({ target }: Pick<Settings, "target">): string {
  return target?.name ?? UNNAMED_TARGET;
}

/** All the public authorities together take a quarter of one. */
export const MAX_AUTHORITY_MEBIBYTES = 5;
const DEFAULT_CONCURRENCY = 4;
const MAX_CONCURRENCY = 32;
const DEFAULT_PARALLEL = 8;
const MAX_PARALLEL = 64;

/**
 * What a command does with the PBX: nothing, look at it, or plan for it. Only a plan has to answer for what it would
 * delete.
 */
export type Purpose = "offline" | "look" | "plan";

/** Settings of a command that is about at most one PBX. Throws ProblemError with every problem of flags and project file. */
export async function resolveSettings(
  flags: Flags,
  paths: readonly string[],
  surroundings: Surroundings,
  purpose: Purpose,
): Promise<Settings> {
  const [settings, another] = await resolveFleet(flags, paths, surroundings, purpose);
  if (settings === undefined || another !== undefined)
    throw failure("invalid-flag", "this command takes one target at a time", {
      hint: "name one with --target NAME",
    });
  return settings;
}

/**
 * Settings for each target that flags name, in the project's order; a command that works offline gets one for all of them,
 * with every target among `targets`. Throws ProblemError with every problem of flags and project file.
 */
export async function resolveFleet(
  flags: Flags,
  paths: readonly string[],
  { env, cwd }: Surroundings,
  purpose: Purpose,
): Promise<readonly Settings[]> {
  const root = path.resolve(cwd, flags.project ?? ".");
  const found: Problem[] = [];
  const names = flags.target === undefined ? undefined : splitLists(flags.target);
  const choice = { names, shard: readShard(flags.shard, found) };
  const resolve = (known: readonly string[]): readonly string[] => pickNames(known, choice);
  const loaded = await loadProject(root, {
    env,
    cwd,
    ...(purpose === "offline" ? {} : { resolve }),
  });
  const problems = [...loaded.problems, ...found];
  const concurrency = readNumber(flags.concurrency, "--concurrency", 1, MAX_CONCURRENCY, problems);
  const parallel = readNumber(flags.parallel, "--parallel", 1, MAX_PARALLEL, problems);
  const limits = readLimits(flags, problems);
  const filter = readFilter(flags, problems);
  const { project } = loaded;
  const targets = project === undefined ? [] : chooseTargets(project, choice, purpose, problems);
  if (purpose !== "offline") problems.push(...judgeTargets(targets, flags, env, purpose));
  if (project === undefined || hasErrors(problems)) throw new ProblemError(problems);
  const settle = (target: TargetConfig | undefined): Settings => ({
    project,
    target,
    targets,
    paths,
    filter,
    concurrency: concurrency ?? DEFAULT_CONCURRENCY,
    parallel: parallel ?? DEFAULT_PARALLEL,
    base: flags.base,
    prune: target?.policy.prune ?? "never",
    allowEmpty: flags.allowEmpty ?? false,
    limits: limits(target?.policy),
    strict: flags.strict ?? false,
    keepFailed: flags.keepFailed ?? false,
    logFile: flags.logFile === undefined ? undefined : path.resolve(cwd, flags.logFile),
    env,
    cwd,
    problems,
  });
  const [only] = targets;
  if (purpose === "offline") return [settle(names === undefined ? undefined : only)];
  return targets.length === 0 ? [settle(undefined)] : targets.map(settle);
}

/** The PBX to speak to. Throws ProblemError that lists everything that is missing. */
export async function resolveConnection(flags: Flags, settings: Settings): Promise<Connection> {
  const { env, target, cwd } = settings;
  const url = firstGiven(flags.url, env["CALLFORM_URL"], target?.url);
  const clientId = firstGiven(flags.clientId, env["CALLFORM_CLIENT_ID"], target?.clientId);
  const secret = firstGiven(env["CALLFORM_CLIENT_SECRET"], target?.clientSecret?.reveal());
  const missing = [
    ...(url === undefined ? ["the URL of the PBX: --url, CALLFORM_URL, or url of the target"] : []),
    ...(clientId === undefined
      ? ["the client id: --client-id, CALLFORM_CLIENT_ID, or clientId of the target"]
      : []),
    ...(secret === undefined
      ? ["the client secret: CALLFORM_CLIENT_SECRET, or clientSecret of the target (never a flag)"]
      : []),
  ];
  if (url === undefined || clientId === undefined || secret === undefined)
    throw new ProblemError(missing.map(explainMissing));
  const address = takeAddress(url, flags.insecureHttp ?? false);
  const hostNamed = isNamed(address, flags, env);
  const caFile = flags.caFile === undefined ? target?.caFile : path.resolve(cwd, flags.caFile);
  const clientSecret = new Secret(secret);
  const digestKey = firstGiven(env["CALLFORM_DIGEST_KEY"]);
  return {
    name: nameTarget(settings),
    origin: address.origin,
    hostNamed,
    clientId,
    clientSecret,
    digestKey: digestKey === undefined ? clientSecret : new Secret(digestKey),
    ca: caFile === undefined ? undefined : await readAuthority(caFile),
  };
}

/** Throws ProblemError where the environment binds credentials to other hosts. */
function isNamed(address: Address, { url, allowHost }: Flags, env: Environment): boolean {
  const bound = judgeBinding(env, address);
  const allowed = allowHost !== undefined && namesHost(allowHost.join(), address, "--allow-host");
  return bound === true || allowed || firstGiven(url, env["CALLFORM_URL"]) !== undefined;
}

/**
 * The targets of the project, or those that flags name, without resolving what they refer to. Throws ProblemError with every
 * problem of flags and project file.
 */
export async function resolveTargets(
  flags: Flags,
  { env, cwd }: Surroundings,
): Promise<readonly TargetConfig[]> {
  const problems: Problem[] = [];
  const names = flags.target === undefined ? ["*"] : splitLists(flags.target);
  const choice = { names, shard: readShard(flags.shard, problems) };
  const loaded = await loadProject(path.resolve(cwd, flags.project ?? "."), { env, cwd });
  problems.push(...loaded.problems);
  const all = loaded.project?.targets ?? [];
  if (flags.target !== undefined) problems.push(...judgeChoice(all, choice));
  if (hasErrors(problems)) throw new ProblemError(problems);
  const chosen = pickNames(
    all.map(({ name }) => name),
    choice,
  );
  return all.filter(({ name }) => chosen.includes(name));
}

function chooseTargets(
  project: Project,
  choice: TargetChoice,
  purpose: Purpose,
  problems: Problem[],
): readonly TargetConfig[] {
  const everyView = purpose === "offline" && choice.names === undefined;
  if (!everyView) problems.push(...judgeChoice(project.targets, choice));
  const names = pickNames(
    project.targets.map(({ name }) => name),
    choice,
  );
  return project.targets.filter(({ name }) => names.includes(name));
}

/** What must not be let through for these targets at once. */
function judgeTargets(
  targets: readonly TargetConfig[],
  flags: Flags,
  env: Environment,
  purpose: Purpose,
): Problem[] {
  const single = [
    ...(flags.url === undefined ? [] : ["--url"]),
    ...(firstGiven(env["CALLFORM_URL"]) === undefined ? [] : ["CALLFORM_URL"]),
  ];
  const confirmed = splitLists(flags.confirm);
  const unconfirmed = targets.filter(
    ({ name, policy }) => policy.prune === "all" && !confirmed.includes(name),
  );
  return [
    ...(targets.length > 1 ? single.map(explainSingle) : []),
    ...(purpose === "plan" ? unconfirmed.map(({ name }) => askToConfirm(name)) : []),
  ];
}

async function readAuthority(file: string): Promise<string> {
  const reading = await readPlainFile(file, MAX_AUTHORITY_MEBIBYTES);
  if ("reason" in reading)
    throw failure("ca-file", `the authority in ${file} cannot be read: ${reading.reason}`);
  if (reading.text.includes("-----BEGIN CERTIFICATE-----")) return reading.text;
  throw failure("ca-file", `${file} holds no certificate`, {
    hint: "it must be PEM: a text with -----BEGIN CERTIFICATE-----",
  });
}

/** An empty variable counts as not given: CI systems set unknown secrets to an empty text. */
function firstGiven(...values: readonly (string | undefined)[]): string | undefined {
  return values.find((value) => value !== undefined && value !== "");
}

function askToConfirm(name: string): Problem {
  return {
    severity: "error",
    code: "prune-unconfirmed",
    message: `the target ${name} says prune: all, which deletes every app that is not in Git`,
    hint: `if that is meant, say so each time with --confirm ${name}`,
  };
}

function explainSingle(what: string): Problem {
  return {
    severity: "error",
    code: "invalid-flag",
    message: `${what} is the address of one PBX, and the run is about several targets`,
    hint: "leave it out, and give each target its url in callform.yaml",
  };
}

function explainMissing(what: string): Problem {
  return { severity: "error", code: "setting-missing", message: `missing: ${what}` };
}
