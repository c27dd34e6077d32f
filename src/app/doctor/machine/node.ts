import type { Verdict } from "../../../domain/diagnosis.ts";
import type { Environment } from "../../../manifest/project/load.ts";

/** The oldest release of Node that Callform is tested on, as in package.json. */
export const OLDEST_NODE = [20, 19] as const;

const PROXIES = ["HTTPS_PROXY", "HTTP_PROXY", "ALL_PROXY"];

/** `version` is what `process.versions.node` has: "20.19.4". */
export function checkNode(version: string): Verdict<undefined> {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  const [oldest, least] = OLDEST_NODE;
  const found = [`Node ${version}`];
  if (major > oldest || (major === oldest && minor >= least))
    return { state: "ok", found, value: undefined };
  return {
    state: "failed",
    found: [`Node ${version} is older than ${oldest}.${least}`],
    advice: `install Node ${oldest}.${least} or later`,
  };
}

/** Variables that change how programs connect, and what Callform makes of them. No value of any is ever shown. */
export function checkEnvironment(env: Environment, ownAuthority: boolean): Verdict<undefined> {
  const notes = [...noteProxies(env), ...noteTls(env, ownAuthority)];
  if (notes.length === 0)
    return { state: "ok", found: ["no proxy and no TLS setting in the way"], value: undefined };
  return {
    state: "warning",
    found: notes.map(([found]) => found),
    advice: notes.map(([, advice]) => advice).join("; "),
    value: undefined,
  };
}

type Note = readonly [found: string, advice: string];

function noteProxies(env: Environment): Note[] {
  const set = PROXIES.flatMap((name) => [name, name.toLowerCase()]).filter((name) =>
    isSet(env, name),
  );
  if (set.length === 0) return [];
  return [
    [
      `${set.join(", ")} ${set.length === 1 ? "is" : "are"} set, and Callform uses no proxy: it connects to the PBX directly`,
      "let this machine reach the PBX without the proxy",
    ],
  ];
}

function noteTls(env: Environment, ownAuthority: boolean): Note[] {
  const notes: Note[] = [];
  if (env["NODE_TLS_REJECT_UNAUTHORIZED"] === "0")
    notes.push([
      "NODE_TLS_REJECT_UNAUTHORIZED=0 has every program on Node trust any certificate",
      "remove NODE_TLS_REJECT_UNAUTHORIZED, and trust the PBX with --ca-file",
    ]);
  if (ownAuthority && isSet(env, "NODE_EXTRA_CA_CERTS"))
    notes.push([
      "NODE_EXTRA_CA_CERTS is set, and has no effect beside --ca-file or caFile",
      "put every authority into the one file",
    ]);
  return notes;
}

function isSet(env: Environment, name: string): boolean {
  return (env[name] ?? "") !== "";
}
