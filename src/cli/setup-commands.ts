import { Argument, type Command } from "commander";
import type { InitFlags } from "./commands/init.ts";
import type { SchemaFlags } from "./commands/schema.ts";
import type { Context } from "./context.ts";
import { collect, formats } from "./options.ts";
import type { CommandFlags } from "./flags.ts";

/** Adds the commands that set a project or a machine up; `finish` is told the exit code. */
export function addSetupCommands(
  program: Command,
  context: Context,
  finish: (code: number) => void,
): void {
  program
    .command("init [dir]")
    .description("write a starter project, or one from a live PBX; never overwrites a file")
    .option("--url <url>", "address of the PBX (without it, it is said later)")
    .option("--target <new-name>", "what to call this PBX (default: production)")
    .option("--from-pbx", "write what the PBX has instead of an example app")
    .option("--kind <kind>", "with --from-pbx: write this kind, or * for every kind", collect)
    .option("--keep", "leave files that are there already as they are")
    .option("--client-id <id>", "API client for --from-pbx (or CALLFORM_CLIENT_ID)")
    .option("--ca-file <file>", "PEM of a further authority to trust, for --from-pbx")
    .option("--insecure-http", "allow plain http beyond this machine")
    .option("--log-file <file>", "append what happens as NDJSON, secrets replaced")
    .action(async (dir: string | undefined, flags: InitFlags) => {
      const { init } = await import("./commands/init.ts");
      finish(await init(context, dir, flags));
    });

  program
    .command("explain <topic>")
    .description("say what a kind is, or one of its settings (KIND or KIND.SETTING)")
    .addOption(formats("text", "json"))
    .action(async (topic: string, flags: CommandFlags) => {
      const { explain } = await import("./commands/explain.ts");
      finish(await explain(context, topic, flags));
    });

  program
    .command("schema [kind]")
    .description("print the JSON Schema of a kind of document, for editors")
    .option("--list", "list the kinds (as without a kind)")
    .option("--out <dir>", "write the schema, or all that editors need, into this folder")
    .action(async (kind: string | undefined, flags: SchemaFlags) => {
      const { schema } = await import("./commands/schema.ts");
      finish(await schema(context, kind, flags));
    });

  program
    .command("completion")
    .description("print the completion script of a shell")
    .addArgument(new Argument("<shell>", "shell to complete in").choices(["bash", "zsh", "fish"]))
    .action(async (shell: string) => {
      const { completion } = await import("./commands/completion.ts");
      finish(await completion(context, shell));
    });

  program
    .command("__complete [words...]", { hidden: true })
    .helpOption(false)
    .action(async (words: string[]) => {
      const { complete } = await import("./commands/completion.ts");
      finish(await complete(context, program, words));
    });
}
