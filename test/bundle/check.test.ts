import { spawnSync } from "node:child_process";
import { chmodSync, cpSync, mkdirSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { makeFolder } from "../support/project/folder.ts";
import { makeRepository } from "../support/project/repository.ts";

const ROOT = path.resolve(import.meta.dirname, "../..");

/** Runs .ci/check-dist in a repository where a build writes these files. */
function checkDist(
  committed: Readonly<Record<string, string>>,
  built: Readonly<Record<string, string>>,
  buildFails = false,
): { readonly code: number | null; readonly said: string } {
  const at = makeFolder(committed);
  mkdirSync(at.path(".ci"));
  for (const file of [".ci/check-dist", ".gitignore"]) cpSync(path.join(ROOT, file), at.path(file));
  makeRepository(at.root).commit("all");
  const writes = Object.entries(built).map(
    ([file, text]) => `mkdir -p "$(dirname ${file})" && printf %s '${text}' > ${file}\n`,
  );
  const tools = makeFolder({ npm: `#!/bin/sh\n${writes.join("")}exit ${buildFails ? 1 : 0}\n` });
  chmodSync(tools.path("npm"), 0o755);
  const { status, stdout } = spawnSync("bash", [".ci/check-dist"], {
    cwd: at.root,
    encoding: "utf8",
    env: { PATH: `${tools.root}:${process.env["PATH"]}`, GIT_CONFIG_GLOBAL: "/dev/null" },
  });
  return { code: status, said: stdout };
}

describe("the check of the committed bundle", () => {
  const committed = { "dist/action/main.js": "one", "dist/wasm/a.wasm": "a" };
  const ignored = { "dist/cli/main.js": "cli", "dist/types/index.d.ts": "types" };

  it("passes what a build leaves as it is, whatever else it makes", () => {
    expect(checkDist(committed, { ...committed, ...ignored })).toEqual({ code: 0, said: "" });
  });

  it.each([
    ["changes a file", { ...committed, "dist/action/main.js": "two" }, "dist/action/main.js"],
    ["makes a new one", { ...committed, "dist/action/chunk-A.js": "a" }, "dist/action/chunk-A.js"],
  ])("fails where it %s, names it and says what to run", (_, built, file) => {
    const { code, said } = checkDist(committed, built);
    expect(code).toBe(1);
    expect(said).toContain(file);
    expect(said).toContain("npm run build && git add dist");
  });

  it("fails where the build fails", () => {
    expect(checkDist(committed, committed, true).code).toBe(1);
  });
});
