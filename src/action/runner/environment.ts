import type { Surroundings } from "../../app/settings/resolve.ts";
import { failure } from "../../domain/problem.ts";
import type { Inputs } from "./inputs.ts";

type Environment = Surroundings["env"];

/** What the runner gives to an action and no manifest may name. */
const RUNNERS_OWN = /^(INPUT_|ACTIONS_|GITHUB_TOKEN$)/;

/** The environment that settings and `${env:…}` read: the process's, secrets from inputs in their places, the runner's own credentials left out. */
export function makeEnvironment(
  env: Environment,
  { clientSecret, digestKey, hosts }: Inputs,
): Environment {
  const kept = Object.entries(env).filter(([name]) => !RUNNERS_OWN.test(name));
  return {
    ...Object.fromEntries(kept),
    ...(clientSecret === undefined ? {} : { CALLFORM_CLIENT_SECRET: clientSecret.reveal() }),
    ...(hosts === undefined ? {} : { CALLFORM_HOSTS: hosts }),
    ...(digestKey === undefined ? {} : { CALLFORM_DIGEST_KEY: digestKey.reveal() }),
  };
}

export const UNSAFE_CODE = "event-unsafe";

/** Events that give a workflow the repository's secrets while others decide what it reads. */
const UNSAFE = new Set(["pull_request_target", "workflow_run"]);

/** Throws ProblemError where secrets would meet files of a stranger. */
export function refuseUnsafe(env: Environment, inputs: Inputs): void {
  const event = env["GITHUB_EVENT_NAME"] ?? "";
  const secrets = [env["CALLFORM_CLIENT_SECRET"], env["CALLFORM_DIGEST_KEY"]].some(
    (value) => (value ?? "") !== "",
  );
  if (!UNSAFE.has(event) || (inputs.command === "validate" && !secrets)) return;
  throw failure(
    UNSAFE_CODE,
    `Callform does not run on ${event} with credentials: a pull request from a fork would decide what they are used for`,
    {
      hint: "use the event pull_request; for a fork it checks the manifests and compares them offline",
    },
  );
}
