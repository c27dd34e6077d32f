import { failure, ProblemError, type Problem } from "../../domain/problem.ts";
import type { Environment } from "../../manifest/project/load.ts";
import { nameHost, readAddress, type Address } from "./address.ts";

/** Hosts that credentials may be sent to, each as whoever runs this wrote it: a name, `*.example.com`, with or without a port. */
interface HostRule {
  readonly host: string;
  /** For `*.example.com`: every host that ends so. */
  readonly below: boolean;
  /** Undefined: any. */
  readonly port: number | undefined;
  /** Undefined where no scheme was written. */
  readonly secure: boolean | undefined;
}

/** Whether one of the hosts in a list, separated by commas or blanks, is that of the address. Throws ProblemError; `from` names the list. */
export function namesHost(list: string, address: Address, from: string): boolean {
  const entries = list.split(/[\s,;]+/).filter((entry) => entry !== "");
  const problems: Problem[] = [];
  const rules = entries.flatMap((entry) => {
    const rule = readRule(entry);
    if (rule === undefined) problems.push(refuseRule(entry, from));
    return rule ?? [];
  });
  if (entries.length === 0) problems.push(refuseRule(list, from));
  if (problems.length > 0) throw new ProblemError(problems);
  return rules.some((rule) => matches(rule, address));
}

/**
 * What the environment binds credentials to: true where the address is among the hosts, undefined where none are named. Throws
 * ProblemError for an address that is not among them.
 */
export function judgeBinding(env: Environment, address: Address): true | undefined {
  const list = env["CALLFORM_HOSTS"];
  if (list === undefined || list === "") return undefined;
  if (namesHost(list, address, "CALLFORM_HOSTS")) return true;
  throw failure(
    "host-unbound",
    `${address.origin} is none of the hosts that CALLFORM_HOSTS binds the credentials to, so nothing was sent there`,
    {
      hint: `if that PBX is meant, add ${nameHost(address.origin)} to CALLFORM_HOSTS, or to the input hosts of the Action`,
    },
  );
}

function readRule(entry: string): HostRule | undefined {
  const below = entry.startsWith("*.");
  const bare = below ? entry.slice(2) : entry;
  if (/[@?#\\]/.test(bare)) return undefined;
  const reading = readAddress(bare, true);
  if ("problem" in reading) return undefined;
  const { host, port, secure } = reading;
  const schemed = /^[a-z]+:\/\//i.test(bare);
  // A wildcard for a whole top level binds to nothing.
  if (below && (schemed || !host.includes("."))) return undefined;
  return {
    host,
    below,
    port: schemed || /:\d+\/*$/.test(bare.replace(/^\[[^\]]*\]/, "")) ? port : undefined,
    secure: schemed ? secure : undefined,
  };
}

function matches(rule: HostRule, { host, port, secure }: Address): boolean {
  const named = rule.below ? host.endsWith(`.${rule.host}`) : host === rule.host;
  return (
    named &&
    (rule.port === undefined || rule.port === port) &&
    (rule.secure === undefined || rule.secure === secure)
  );
}

function refuseRule(entry: string, from: string): Problem {
  return {
    severity: "error",
    code: "invalid-hosts",
    message: `${from} has ${JSON.stringify(entry.slice(0, 80))}, which names no host`,
    hint: "list hosts with commas, such as pbx.example.com, pbx.example.com:5001 or *.pbx.example.com",
  };
}
