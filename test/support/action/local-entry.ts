import { run as runAction } from "../../../src/action/run.ts";

/** What @github/local-action calls: a function without arguments, where src/action/main.ts runs when it is loaded. */
export async function run(): Promise<void> {
  process.exitCode = await runAction(process);
}
