import { spawn, spawnSync } from "node:child_process";
import { chmodSync, existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { makeFolder, type Folder } from "../project/folder.ts";
import { locateProgram } from "./run.ts";

export type Shell = "bash" | "zsh" | "fish";

/** How each shell is started without anybody's settings, and told to complete Callform. */
const STARTS: Readonly<Record<Shell, { readonly command: string; readonly load: string }>> = {
  bash: {
    command: "bash --norc --noprofile -i",
    load: "PS1='rea''dy> '; source <(callform completion bash)",
  },
  zsh: {
    command: "zsh -f -i",
    load: "PS1='rea''dy> '; autoload -U compinit && compinit -u -D; source <(callform completion zsh)",
  },
  fish: {
    command: "fish --no-config --interactive",
    load: "callform completion fish | source; function fish_prompt; echo -n 'rea''dy> '; end",
  },
};

/** A shell that waits for more than it was typed must not keep the test run. */
const PATIENCE = 40_000;

/** Why a shell cannot be typed into on this machine; undefined where it can. */
export function explainMissingShell(shell: Shell): string | undefined {
  const found = (command: string): string => {
    const { stdout, status } = spawnSync(command, ["--version"], { encoding: "utf8" });
    return status === 0 ? stdout : "";
  };
  if (found(shell) === "") return `${shell} is not installed`;
  // Those of other systems take other flags.
  return found("script").includes("util-linux") ? undefined : "no script command of util-linux";
}

/**
 * Types lines into an interactive shell on a terminal of its own, tabs and all, and gives what the commands named `callform`
 * were called with in the end. Completion goes to the built program, everything else is only written down.
 */
export async function typeInto(
  shell: Shell,
  folder: Folder,
  lines: readonly string[],
): Promise<readonly (readonly string[])[]> {
  const machine = makeFolder({ "bin/callform": writeStandIn() });
  chmodSync(machine.path("bin/callform"), 0o755);
  const called = machine.path("called");
  const { command, load } = STARTS[shell];
  const child = spawn("script", ["-qfec", command, "/dev/null"], {
    cwd: folder.root,
    env: {
      PATH: `${machine.path("bin")}${path.delimiter}${process.env["PATH"] ?? ""}`,
      HOME: machine.root,
      TERM: "xterm",
      LANG: "C.UTF-8",
      CALLED: called,
    },
    stdio: ["pipe", "pipe", "inherit"],
    signal: AbortSignal.timeout(PATIENCE),
  });
  child.stdin.write(`${load}\n`);
  let [seen, typed] = ["", false];
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    seen += text;
    if (typed || !seen.includes("ready> ")) return;
    typed = true;
    child.stdin.write(`${lines.join("\n")}\nexit\n`);
  });
  await new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", resolve);
  });
  if (!existsSync(called)) throw new Error(`${shell} called nothing:\n${seen}`);
  const calls = readFileSync(called, "utf8").split("\0\n").slice(0, -1);
  return calls.map((call) => call.split("\0"));
}

/** Each call is its arguments, NUL between them, NUL and LF at the end. */
function writeStandIn(): string {
  return `#!/bin/sh
case $1 in
  completion|__complete) exec '${process.execPath}' '${locateProgram()}' "$@" ;;
esac
first=yes
for argument in "$@"; do
  [ "$first" = yes ] || printf '\\0' >>"$CALLED"
  first=no
  printf '%s' "$argument" >>"$CALLED"
done
printf '\\0\\n' >>"$CALLED"
`;
}
