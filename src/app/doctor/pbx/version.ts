import type { Verdict } from "../../../domain/diagnosis.ts";
import type { HttpAnswer } from "../../../xapi/probe/http.ts";
import type { Access } from "./access.ts";
import type { SystemFacts } from "./licence.ts";
import { TRIAL_PATH } from "../network/server.ts";

/** `20.0.2` is V20 Update 2, which first lets a script take every call of a trunk. */
const TRUNK_SCRIPTS = [20, 0, 2];

const OLDEST_MAJOR = 20;

/** From the header of an answer, or else from the system status. */
export async function checkVersion(
  access: Access,
  { version: told }: SystemFacts,
  unasked: HttpAnswer,
): Promise<Verdict<undefined>> {
  const reading = await access.get(TRIAL_PATH);
  const header = reading.state === "answered" ? reading.headers[VERSION_HEADER] : undefined;
  return judgeVersion(header ?? told ?? unasked.headers[VERSION_HEADER]);
}

const VERSION_HEADER = "x-3cx-version";

export function judgeVersion(version: string | undefined): Verdict<undefined> {
  const parts = (version ?? "").split(".").map(Number);
  const [major = 0] = parts;
  if (version === undefined || !/^\d+(\.\d+)+$/.test(version))
    return {
      state: "warning",
      found: ["the PBX does not say which version it is"],
      advice: "see that it is 3CX V20 in the admin console",
      value: undefined,
    };
  if (major < OLDEST_MAJOR)
    return {
      state: "failed",
      found: [`3CX ${version} is too old`],
      advice: `update the PBX to V${OLDEST_MAJOR}: the configuration API came with it`,
    };
  if (isOlder(parts, TRUNK_SCRIPTS))
    return {
      state: "warning",
      found: [`3CX ${version} is older than V20 Update 2`],
      advice: "update the PBX, or leave routingType: Trunk out of manifests",
      value: undefined,
    };
  return { state: "ok", found: [`3CX ${version}`], value: undefined };
}

function isOlder(parts: readonly number[], than: readonly number[]): boolean {
  for (const [index, wanted] of than.entries()) {
    const part = parts[index] ?? 0;
    if (part !== wanted) return part < wanted;
  }
  return false;
}
