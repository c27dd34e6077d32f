import { existsSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { installPackage, type RunNpm } from "../../bench/peers/install.ts";
import { makeFolder } from "../support/project/folder.ts";

const peer = { name: "some-tool", version: "1.2.3" };

function watchNpm(fail: (run: number) => boolean = () => false) {
  const runs: { readonly args: readonly string[]; readonly folder: string }[] = [];
  const run: RunNpm = async (args, folder) => {
    runs.push({ args, folder });
    if (fail(runs.length)) throw new Error("npm error 404 Not Found");
  };
  return { runs, run };
}

describe("the installation of a peer", () => {
  it("asks npm for exactly that version, without scripts, in a folder of its own", async () => {
    const cache = makeFolder();
    const { runs, run } = watchNpm();
    const modules = await installPackage(peer, cache.root, run);
    expect(modules).toBe(cache.path("some-tool@1.2.3/node_modules"));
    expect(runs).toHaveLength(1);
    expect(runs[0]?.folder).toBe(path.dirname(modules));
    expect(runs[0]?.args).toEqual(
      expect.arrayContaining(["install", "--ignore-scripts", "--before", "some-tool@1.2.3"]),
    );
    expect(cache.read("some-tool@1.2.3/package.json")).toContain('"private": true');
  });

  it("is done once; another version is another folder", async () => {
    const cache = makeFolder();
    const { runs, run } = watchNpm();
    await installPackage(peer, cache.root, run);
    await installPackage(peer, cache.root, run);
    expect(runs).toHaveLength(1);
    await installPackage({ ...peer, version: "2.0.0" }, cache.root, run);
    expect(runs).toHaveLength(2);
  });

  it("that failed says what npm said, and is tried from the start the next time", async () => {
    const cache = makeFolder();
    const { runs, run } = watchNpm((count) => count === 1);
    await expect(installPackage(peer, cache.root, run)).rejects.toThrow("404 Not Found");
    cache.write("some-tool@1.2.3/node_modules/half/index.js", "");
    await installPackage(peer, cache.root, run);
    expect(runs).toHaveLength(2);
    expect(existsSync(cache.path("some-tool@1.2.3/node_modules/half"))).toBe(false);
  });
});
