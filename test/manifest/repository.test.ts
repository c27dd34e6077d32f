import { mkdirSync, symlinkSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { validateProject } from "../../src/app/offline/validate.ts";
import { resolveSettings } from "../../src/app/settings/resolve.ts";
import { ProblemError } from "../../src/domain/problem.ts";
import { makeFolder, type Folder } from "../support/project/folder.ts";
import { writeManifest } from "../support/project/pbx-project.ts";

const PROJECT = "apiVersion: callform/v1\nkind: Project\n";
const NEVER = new AbortController().signal;

function openRepository(script: string): Folder {
  const folder = makeFolder({
    "phones/callform.yaml": PROJECT,
    "phones/apps/one.yaml": writeManifest("806", "one").replace("one.cs", script),
    "shared.yaml": PROJECT,
  });
  for (const at of [".git", "phones/.git"]) {
    mkdirSync(folder.path(at), { recursive: true });
    folder.write(`${at}/config`, "secret");
  }
  return folder;
}

async function codesOf(folder: Folder): Promise<string[]> {
  const surroundings = { env: {}, cwd: folder.path("phones") };
  try {
    const settings = await resolveSettings({}, [], surroundings, "offline");
    const { problems } = await validateProject(settings, NEVER);
    return problems.map(({ code }) => code);
  } catch (error) {
    if (error instanceof ProblemError) return error.problems.map(({ code }) => code);
    throw error;
  }
}

describe("a project in a repository", () => {
  it.each(["../.git/config", "../.GIT/config", "../../.git/config", "link/config", "config.cs"])(
    "has no script that is Git's own: %s",
    async (script) => {
      const folder = openRepository(script);
      symlinkSync("../.git", folder.path("phones/apps/link"));
      symlinkSync("../.git/config", folder.path("phones/apps/config.cs"));
      const wanted = script.includes("GIT") ? /script-missing|path-escape/ : /path-escape/;
      expect((await codesOf(folder)).join()).toMatch(wanted);
    },
  );

  it("may link its project file within the repository, and not out of it", async () => {
    const elsewhere = makeFolder({ "callform.yaml": PROJECT });
    for (const [to, code] of [
      ["../../shared.yaml", undefined],
      [elsewhere.path("callform.yaml"), "path-escape"],
      ["../.git/HEAD", "path-escape"],
    ] as const) {
      const folder = openRepository("one.cs");
      folder.write("phones/apps/one.cs", "class One {}");
      folder.write("repo/.git/HEAD", "");
      mkdirSync(folder.path("repo/phones"));
      folder.write("repo/shared.yaml", PROJECT);
      symlinkSync(to.replace("../../", "../"), folder.path("repo/phones/callform.yaml"));
      const inner = { ...folder, path: (name: string) => folder.path(`repo/${name}`) };
      const codes = await codesOf(inner);
      if (code === undefined) expect(codes).not.toContain("path-escape");
      else expect(codes).toContain(code);
    }
  });
});
