#!/usr/bin/env node
import { closeSync } from "node:fs";
import module from "node:module";
import { isatty } from "node:tty";
import { tellOldNode, VERSION } from "./version.ts";

const args = process.argv.slice(2);
// Before anything else is loaded, which an old Node could not even read.
const tooOld = tellOldNode(process.versions.node);
if (tooOld !== undefined) {
  process.stderr.write(tooOld);
  process.exitCode = 1;
} else if (args.length === 1 && args[0] === "--version") {
  // The commonest question of scripts and installers needs none of the rest.
  process.stdout.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code === "EPIPE") return;
    process.stderr.write(`error output-lost the output could not be written: ${error.message}
`);
    process.exitCode = 1;
  });
  process.stdout.write(`${VERSION}
`);
} else {
  keepCompiledCode();
  const terminals = [0, 1, 2].filter((fd) => isatty(fd));
  const { main } = await import("./main.ts");
  const code = await main(args, process);
  // Node sets terminals back as they were, and aborts over one that was hung up; what is closed it leaves alone.
  for (const fd of terminals) if (!isatty(fd)) closeSync(fd);
  // Left alone, Node would first wait until V8 has optimised the C# grammar, for a tenth of a second.
  process.exit(code);
}

/** Node 22.8 and up can keep what it has compiled for the next start; the types are those of Node 20. */
function keepCompiledCode(): void {
  const enable: unknown = Reflect.get(module, "enableCompileCache");
  if (typeof enable === "function") Reflect.apply(enable, module, []);
}
