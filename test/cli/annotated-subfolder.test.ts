import { describe, expect, it } from "vitest";
import { runInline } from "../support/program/inline.ts";
import { makeFolder } from "../support/project/folder.ts";
import { plantRepository } from "../support/project/repository.ts";

/** Runs validate in a folder of a repository below its root, over a project with one mistake. */
async function validateBelow(format: string): Promise<string> {
  const folder = makeFolder({
    "sites/berlin/callform.yaml":
      "apiVersion: callform/v1\nkind: Project\nmanifests: [apps/*.yaml]\n",
    "sites/berlin/apps/a.yaml": "apiVersion: callform/v1\nkind: Nothing\n",
  });
  plantRepository(folder.root);
  const ran = await runInline(["validate", "--format", format], {
    cwd: folder.path("sites/berlin"),
    env: { PATH: process.env["PATH"] ?? "" },
  });
  expect(ran.code).toBe(1);
  return ran.stdout;
}

describe("validate below the root of a repository names files from that root", () => {
  it("in annotations", async () => {
    const annotations = await validateBelow("github");
    expect(annotations).toContain("::error file=sites/berlin/apps/a.yaml,line=2,");
  });

  it("in SARIF", async () => {
    const { runs } = JSON.parse(await validateBelow("sarif"));
    const uris = runs[0].results.map(
      (result: { locations: { physicalLocation: unknown }[] }) =>
        result.locations[0]?.physicalLocation,
    );
    expect(uris).toContainEqual(
      expect.objectContaining({
        artifactLocation: expect.objectContaining({ uri: "sites/berlin/apps/a.yaml" }),
      }),
    );
  });
});
