import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { parse } from "yaml";

export interface FloorApp {
  readonly number: string;
  readonly name: string;
  readonly routingType: string;
  readonly transcriptionMode: string;
  readonly groups: readonly { readonly name: string; readonly role: string }[];
  readonly script: string;
}

interface Manifest {
  readonly metadata: { readonly number: string };
  readonly spec: Omit<FloorApp, "number" | "script"> & { readonly scriptFile: string };
}

/** Files read before a request under way gets a turn. */
const AT_ONCE = 64;

/** Every manifest and its script. */
export async function readManifests(root: string): Promise<FloorApp[]> {
  const folder = path.join(root, "apps");
  const apps: FloorApp[] = [];
  for (const file of readdirSync(folder)) {
    if (!file.endsWith(".yaml")) continue;
    if (apps.length % AT_ONCE === 0) await new Promise(setImmediate);
    const { metadata, spec } = parse(readFileSync(path.join(folder, file), "utf8")) as Manifest;
    const script = readFileSync(path.join(folder, spec.scriptFile), "utf8");
    apps.push({ ...spec, number: metadata.number, script });
  }
  return apps;
}
