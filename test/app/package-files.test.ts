import { readFileSync } from "node:fs";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { describe, expect, it } from "vitest";
import { findPackage, listPackageFolder, readPackageFile } from "../../src/app/package-files.ts";
import { makeFolder } from "../support/project/folder.ts";

const ROOT = path.join(import.meta.dirname, "../..");

describe("the files of the package", () => {
  it("are read from the package that the code is part of", async () => {
    const name = "schemas/plan.schema.json";
    expect(await readPackageFile(name)).toBe(readFileSync(path.join(ROOT, name), "utf8"));
    expect(await listPackageFolder("completions")).toEqual([
      "callform.bash",
      "callform.fish",
      "callform.zsh",
    ]);
  });

  it("that are missing say what to do", async () => {
    for (const reading of [readPackageFile("no/such"), listPackageFolder("no/such")])
      await expect(reading).rejects.toMatchObject({
        problems: [
          {
            code: "installation-damaged",
            message: expect.stringContaining("callform's own no/such cannot be read: ENOENT"),
            hint: "install callform again",
          },
        ],
      });
  });
});

describe("the package of a module", () => {
  const locate = (file: string): string => pathToFileURL(file).href;

  it("is the nearest folder above it whose package.json has the name, at any depth", () => {
    const folder = makeFolder({
      "package.json": '{"name": "other"}',
      "node_modules/callform/package.json": '{"name": "callform"}',
      "node_modules/callform/dist/package.json": '{"type": "module"}',
      "node_modules/callform/dist/cli/main.js": "",
    });
    const own = folder.path("node_modules/callform");
    for (const module of ["main.js", "dist/main.js", "dist/cli/main.js", "a/b/c/d.js"])
      expect(findPackage(locate(path.join(own, module))).href).toBe(`${locate(own)}/`);
  });

  it("is missed where there is none", () => {
    const folder = makeFolder({ "package.json": '{"name": "other"}' });
    expect(() => findPackage(locate(folder.path("dist/main.js")))).toThrow("package.json");
  });
});
