import { failure } from "../domain/problem.ts";
import type { Event, PullRequestEvent, PushEvent } from "./runner/event.ts";
import type { Inputs } from "./runner/inputs.ts";
import type { Place } from "./runner/place.ts";

/** What a run is to do. */
export type Work =
  | { readonly do: "nothing"; readonly why: string }
  | { readonly do: "validate" }
  /** `pull` gets a comment and `check` a check run, for the commit. */
  | {
      readonly do: "plan";
      readonly commit: string;
      readonly check: boolean;
      readonly pull: number | undefined;
    }
  /** There are no secrets: compare the manifests with those of a commit, and write nothing to GitHub. */
  | { readonly do: "compare"; readonly base: string; readonly why: string }
  | {
      readonly do: "apply";
      readonly commit: string;
      readonly branch: string;
      /** Of the commit. */
      readonly message: string;
    }
  /** `commit` is the one that is checked out. */
  | { readonly do: "drift"; readonly commit: string };

/** What command and event ask for together. Throws ProblemError for a pair that makes no sense or is not safe. */
export function chooseWork(inputs: Inputs, event: Event, place: Place): Work {
  const { command } = inputs;
  if (command === "validate") return { do: "validate" };
  if (command === "drift") return { do: "drift", commit: place.sha };
  if (event.type === "pull_request") return chooseForPull(inputs, event, place);
  if (event.type === "merge_group") {
    if (command === "apply") throw refuseApply("a merge group");
    return { do: "plan", commit: event.head, check: true, pull: undefined };
  }
  const plan = { do: "plan", commit: place.sha, check: false, pull: undefined } as const;
  if (command === "plan") return plan;
  if (event.type === "push") return chooseForPush(command === "apply", event, place, plan);
  if (command === "apply")
    return { do: "apply", commit: place.sha, branch: place.refName, message: "" };
  if (event.name === "schedule" || event.name === "workflow_dispatch")
    return { do: "drift", commit: place.sha };
  throw failure("event-unknown", `there is no command of its own for the event ${event.name}`, {
    hint: "say what to do with the input command, such as command: plan",
  });
}

function chooseForPull(inputs: Inputs, event: PullRequestEvent, { actor }: Place): Work {
  if (inputs.command === "apply") throw refuseApply("a pull request");
  if (event.action === "closed")
    return {
      do: "nothing",
      why: "the pull request is closed; what is merged is applied by a push",
    };
  const { head, base, number } = event;
  const compare = (whose: string): Work => ({
    do: "compare",
    base,
    why: `${whose} gets no secrets, so the PBX cannot be asked: the manifests were checked and compared with those of the branch they are to be merged into`,
  });
  if (event.fork) return compare("A pull request from a fork");
  const robot = "dependabot[bot]";
  if ((actor === robot || event.author === robot) && inputs.clientSecret === undefined)
    return compare("A pull request of Dependabot");
  return { do: "plan", commit: head, check: true, pull: number };
}

function chooseForPush(wanted: boolean, event: PushEvent, place: Place, plan: Work): Work {
  if (event.deleted) return { do: "nothing", why: "the branch was deleted" };
  if (event.branch === undefined) {
    if (wanted) throw refuseApply("a tag");
    return plan;
  }
  const { branch, message } = event;
  return event.toDefault || wanted ? { do: "apply", commit: place.sha, branch, message } : plan;
}

function refuseApply(what: string): Error {
  return failure("apply-unmerged", `${what} is not applied: only what was merged is`, {
    hint: "run apply on pushes to the default branch",
  });
}
