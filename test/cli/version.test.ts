import { describe, expect, it } from "vitest";
import { tellOldNode } from "../../src/cli/version.ts";
import { placeInRepository } from "../../src/app/offline/repository-places.ts";
import { makeFolder } from "../support/project/folder.ts";

describe("the version of Node", () => {
  it.each(["18.20.4", "20.18.3", "16.0.0", "8.17.0"])(
    "%s is told to be too old in a sentence",
    (version) => {
      expect(tellOldNode(version)).toMatch(
        /^callform needs Node 20\.19 or newer, and this is Node .*PATH\.\n$/,
      );
    },
  );

  it.each(["20.19.0", "20.20.2", "22.0.0", "24.1.0"])("%s is new enough", (version) => {
    expect(tellOldNode(version)).toBeUndefined();
  });
});

describe("places for machines", () => {
  const problem = {
    severity: "error",
    code: "x",
    message: "x",
    at: { file: "apps/a.cs", line: 1, column: 1, archive: "apps/a.zip" },
  } as const;
  const told = (cwd: string, env = {}) =>
    placeInRepository([problem, { ...problem, at: undefined as never }], cwd, env)[0]?.at;

  it("are named from the root of the repository, wherever the command runs", () => {
    const folder = makeFolder({ ".git/HEAD": "", "pbx/eu/callform.yaml": "" });
    expect(told(folder.path("pbx/eu"))).toMatchObject({
      file: "pbx/eu/apps/a.cs",
      archive: "pbx/eu/apps/a.zip",
    });
    expect(told(folder.root)).toEqual(problem.at);
    expect(told(folder.path("pbx/eu"), { GITHUB_WORKSPACE: folder.path("pbx") })).toMatchObject({
      file: "eu/apps/a.cs",
    });
  });
});
