import type { Plan, Target } from "../../domain/plan/plan.ts";
import type { Json } from "../../domain/json.ts";
import { nameResource } from "../../domain/resource.ts";
import type { ApplyEvent, ApplyResult } from "../../domain/result.ts";
import type { Environment } from "../../manifest/project/load.ts";
import type { Log } from "../../store/log-file.ts";

/** What a run leaves in its log: who, which target, which plan, each step and how it ended. */
export interface Audit {
  started(target: Target): void;
  /** The state of the manifests in Git; undefined outside a repository. */
  revision(head: { readonly commit: string; readonly dirty: boolean } | undefined): void;
  planned(plan: Plan): void;
  applying(plan: Plan): void;
  happened(event: ApplyEvent): void;
  finished(results: readonly ApplyResult[]): void;
}

export function createAudit(log: Log, env: Environment): Audit {
  return {
    started: ({ name, url }) =>
      log.write("started", { target: { name, url }, actor: findActor(env) }),
    revision: (head) => {
      if (head !== undefined) log.write("revision", { commit: head.commit, dirty: head.dirty });
    },
    planned: ({ target: { name, url }, base, digest, summary }) =>
      log.write("planned", {
        target: { name, url },
        digest,
        summary: { ...summary },
        ...(base === undefined ? {} : { base }),
      }),
    applying: ({ digest }) => log.write("applying", { digest }),
    happened: (event) => logEvent(log, event),
    finished: (results) =>
      log.write("finished", { outcomes: results.map(({ outcome }) => outcome) }),
  };
}

function logEvent(log: Log, event: ApplyEvent): void {
  if (event.type === "step")
    return log.write("step", { resource: nameResource(event.resource), step: event.step });
  const { op, outcome, milliseconds, problems } = event.result;
  log.write("result", {
    resource: nameResource(event.result),
    op,
    outcome,
    milliseconds,
    problems: problems.map(({ code, message }) => `${code}: ${message}`),
  });
}

/** Who runs this: what GitHub, GitLab, Jenkins and Azure say, or else the user's name. */
function findActor(env: Environment): Json {
  const first = (...names: readonly string[]): string | null =>
    names.map((name) => env[name]).find((value) => value !== undefined && value !== "") ?? null;
  return {
    name: first(
      "GITHUB_ACTOR",
      "GITLAB_USER_LOGIN",
      "BUILD_USER_ID",
      "BUILD_REQUESTEDFOR",
      "USER",
      "USERNAME",
    ),
    run: first("GITHUB_RUN_ID", "CI_JOB_URL", "BUILD_URL", "BUILD_BUILDURI"),
    commit: first("GITHUB_SHA", "CI_COMMIT_SHA", "GIT_COMMIT", "BUILD_SOURCEVERSION"),
  };
}
