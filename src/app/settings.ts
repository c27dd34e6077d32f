import { readFile } from "node:fs/promises";
import path from "node:path";
import { failure, hasErrors, ProblemError, type Problem } from "../domain/problem.ts";
import type { Limits } from "../domain/guard.ts";
import type { Prune } from "../domain/removal.ts";
import { Secret } from "../domain/secret.ts";
import {
  loadProject,
  type Environment,
  type Policy,
  type Project,
  type TargetConfig,
} from "../manifest/project.ts";
import { normalizeUrl } from "./address.ts";
import { readFilter, splitLists, type Filter } from "./filter.ts";

/** What the command line gave; everything is as typed. A secret is never a flag. */
export interface Flags {
  readonly project?: string;
  readonly target?: string;
  readonly url?: string;
  readonly clientId?: string;
  readonly caFile?: string;
  readonly insecureHttp?: boolean;
  readonly only?: readonly string[];
  readonly exclude?: readonly string[];
  readonly selector?: readonly string[];
  readonly concurrency?: string;
  readonly base?: string;
  readonly maxChangePercent?: string;
  readonly maxDeletes?: string;
  readonly unprotect?: readonly string[];
  readonly allowUnhealthy?: readonly string[];
  readonly confirm?: string;
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
  readonly paths: readonly string[];
  readonly filter: Filter;
  readonly concurrency: number;
  /** A commit to compare with as well, as typed. */
  readonly base: string | undefined;
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
  readonly clientId: string;
  readonly clientSecret: Secret<string>;
  readonly digestKey: Secret<string>;
  readonly ca: string | undefined;
}

export interface Surroundings {
  readonly env: Environment;
  readonly cwd: string;
}

const DEFAULT_CONCURRENCY = 4;
const MAX_CONCURRENCY = 32;
/** Without a policy: enough for a rename, too few for a folder that was lost. */
const DEFAULT_MAX_DELETES = 2;
const MAX_DELETES = 1_000_000;

/** Settings of a command that does not need a PBX. Throws ProblemError with every problem of flags and project file. */
export async function resolveSettings(
  flags: Flags,
  paths: readonly string[],
  { env, cwd }: Surroundings,
  online: boolean,
): Promise<Settings> {
  const root = path.resolve(cwd, flags.project ?? ".");
  const wanted = flags.target === undefined ? "all" : [flags.target];
  const loaded = await loadProject(root, { env, cwd, ...(online ? { resolve: wanted } : {}) });
  const problems = [...loaded.problems];
  const concurrency = readNumber(flags.concurrency, "--concurrency", 1, MAX_CONCURRENCY, problems);
  const limits = readLimits(flags, problems);
  const filter = readFilter(flags, problems);
  const target =
    loaded.project === undefined ? undefined : chooseTarget(loaded.project, flags, problems);
  if (target?.policy.prune === "all" && online && flags.confirm !== target.name)
    problems.push(askToConfirm(target.name));
  if (loaded.project === undefined || hasErrors(problems)) throw new ProblemError(problems);
  return {
    project: loaded.project,
    target,
    paths,
    filter,
    concurrency: concurrency ?? DEFAULT_CONCURRENCY,
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
  };
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
  const caFile = flags.caFile === undefined ? target?.caFile : path.resolve(cwd, flags.caFile);
  const clientSecret = new Secret(secret);
  const digestKey = firstGiven(env["CALLFORM_DIGEST_KEY"]);
  return {
    name: target?.name ?? "default",
    origin: normalizeUrl(url, flags.insecureHttp ?? false),
    clientId,
    clientSecret,
    digestKey: digestKey === undefined ? clientSecret : new Secret(digestKey),
    ca: caFile === undefined ? undefined : await readAuthority(caFile),
  };
}

function chooseTarget(
  project: Project,
  flags: Flags,
  problems: Problem[],
): TargetConfig | undefined {
  const names = project.targets.map(({ name }) => name);
  if (flags.target === undefined) {
    if (project.targets.length <= 1) return project.targets[0];
    problems.push({
      severity: "error",
      code: "target-missing",
      message: `the project has ${names.length} targets: ${names.join(", ")}`,
      hint: "say which one with --target NAME",
    });
    return undefined;
  }
  const target = project.targets.find(({ name }) => name === flags.target);
  if (target === undefined)
    problems.push({
      severity: "error",
      code: "target-unknown",
      message: `there is no target "${flags.target}"`,
      hint:
        names.length === 0 ? "the project file names no target" : `there is: ${names.join(", ")}`,
    });
  return target;
}

/** The limits of this run: a flag lifts exactly the one it names, `--yes` none. */
function readLimits(flags: Flags, problems: Problem[]): (policy: Policy | undefined) => Limits {
  const percent = readNumber(flags.maxChangePercent, "--max-change-percent", 0, 100, problems);
  const deletes = readNumber(flags.maxDeletes, "--max-deletes", 0, MAX_DELETES, problems);
  return (policy) => ({
    maxDeletes: deletes ?? policy?.maxDeletes ?? DEFAULT_MAX_DELETES,
    maxChangePercent: percent ?? policy?.maxChangePercent,
    protect: policy?.protect ?? [],
    unprotect: splitLists(flags.unprotect),
    allowUnhealthy: splitLists(flags.allowUnhealthy),
  });
}

function readNumber(
  text: string | undefined,
  flag: string,
  least: number,
  most: number,
  problems: Problem[],
): number | undefined {
  if (text === undefined) return undefined;
  const value = Number(text);
  if (/^\d+$/.test(text) && value >= least && value <= most) return value;
  problems.push({
    severity: "error",
    code: "invalid-flag",
    message: `${flag} takes a whole number from ${least} to ${most}, not "${text}"`,
  });
  return undefined;
}

async function readAuthority(file: string): Promise<string> {
  const text = await readFile(file, "utf8").catch((error: unknown) => {
    throw failure("ca-file", `cannot read the authority in ${file}: ${String(error)}`);
  });
  if (text.includes("-----BEGIN CERTIFICATE-----")) return text;
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

function explainMissing(what: string): Problem {
  return { severity: "error", code: "setting-missing", message: `missing: ${what}` };
}
