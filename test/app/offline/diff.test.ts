import { describe, expect, it } from "vitest";
import { diffOffline } from "../../../src/app/offline/diff.ts";
import { resolveSettings, type Flags } from "../../../src/app/settings/resolve.ts";
import { makeFolder, type Folder } from "../../support/project/folder.ts";
import { PROJECT_FILE, writeApp, writeManifest } from "../../support/project/pbx-project.ts";
import { writeScript } from "../../support/project/scripts.ts";
import { makeRepository } from "../../support/project/repository.ts";

interface Scene extends Folder {
  diff(ref: string, flags?: Flags): Promise<string[]>;
  commit(): string;
}

function open(files: Readonly<Record<string, string>>): Scene {
  const folder = makeFolder({ "callform.yaml": PROJECT_FILE, ...files });
  const repository = makeRepository(folder.root);
  return {
    ...folder,
    commit: () => repository.commit("x"),
    async diff(ref, flags = {}) {
      const { plan } = await diffFolder(folder, ref, flags);
      return plan.changes.map(
        ({ op, key, fields }) => `${op} ${key} ${fields.map(({ field }) => field).join(" ")}`,
      );
    },
  };
}

async function diffFolder(
  folder: Folder,
  ref: string,
  flags: Flags = {},
): ReturnType<typeof diffOffline> {
  // As on a pull request from a fork: no variable of the project file is set.
  const surroundings = { env: {}, cwd: folder.root };
  const settings = await resolveSettings(flags, [], surroundings, "offline");
  const [target] = settings.targets;
  const { signal } = new AbortController();
  return diffOffline({
    settings: { ...settings, target },
    ref,
    signal,
    onProgress: () => undefined,
  });
}

describe("the comparison of two commits without a PBX", () => {
  it("finds nothing between a commit and itself", async () => {
    const scene = open({ ...writeApp("806", "one"), ...writeApp("807", "two") });
    expect(await scene.diff(scene.commit())).toEqual([]);
  });

  it("finds what is new, changed and removed", async () => {
    const scene = open({ ...writeApp("806", "one"), ...writeApp("807", "two") });
    const base = scene.commit();
    scene.write("apps/one.yaml", writeManifest("806", "renamed").replace("renamed.cs", "one.cs"));
    scene.write("apps/two.yaml", writeManifest("808", "two"));
    scene.commit();
    expect(await scene.diff(base)).toEqual([
      "update 806 name",
      "delete 807 name",
      "create 808 name scriptCode",
    ]);
  });

  it("shows the lines of a script that changed, with their place", async () => {
    const scene = open(writeApp("806", "one"));
    const base = scene.commit();
    scene.write("apps/one.cs", scene.read("apps/one.cs").replace("welcome.wav", "goodbye.wav"));
    const { plan } = await diffFolder(scene, base);
    const [change] = plan.changes;
    expect(change?.fields[0]?.diff).toMatch(/-.*welcome\.wav[^]*\+.*goodbye\.wav/);
    expect(change?.at).toMatchObject({ file: "apps/one.yaml", line: 4 });
    expect(plan.summary).toEqual({ create: 0, update: 1, delete: 0, unchanged: 0 });
  });

  it("leaves secrets and variables as they are written", async () => {
    const scene = open({
      ...writeApp("806", "one"),
      "apps/one.cs": writeScript("One", "${secret:PIN}"),
    });
    const base = scene.commit();
    scene.write("apps/one.cs", scene.read("apps/one.cs").replace("PIN", "CODE"));
    const { plan, problems } = await diffFolder(scene, base);
    expect(problems).toEqual([]);
    expect(plan.changes[0]?.fields[0]?.diff).toMatch(
      /-.*"\$\{secret:PIN\}".*\n\+.*"\$\{secret:CODE\}"/,
    );
  });

  it("has neither digest nor address, so that nothing can be applied from it", async () => {
    const scene = open(writeApp("806", "one"));
    const { plan } = await diffFolder(scene, scene.commit());
    expect(plan).toMatchObject({ digest: "", target: { name: "production", url: "" } });
  });

  it("is narrowed by a filter, which it says", async () => {
    const scene = open({});
    const base = scene.commit();
    for (const [name, text] of Object.entries({
      ...writeApp("806", "one"),
      ...writeApp("807", "two"),
    }))
      scene.write(name, text);
    expect(await scene.diff(base, { only: ["807"] })).toEqual(["create 807 name scriptCode"]);
    expect((await diffFolder(scene, base, { only: ["807"] })).plan.partial).toBe(true);
  });

  it("takes no manifests at the base for all being new", async () => {
    const scene = open({});
    const base = scene.commit();
    for (const [name, text] of Object.entries(writeApp("806", "one"))) scene.write(name, text);
    expect(await scene.diff(base)).toEqual(["create 806 name scriptCode"]);
  });

  it("fails where manifests cannot be read, here or there", async () => {
    const scene = open({ ...writeApp("806", "one"), "apps/bad.yaml": "kind: [\n" });
    const base = scene.commit();
    await expect(diffFolder(scene, base)).rejects.toThrow(/flow sequence|bad\.yaml|yaml/i);
    scene.write("apps/bad.yaml", writeApp("807", "two")["apps/two.yaml"] ?? "");
    scene.write("apps/two.cs", writeApp("807", "two")["apps/two.cs"] ?? "");
    await expect(diffFolder(scene, base)).rejects.toThrow("cannot be read");
    await expect(diffFolder(scene, "0".repeat(40))).rejects.toThrow("does not name one commit");
  });
});
