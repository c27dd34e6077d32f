import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { canonicalizeText } from "../../src/domain/plan/canonical.ts";
import { startSandbox, type Sandbox } from "../../src/sandbox/server.ts";
import { makeFolder, type Folder } from "../support/project/folder.ts";
import { runInline } from "../support/program/inline.ts";
import { writesOf } from "../support/project/pbx-project.ts";
import {
  oddSeed,
  SECRETS,
  sketches,
  writeProjectFiles,
  type AppSketch,
} from "../support/worlds/project.ts";

/** Without shrinking: a project is small, and running one takes a while. */
const RUNS = { numRuns: 60, endOnFailure: true };

interface Stage {
  readonly pbx: Sandbox;
  readonly folder: Folder;
  run(...args: string[]): ReturnType<typeof runInline>;
}

/** A sandbox for one project. It is closed when the work is done, because a test goes through many. */
async function onStage(
  apps: readonly AppSketch[],
  work: (stage: Stage) => Promise<void>,
): Promise<void> {
  const pbx = await startSandbox({ seed: oddSeed });
  const folder = makeFolder(writeProjectFiles(apps));
  const env = {
    ...SECRETS,
    CALLFORM_URL: pbx.url,
    CALLFORM_CLIENT_ID: pbx.clientId,
    CALLFORM_CLIENT_SECRET: pbx.clientSecret,
  };
  const run = (...args: string[]): ReturnType<typeof runInline> =>
    runInline(args, { cwd: folder.root, env });
  try {
    await work({ pbx, folder, run });
  } finally {
    await pbx.close();
  }
}

/** What the PBX has of an app that its manifest does not say. */
function compareApp(pbx: Sandbox, app: AppSketch): string[] {
  const live = pbx.console.get(app.number);
  if (live === undefined) return [`${app.number} is missing`];
  const { spec, script } = app;
  const wanted = {
    name: String(spec["name"]).trim(),
    ...("routingType" in spec ? { routingType: spec["routingType"] } : {}),
    ...("transcriptionMode" in spec ? { transcriptionMode: spec["transcriptionMode"] } : {}),
    ...("trunk" in spec ? { trunk: spec["trunk"] } : {}),
    ...("groups" in spec ? { groups: sortGroups(spec["groups"]) } : {}),
    ...(script === undefined ? {} : { script: canonicalizeText(script) }),
  };
  const found: Record<string, unknown> = {
    name: live.Name.trim(),
    routingType: live.RoutingType,
    transcriptionMode: live.TranscriptionMode,
    trunk: live.Trunk === null ? null : { number: live.Trunk.Number },
    groups: sortGroups(live.Groups.map(({ Name, RoleName }) => ({ name: Name, role: RoleName }))),
    script: canonicalizeText(live.runnable ?? ""),
  };
  return Object.entries(wanted)
    .filter(([field, value]) => JSON.stringify(value) !== JSON.stringify(found[field]))
    .map(([field, value]) => `${app.number} ${field}: ${JSON.stringify([value, found[field]])}`);
}

function sortGroups(groups: unknown): string[] {
  const list = (groups ?? []) as readonly { readonly name: string; readonly role?: string }[];
  return list.map(({ name, role = "users" }) => `${name} ${role}`).toSorted();
}

describe("a project of 60 generated ones", () => {
  it("is applied as it is written, and then there is nothing left to plan", async () => {
    await fc.assert(
      fc.asyncProperty(sketches, async (apps) => {
        await onStage(apps, async ({ pbx, run }) => {
          const applied = await run("apply", "--yes");
          expect(applied.stderr).not.toContain("error");
          expect(applied.code).toBe(0);
          expect(apps.flatMap((app) => compareApp(pbx, app))).toEqual([]);
          const planned = await run("plan", "--detailed-exitcode");
          expect(planned.stdout).toContain("No changes.");
          expect(planned.code).toBe(0);
        });
      }),
      RUNS,
    );
  });

  it("can become another one, field by field, and is not written twice", async () => {
    await fc.assert(
      fc.asyncProperty(sketches, sketches, async (apps, others) => {
        const next = apps.map((app, index) =>
          Object.assign({}, others[index] ?? app, { number: app.number }),
        );
        await onStage(apps, async ({ pbx, folder, run }) => {
          expect(await run("apply", "--yes")).toMatchObject({ code: 0 });
          for (const [file, text] of Object.entries(writeProjectFiles(next)))
            folder.write(file, text);
          // An app without a script may be changed only when somebody says so.
          const numbers = next.map(({ number }) => number).join(",");
          const changed = await run("apply", "--yes", "--allow-unhealthy", numbers);
          expect(changed).toMatchObject({ code: 0 });
          expect(next.flatMap((app) => compareApp(pbx, app))).toEqual([]);
          pbx.clearRequests();
          expect(await run("apply", "--yes")).toMatchObject({ code: 0 });
          expect(writesOf(pbx)).toEqual([]);
        });
      }),
      { ...RUNS, numRuns: 15 },
    );
  });
});
