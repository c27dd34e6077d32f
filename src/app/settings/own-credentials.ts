import type { OwnCredentials } from "../../manifest/load.ts";
import type { Environment, TargetConfig } from "../../manifest/project/load.ts";

/** What PBXs are signed in to with, by the variables it comes from and by its values: no manifest may have it. */
export function listOwnCredentials(
  targets: readonly TargetConfig[],
  env: Environment,
): OwnCredentials {
  const values = [
    env["CALLFORM_CLIENT_SECRET"] ?? "",
    env["CALLFORM_DIGEST_KEY"] ?? "",
    ...targets.map(({ clientSecret }) => clientSecret?.reveal() ?? ""),
  ];
  return {
    names: new Set(targets.flatMap(({ credentialNames }) => credentialNames)),
    values: new Set(values.filter((value) => value !== "")),
  };
}
