import os from "node:os";
import path from "node:path";
import type { Environment } from "../../manifest/project/load.ts";

/** Where this machine keeps what a killed run leaves for the next one: `$XDG_STATE_HOME/callform`, or its usual place. */
export function stateFolder(env: Environment): string {
  const named = env["XDG_STATE_HOME"];
  if (named !== undefined && path.isAbsolute(named)) return path.join(named, "callform");
  const home = env["HOME"] ?? env["USERPROFILE"];
  return path.join(
    home === undefined || home === "" ? os.homedir() : home,
    ".local/state/callform",
  );
}
