import path from "node:path";
import { Secret } from "../../../domain/secret.ts";
import type { Environment, TargetConfig } from "../../../manifest/project/load.ts";
import type { Flags } from "../../settings/resolve.ts";

/** A setting and where it came from: `--url`, `CALLFORM_URL`, `url of the target`. */
export interface Given<T> {
  readonly value: T;
  readonly from: string;
}

/** Like those of a run, but each may be missing: what is there is looked at all the same. */
export interface Choices {
  readonly target: TargetConfig | undefined;
  readonly url: Given<string> | undefined;
  readonly clientId: Given<string> | undefined;
  readonly clientSecret: Given<Secret<string>> | undefined;
  /** Absolute. */
  readonly caFile: string | undefined;
}

export function chooseSettings(
  flags: Flags,
  env: Environment,
  cwd: string,
  target: TargetConfig | undefined,
): Choices {
  const caFile = flags.caFile === undefined ? target?.caFile : path.resolve(cwd, flags.caFile);
  const secret = firstGiven([
    ["CALLFORM_CLIENT_SECRET", env["CALLFORM_CLIENT_SECRET"]],
    ["clientSecret of the target", target?.clientSecret?.reveal()],
  ]);
  return {
    target,
    url: firstGiven([
      ["--url", flags.url],
      ["CALLFORM_URL", env["CALLFORM_URL"]],
      ["url of the target", target?.url],
    ]),
    clientId: firstGiven([
      ["--client-id", flags.clientId],
      ["CALLFORM_CLIENT_ID", env["CALLFORM_CLIENT_ID"]],
      ["clientId of the target", target?.clientId],
    ]),
    clientSecret: secret && { ...secret, value: new Secret(secret.value) },
    caFile,
  };
}

/** An empty one counts as not given, and so does a reference that stands there as written because nothing resolved it. */
function firstGiven(
  sources: readonly (readonly [from: string, value: string | undefined])[],
): Given<string> | undefined {
  for (const [from, value] of sources)
    if (value !== undefined && value !== "" && !/^\$\{env:\w+\}$/.test(value))
      return { value, from };
  return undefined;
}
