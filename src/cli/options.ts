import { type Command, Option } from "commander";

/** `--project` and `--target`: what every command that reads manifests takes. */
export function withProject(command: Command): Command {
  return withTargets(command)
    .option("--project <dir>", "folder with callform.yaml (default: this folder)")
    .option("--strict", "C# mistakes are errors, not warnings");
}

/** Which targets a command is about. */
export function withTargets(command: Command): Command {
  return command
    .option(
      "--target <names>",
      "targets of the project file (repeat, or separate by commas; '*' is all)",
      collect,
    )
    .option(
      "--shard <part>",
      "only this part of them, such as 2/5: divides a fleet among machines",
    );
}

/** How to reach the PBX, and how many at the same time. */
export function withTarget(command: Command): Command {
  return withAddress(command)
    .option("--parallel <n>", "targets worked on at the same time (default: 8)")
    .option("--log-file <file>", "append what happens as NDJSON, secrets replaced");
}

/** How to reach the PBX. */
export function withAddress(command: Command): Command {
  return command
    .option("--url <url>", "address of the PBX (or CALLFORM_URL)")
    .option(
      "--client-id <id>",
      "API client (or CALLFORM_CLIENT_ID; its secret is CALLFORM_CLIENT_SECRET)",
    )
    .option("--ca-file <file>", "PEM of a further authority to trust")
    .option("--insecure-http", "allow plain http beyond this machine");
}

/** Narrows what a command is about. */
export function withFilter(command: Command): Command {
  return command
    .option("--only <numbers>", "only these numbers (repeat, or separate by commas)", collect)
    .option("--exclude <numbers>", "all but these numbers", collect)
    .option("--selector <label=value>", "only manifests with this label", collect);
}

export const ALLOW_HOST =
  "let credentials go to these hosts although the target had another one at --base";

/** What judges a plan, and what lifts a limit for one run. */
export function withLimits(command: Command): Command {
  return command
    .option("--base <ref>", "commit that was last applied: tells what Git changed from drift")
    .option("--allow-host <hosts>", ALLOW_HOST, collect)
    .option("--max-change-percent <n>", "let this run change up to this share of the live apps")
    .option("--max-deletes <n>", "let this run delete up to so many apps")
    .option(
      "--unprotect <numbers>",
      "let this run delete or renumber these protected numbers",
      collect,
    )
    .option(
      "--allow-unhealthy <numbers>",
      "let this run change these although no script runs",
      collect,
    )
    .option("--allow-empty", "let this run go on although there is no manifest at all")
    .option("--confirm <targets>", "say that prune: all is meant, by the target's name", collect);
}

/** Gathers the values of a flag that may be repeated. */
export function collect(value: string, before: readonly string[] | undefined): string[] {
  return [...(before ?? []), value];
}

/** `--format`, with text first and as the default. */
export function formats(...choices: string[]): Option {
  return new Option("--format <format>", "form of the result").choices(choices).default("text");
}
