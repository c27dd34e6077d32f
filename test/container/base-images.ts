import { execFileSync } from "node:child_process";
import { copyFileSync, cpSync, mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import path from "node:path";
import { NPM_FOLDER } from "./engine.ts";

const NODE = "/usr/local/bin/node";
const AUTHORITIES = "/etc/ssl/authorities.pem";

/**
 * A context for an image that stands in for a Node image: node, npm, and the shell that lines of a Dockerfile are run by.
 * Gives its folder.
 */
export function writeBuildBase(folder: string): string {
  const root = path.join(folder, "root");
  for (const program of ["/bin/sh", "/usr/bin/env"]) place(root, program, program);
  place(root, process.execPath, NODE);
  for (const library of listLibraries(process.execPath, "/bin/sh", "/usr/bin/env"))
    place(root, library, library);
  cpSync(NPM_FOLDER, path.join(root, "usr/local/lib/node_modules/npm"), { recursive: true });
  symlinkSync("../lib/node_modules/npm/bin/npm-cli.js", path.join(root, "usr/local/bin/npm"));
  // Where a proxy breaks up TLS, npm in the image must trust what npm out here trusts.
  const authorities = process.env["NODE_EXTRA_CA_CERTS"];
  if (authorities !== undefined) place(root, authorities, AUTHORITIES);
  return writeContext(
    folder,
    authorities === undefined ? {} : { NODE_EXTRA_CA_CERTS: AUTHORITIES },
  );
}

/** A context for an image with node's shared libraries and nothing else, not even node. Gives its folder. */
export function writeRuntimeBase(folder: string): string {
  for (const library of listLibraries(process.execPath))
    place(path.join(folder, "root"), library, library);
  return writeContext(folder, {});
}

function writeContext(folder: string, env: Readonly<Record<string, string>>): string {
  const settings = Object.entries(env).map(([name, value]) => `ENV ${name}=${value}\n`);
  writeFileSync(path.join(folder, "Dockerfile"), `FROM scratch\nCOPY root /\n${settings.join("")}`);
  return folder;
}

/** The shared libraries that programs load, the loader itself among them. */
export function listLibraries(...programs: readonly string[]): ReadonlySet<string> {
  const text = execFileSync("ldd", programs, { encoding: "utf8" });
  return new Set([...text.matchAll(/(\/\S+) \(0x/g)].map(([, library = ""]) => library));
}

/** Copies a file to where the image has it; links are followed. */
function place(root: string, from: string, to: string): void {
  const target = path.join(root, to);
  mkdirSync(path.dirname(target), { recursive: true });
  copyFileSync(from, target);
}
