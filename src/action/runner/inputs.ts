import { ProblemError, type Problem } from "../../domain/problem.ts";
import { Secret } from "../../domain/secret.ts";

export const COMMANDS = ["auto", "validate", "plan", "apply", "drift"] as const;
export type Command = (typeof COMMANDS)[number];

/** When a pull request gets a comment: always · only when there is something to say (one that is there is kept true) · a new one each time · never. */
const COMMENTING = ["always", "changes", "new", "never"] as const;
export type Commenting = (typeof COMMENTING)[number];

/** Every input of the Action. What app/settings checks is left as typed; an empty input counts as not given. */
export interface Inputs {
  readonly command: Command;
  readonly project: string | undefined;
  /** Names, or `*`; undefined takes the project's only target. */
  readonly targets: readonly string[] | undefined;
  readonly url: string | undefined;
  readonly clientId: string | undefined;
  readonly clientSecret: Secret<string> | undefined;
  readonly digestKey: Secret<string> | undefined;
  /** Hosts that credentials may go to, as typed. */
  readonly hosts: string | undefined;
  readonly base: string | undefined;
  readonly token: Secret<string> | undefined;
  readonly comment: Commenting;
  readonly requireApprovedPlan: boolean;
  /** An approving review must be newer than the plan. */
  readonly requireReview: boolean;
  readonly environment: string | undefined;
  /** Of drift issues. */
  readonly labels: readonly string[];
  readonly only: readonly string[];
  readonly concurrency: string | undefined;
  readonly strict: boolean;
  readonly compile: boolean;
}

/** The inputs, given a function that reads one by name (trimmed; empty when not given). Throws ProblemError with all that is wrong. */
export function readInputs(read: (name: string) => string): Inputs {
  const problems: Problem[] = [];
  const text = (name: string): string | undefined => read(name) || undefined;
  const secret = (name: string): Secret<string> | undefined => {
    const value = text(name);
    return value === undefined ? undefined : new Secret(value);
  };
  const list = (name: string): string[] =>
    read(name)
      .split(/[,\n]/)
      .map((part) => part.trim())
      .filter((part) => part !== "");
  const choose = <T extends string>(name: string, choices: readonly T[], otherwise: T): T => {
    const typed = text(name) ?? otherwise;
    const chosen = choices.find((choice) => choice === typed);
    if (chosen === undefined) problems.push(explainChoice(name, choices, typed));
    return chosen ?? otherwise;
  };
  const decide = (name: string, otherwise: boolean): boolean =>
    choose(name, ["true", "false"], otherwise ? "true" : "false") === "true";
  const targets = list("target");
  const inputs: Inputs = {
    command: choose("command", COMMANDS, "auto"),
    project: text("project"),
    targets: targets.length === 0 ? undefined : targets,
    url: text("url"),
    clientId: text("client-id"),
    clientSecret: secret("client-secret"),
    digestKey: secret("digest-key"),
    hosts: text("hosts"),
    base: text("base"),
    token: secret("github-token"),
    comment: choose("comment", COMMENTING, "always"),
    requireApprovedPlan: decide("require-approved-plan", true),
    requireReview: decide("require-review", false),
    environment: text("environment"),
    labels: list("labels"),
    only: list("only"),
    concurrency: text("concurrency"),
    strict: decide("strict", false),
    compile: decide("compile", false),
  };
  if (problems.length > 0) throw new ProblemError(problems);
  return inputs;
}

function explainChoice(name: string, choices: readonly string[], typed: string): Problem {
  return {
    severity: "error",
    code: "invalid-input",
    message: `the input ${name} is "${typed}"`,
    hint: `it takes ${new Intl.ListFormat("en-GB", { type: "disjunction" }).format(choices)}`,
  };
}
