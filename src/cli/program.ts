import { Command } from "commander";
import type { Context } from "./context.ts";
import type { DoctorFlags } from "./commands/doctor.ts";
import type { PullFlags } from "./commands/pull.ts";
import type { CommandFlags } from "./flags.ts";
import {
  ALLOW_HOST,
  collect,
  formats,
  withAddress,
  withFilter,
  withLimits,
  withProject,
  withTarget,
  withTargets,
} from "./options.ts";
import { addSetupCommands } from "./setup-commands.ts";
import { VERSION } from "./version.ts";

/** Parses the command line, runs its command and gives the exit code. Each command is loaded only when it is named. */
export async function createProgram(context: Context, args: readonly string[]): Promise<number> {
  let code = 0;
  const { console } = context;
  const program = new Command("callform")
    .description("Call flow apps of a 3CX phone system as code: validate, plan, apply.")
    .version(VERSION)
    .option("--no-color", "no colours (NO_COLOR and FORCE_COLOR are honoured)")
    .showHelpAfterError("(callform --help lists the commands)")
    .exitOverride()
    .configureOutput({
      writeOut: (text) => console.out(text),
      writeErr: (text) => console.err(text),
    });

  withProject(program.command("validate [paths...]"))
    .description("check manifests and scripts without touching the network")
    .addOption(formats("text", "json", "markdown", "sarif", "github"))
    .action(async (paths: string[], flags: CommandFlags) => {
      const { validate } = await import("./commands/validate.ts");
      code = await validate(context, paths, flags);
    });

  withFilter(withProject(program.command("render [paths...]")))
    .description("print the manifests as one target sees them, each value with where it is from")
    .addOption(formats("yaml", "json").default("yaml"))
    .action(async (paths: string[], flags: CommandFlags) => {
      const { render } = await import("./commands/render.ts");
      code = await render(context, paths, flags);
    });

  withLimits(withFilter(withTarget(withProject(program.command("plan [paths...]")))))
    .description("show what would change on the PBX; never writes to it")
    .addOption(formats("text", "json", "markdown"))
    .option("--out <file>", "also save the plan, for review and for apply")
    .option("--detailed-exitcode", "exit 2 when there are changes")
    .option(
      "--compile",
      "have the PBX compile changed scripts in a throw-away app on policy.scratchNumber (writes, and cleans up)",
    )
    .action(async (paths: string[], flags: CommandFlags) => {
      const { plan } = await import("./commands/plan.ts");
      code = await plan(context, paths, flags);
    });

  withLimits(withFilter(withTarget(withProject(program.command("apply [plan-file-or-paths...]")))))
    .description("plan again, check it against the reviewed plan if one is given, and carry it out")
    .addOption(formats("text", "json", "markdown"))
    .option("--yes", "do not ask")
    .option("--keep-failed", "keep a new app whose script the PBX refused")
    .option("--concurrency <n>", "apps worked on at the same time (default: 4)")
    .action(async (paths: string[], flags: CommandFlags) => {
      const { apply } = await import("./commands/apply.ts");
      code = await apply(context, paths, flags);
    });

  withFilter(withTarget(withProject(program.command("status [paths...]"))))
    .description(
      "show compile and registration state of the managed apps; exit 2 when one is unhealthy",
    )
    .addOption(formats("text", "json", "markdown"))
    .action(async (paths: string[], flags: CommandFlags) => {
      const { status } = await import("./commands/status.ts");
      code = await status(context, paths, flags);
    });

  withFilter(withTarget(withProject(program.command("drift [paths...]"))))
    .description("show what the PBX has otherwise than Git says; exit 2 when it has")
    .addOption(formats("text", "json", "markdown"))
    .option("--base <ref>", "commit that was last applied: leaves out what Git has changed since")
    .option("--allow-host <hosts>", ALLOW_HOST, collect)
    .option("--allow-empty", "go on although there is no manifest at all")
    .action(async (paths: string[], flags: CommandFlags) => {
      const { drift } = await import("./commands/drift.ts");
      code = await drift(context, paths, flags);
    });

  withFilter(withTarget(withProject(program.command("pull [numbers...]"))))
    .description("write manifests and scripts from what the PBX has; never writes to the PBX")
    .addOption(formats("text", "json"))
    .option("--dry-run", "show what would change in the files, and write nothing")
    .option("--force", "overwrite uncommitted files, and references whose value has changed")
    .option("--no-scripts", "leave scripts alone, and out of new manifests")
    .option("--kind <kind>", "pull this kind, or * for every kind; can be repeated", collect)
    .action(async (numbers: string[], flags: PullFlags) => {
      const { pull } = await import("./commands/pull.ts");
      code = await pull(context, numbers, flags);
    });

  withTargets(program.command("targets"))
    .description("list the targets of the project; as JSON a matrix for GitHub Actions")
    .option("--project <dir>", "folder with callform.yaml (default: this folder)")
    .addOption(formats("text", "json"))
    .action(async (flags: CommandFlags) => {
      const { targets } = await import("./commands/targets.ts");
      code = await targets(context, flags);
    });

  withAddress(program.command("doctor"))
    .description("say why a PBX cannot be worked with, step by step and what to do; never writes")
    .option("--project <dir>", "folder with callform.yaml (default: this folder)")
    .option("--target <name>", "target of the project file", collect)
    .option("--timeout <seconds>", "for each step on the network (default: 5)")
    .addOption(formats("text", "json", "markdown"))
    .action(async (flags: DoctorFlags) => {
      const { doctor } = await import("./commands/doctor.ts");
      code = await doctor(context, flags);
    });

  program
    .command("sandbox")
    .description("start a PBX simulator on this machine, to try manifests and for CI")
    .option("--port <n>", "port to listen on; 0 takes a free one", "0")
    .option("--host <address>", "address to listen on", "127.0.0.1")
    .option("--seed <file>", "departments, trunks and apps to start with (YAML or JSON)")
    .option("--data <file>", "keep the state in this file across restarts")
    .option("--latency <ms>", "delay every answer", "0")
    .option("--faults <file>", "failures to play (YAML or JSON)")
    .option("--record <file>", "write every exchange to this file, as NDJSON")
    .option("--json", "print one line of JSON with url, clientId and clientSecret when it listens")
    .action(async (flags: Readonly<Record<string, string | boolean | undefined>>) => {
      const { sandbox } = await import("./commands/sandbox.ts");
      code = await sandbox(context, flags);
    });

  addSetupCommands(program, context, (ended) => {
    code = ended;
  });

  for (const command of program.commands)
    command.exitOverride().configureOutput({
      writeOut: (text) => console.out(text),
      writeErr: (text) => console.err(text),
    });
  await program.parseAsync([...args], { from: "user" });
  return code;
}
