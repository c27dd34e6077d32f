import type { Entity } from "../../domain/ports.ts";
import { failure, ProblemError } from "../../domain/problem.ts";
import { explainRefusal } from "./refusal.ts";
import { writeRetryAfter } from "../http/retry.ts";
import type { Outcome, Request } from "../http/transport.ts";

/** Sends one authorized request, with its path below the API's root. */
export type Send = (request: Request, body?: Entity) => Promise<Outcome>;

/** The body of an answer with one of the statuses; any other outcome throws ProblemError. `name` is the request in words. */
export function expectStatus(outcome: Outcome, statuses: readonly number[], name: string): unknown {
  if (outcome.state === "done") throw new Error(`${name} has no answer`);
  if (outcome.state === "lost") throw failure("pbx-unreachable", `${name}: ${outcome.reason}`);
  if (statuses.includes(outcome.status)) return outcome.body;
  const problems = explainRefusal(outcome.status, outcome.body, name);
  const { retryAfter } = outcome;
  if (retryAfter === undefined) throw new ProblemError(problems);
  throw new ProblemError(
    problems.map((problem) => ({
      ...problem,
      message: `${problem.message}; ${writeRetryAfter(retryAfter)}`,
      hint: "run again after that time; what is waited for within a run is two minutes at most",
    })),
  );
}
