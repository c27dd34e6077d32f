#!/usr/bin/env node
import module from "node:module";
import { VERSION } from "./version.ts";

const args = process.argv.slice(2);
// The commonest question of scripts and installers needs none of the rest.
if (args.length === 1 && args[0] === "--version") process.stdout.write(`${VERSION}\n`);
else {
  keepCompiledCode();
  const { main } = await import("./main.ts");
  const code = await main(args, process);
  await Promise.all([flush(process.stdout), flush(process.stderr)]);
  // Left alone, Node would first wait until V8 has optimised the C# grammar, for a tenth of a second.
  process.exit(code);
}

/** Node 22.8 and up can keep what it has compiled for the next start; the types are those of Node 20. */
function keepCompiledCode(): void {
  const enable: unknown = Reflect.get(module, "enableCompileCache");
  if (typeof enable === "function") Reflect.apply(enable, module, []);
}

/** Waits until everything is written; a reader that is gone is not waited for. */
function flush(stream: NodeJS.WriteStream): Promise<void> {
  if (stream.destroyed) return Promise.resolve();
  return new Promise((resolve) => {
    stream.write("", () => resolve());
  });
}
