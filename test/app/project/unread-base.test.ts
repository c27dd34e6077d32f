import { createHash } from "node:crypto";
import { beforeEach, describe, expect, it } from "vitest";

import { loadBase } from "../../../src/app/project/base.ts";
import { ProblemError } from "../../../src/domain/problem.ts";
import { isolateGit, makeWork, type Work } from "../../support/git/repositories.ts";

beforeEach(() => {
  isolateGit();
});

const manifest = (number: string, spec: string): string =>
  `apiVersion: callform/v1\nkind: CallFlowApp\nmetadata: { number: "${number}" }\nspec: ${spec}\n`;

const FILES = {
  "callform.yaml": "apiVersion: callform/v1\nkind: Project\ntargets: { a: {} }\n",
  "apps/a.yaml": manifest("806", "{ name: a, scriptFile: a.cs }"),
  "apps/a.cs": "class A {}\n",
};

/** What the base says of each app; or its problems. */
async function read(work: Work, env = {}, ref = "HEAD"): Promise<unknown> {
  try {
    const { resources } = await loadBase({
      root: work.root,
      ref,
      target: "a",
      env,
      onProgress: () => undefined,
      signal: new AbortController().signal,
    });
    return [...resources.values()].map(({ key, fields, unknown = [] }) => [key, fields, unknown]);
  } catch (error) {
    if (error instanceof ProblemError)
      return error.problems.map(({ code, message }) => `${code} ${message}`);
    throw error;
  }
}

const PLAIN = [["806", { name: "a", scriptCode: "class A {}\n" }, []]];

function addSubmodule(work: Work, path: string): void {
  work.git("update-index", "--add", "--cacheinfo", `160000,${"1".repeat(40)},${path}`);
  work.git("commit", "-q", "-m", "a submodule");
}

function pointTo(text: string): string {
  const oid = createHash("sha256").update(text).digest("hex");
  return `version https://git-lfs.github.com/spec/v1\noid sha256:${oid}\nsize ${text.length}\n`;
}

describe("a base that Git keeps in part elsewhere", () => {
  it("is refused where manifests or scripts are in a submodule, and read where nothing of it is", async () => {
    const work = makeWork(FILES);
    addSubmodule(work, "docs/theme");
    expect(await read(work)).toEqual(PLAIN);
    addSubmodule(work, "apps/shared");
    expect(await read(work)).toEqual([
      "base-incomplete apps/shared is a submodule, of which this repository keeps no files: what it was at HEAD cannot be told",
    ]);
    const scripts = makeWork({
      ...FILES,
      "apps/a.yaml": manifest("806", "{ name: a, scriptFile: ../lib/a.cs }"),
    });
    addSubmodule(scripts, "lib");
    expect(await read(scripts)).toEqual([
      expect.stringContaining("base-unreadable"),
      expect.stringMatching(/^script-missing-file lib\/a\.cs does not exist: lib is a submodule/),
    ]);
  });

  it("is the file itself where LFS has it here, by its hash alone, and a clear problem where not", async () => {
    const script = FILES["apps/a.cs"];
    const work = makeWork({ ...FILES, "apps/a.cs": pointTo(script) });
    expect(await read(work)).toEqual([
      expect.stringContaining("base-unreadable"),
      expect.stringMatching(/^file-pointer apps\/a\.cs is a pointer of Git LFS/),
    ]);
    work.write("apps/a.cs", script);
    expect(await read(work)).toEqual(PLAIN);
    const oid = createHash("sha256").update(script).digest("hex");
    const place = `.git/lfs/objects/${oid.slice(0, 2)}/${oid.slice(2, 4)}/${oid}`;
    work.write("apps/a.cs", "class B {}\n");
    work.write(place, "class C {}\n");
    expect(await read(work)).toEqual([
      expect.stringContaining("base-unreadable"),
      expect.stringContaining("file-pointer"),
    ]);
    work.write(place, script);
    expect(await read(work)).toEqual(PLAIN);
    const manifests = makeWork({ ...FILES, "apps/b.yaml": pointTo("x") });
    expect(await read(manifests)).toEqual([
      expect.stringMatching(/^base-incomplete apps\/b\.yaml is kept with Git LFS/),
    ]);
  });

  it("is refused for manifests that a filter of the user's changes, and no filter runs", async () => {
    const work = makeWork({
      ...FILES,
      ".gitattributes": "*.yaml filter=crypt\n*.md filter=crypt\n",
    });
    expect(await read(work)).toEqual(PLAIN);
    work.git("config", "filter.crypt.clean", `touch ${work.path("ran")} && cat`);
    work.git("config", "filter.crypt.smudge", `touch ${work.path("ran")} && cat`);
    expect(await read(work)).toEqual([
      expect.stringMatching(/^base-incomplete apps\/a\.yaml goes through a filter/),
    ]);
    expect(() => work.read("ran")).toThrow("ENOENT");
  });

  it("is refused where a sparse checkout leaves manifests out, which would pass for removed", async () => {
    const work = makeWork({
      ...FILES,
      "apps/deep/b.yaml": manifest("807", "{ name: b }"),
      "x/y": "y",
    });
    work.git("sparse-checkout", "set", "--cone", "apps/deep");
    expect(await read(work)).toEqual([
      ["806", expect.anything(), []],
      ["807", { name: "b" }, []],
    ]);
    work.git("sparse-checkout", "set", "--no-cone", "/*", "!/apps/deep/");
    expect(await read(work)).toEqual([
      expect.stringMatching(
        /^base-incomplete apps\/deep\/b\.yaml is left out of this sparse checkout/,
      ),
    ]);
  });
});

describe("a base whose references have no value any more", () => {
  it("is read, and what they stood in is unknown", async () => {
    const work = makeWork({
      "callform.yaml":
        'apiVersion: callform/v1\nkind: Project\ntargets:\n  a: { url: "${env:OLD_URL}", clientId: "${env:OLD_ID}", clientSecret: "${env:OLD_SECRET}", caFile: "${env:OLD_CA}", variables: { KEPT: "1", GONE: "${env:GONE}" } }\n',
      "apps/a.yaml": manifest(
        "806",
        '{ name: "${var:GONE}", trunk: { number: "${secret:TOKEN}" }, routingType: "${var:NEVER}", scriptFile: a.cs }',
      ),
      "apps/a.cs": "// ${secret:TOKEN}\n",
      "apps/b.yaml": manifest(
        "807",
        '{ name: "${var:KEPT}", scriptCode: "// ${secret:OLD_SECRET}" }',
      ),
    });
    expect(await read(work)).toEqual([
      ["806", {}, expect.arrayContaining(["name", "trunk", "routingType", "scriptCode"])],
      ["807", { name: "1" }, ["scriptCode"]],
    ]);
    const numbered = makeWork({ ...FILES, "apps/c.yaml": manifest("${var:GONE}", "{ name: c }") });
    expect(await read(numbered)).toEqual([
      expect.stringContaining("base-unreadable"),
      expect.stringContaining("the variable GONE is not set"),
    ]);
  });
});
