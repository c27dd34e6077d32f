import { rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { stringify } from "yaml";
import { makeTls } from "../tls.ts";
import { openArena } from "./arena.ts";
import { createAuth0Api, describeClient, LARGEST_CLIENT } from "./auth0-api.ts";
import type { Contender } from "./contender.ts";
import { makeObjects } from "./objects.ts";

export const auth0: Contender = {
  name: "auth0-deploy-cli",
  version: "8.44.0",
  typed: { look: "a0deploy import --dry-run", change: "a0deploy import" },
  caveat:
    "Clients of 2.5 KB in one YAML file (Auth0 allows no more metadata), so less than half the weight of a script; over TLS, as it knows nothing else. It reads every client, and reads the list twice for a dry run. Its dry run names the objects that differ without their fields; import compares nothing and patches every client, at most 8 requests a second. Most of the time of a small run is the compilation of its JSON Schema.",
  installed: true,
  async open({ objects: count, latency }, modules) {
    const objects = makeObjects(count, LARGEST_CLIENT);
    const identity = makeTls();
    return openArena({
      objects,
      api: createAuth0Api(objects),
      options: { latency, identity },
      describe(folder, desired) {
        const clients = desired.map(describeClient);
        writeFileSync(path.join(folder, "tenant.yaml"), stringify({ clients }));
      },
      commands(folder, url) {
        const config = {
          AUTH0_DOMAIN: new URL(url).host,
          AUTH0_ACCESS_TOKEN: "token",
          AUTH0_INCLUDED_ONLY: ["clients"],
        };
        writeFileSync(path.join(folder, "config.json"), JSON.stringify(config));
        const script = path.join(modules, "auth0-deploy-cli/lib/index.js");
        const args = [script, "import", "-c", "config.json", "-i", "tenant.yaml", "--env=false"];
        const env = { HOME: folder, NODE_EXTRA_CA_CERTS: identity.file };
        return {
          look: { args: [...args, "--dry-run"], cwd: folder, env },
          change: { args, cwd: folder, env },
        };
      },
      readLook(stdout, { writes }) {
        if (writes > 0) return "its dry run wrote";
        return stdout.includes("No changes detected") ? undefined : "its dry run found changes";
      },
      dispose: () => rmSync(path.dirname(identity.file), { recursive: true, force: true }),
    });
  },
};
