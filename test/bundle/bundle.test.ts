import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import path from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { parse } from "yaml";
import {
  findPackages,
  findStartup,
  listContents,
  loadBuild,
  locateBuild,
  readFolder,
  ROOT,
  type Metafile,
} from "../support/program/built.ts";
import { makeFolder } from "../support/project/folder.ts";

const COMMITTED = ["action", "wasm"];
/** The Action's JavaScript; the two WASM files are beside it. */
/** A quarter of it is the scanner for credentials, loaded where a plan shows what the PBX has; a fifth the validators of all kinds. */
const MAX_SCRIPT = 1400 * 1024;

const { bundle, describeLicenses } = await loadBuild();

describe("the committed bundle", () => {
  it.each(COMMITTED)("is what the sources build (else: npm run build): dist/%s", (part) => {
    const committed = readFolder(path.join(ROOT, "dist", part));
    const built = readFolder(path.join(locateBuild(), part));
    expect([...committed.keys()]).toEqual([...built.keys()]);
    for (const [name, bytes] of built)
      expect(committed.get(name)?.equals(bytes), `dist/${part}/${name} is stale`).toBe(true);
  });

  it("is what action.yml has run, on the Node that GitHub offers", () => {
    const metadata: unknown = parse(readFileSync(path.join(ROOT, "action.yml"), "utf8"));
    expect(metadata).toMatchObject({ runs: { using: "node24", main: "dist/action/main.js" } });
    expect(readFolder(path.join(ROOT, "dist/action")).has("main.js")).toBe(true);
  });

  it("is not ignored by Git, and everything else that is built is", () => {
    const judge = (file: string): number | null =>
      spawnSync("git", ["check-ignore", "--quiet", "--no-index", file], { cwd: ROOT }).status;
    for (const part of COMMITTED) expect(judge(`dist/${part}/x.js`)).toBe(1);
    for (const part of ["cli", "lib", "types"]) expect(judge(`dist/${part}/x.js`)).toBe(0);
  });
});

describe("the bundle of the Action", () => {
  let metafile: Metafile;
  let again: ReadonlyMap<string, Uint8Array>;
  const readScripts = (): [string, Buffer][] =>
    [...readFolder(path.join(locateBuild(), "action"))].filter(([name]) => name.endsWith(".js"));

  beforeAll(async () => {
    const bundled = await bundle("action", path.join(ROOT, "dist"));
    metafile = bundled.metafile;
    again = new Map(bundled.files);
  });

  it("comes out the same each time and for each folder", () => {
    const built = readScripts();
    expect([...again.keys()].toSorted()).toEqual(built.map(([name]) => name));
    for (const [name, bytes] of built)
      expect(bytes.equals(again.get(name) ?? bytes.subarray(1))).toBe(true);
    expect(built.length).toBeGreaterThan(2);
  });

  it("comes back from Git as it went in", () => {
    for (const [name, bytes] of readFolder(path.join(locateBuild(), "action")))
      expect(bytes.includes("\r"), name).toBe(false);
  });

  it("is at most 1,400 KiB of JavaScript, without source maps", () => {
    const scripts = readScripts();
    const size = scripts.reduce((sum, [, { length }]) => sum + length, 0);
    expect(size).toBeLessThanOrEqual(MAX_SCRIPT);
    for (const [name, bytes] of scripts)
      expect(bytes.includes("sourceMappingURL"), name).toBe(false);
  });

  it("has one undici, and nothing that only the command line or the sandbox needs", () => {
    const inputs = listContents(metafile);
    const packages = [...findPackages(inputs).keys()];
    expect(inputs.filter((input) => input.endsWith("undici/lib/dispatcher/pool.js"))).toHaveLength(
      1,
    );
    expect(packages).toEqual(expect.arrayContaining(["undici", "yaml", "@actions/core"]));
    const strangers = /^(commander|hono|@hono\/.*|fflate|vitest|esbuild|@actions\/(?!core).*)$/;
    expect(packages.filter((name) => strangers.test(name))).toEqual([]);
  });

  it("leaves out pulling, which the Action never asks a session for", () => {
    const folder = path.join(ROOT, "src/action");
    const sources = [...readFolder(folder)].map(([name, text]) => [name, text.toString()] as const);
    expect(sources.length).toBeGreaterThan(20);
    expect(sources.filter(([, text]) => /\.pull\(/.test(text))).toEqual([]);
    expect(listContents(metafile)).not.toContain("src/app/pull/pull.ts");
  });

  it("loads nothing at its start that a command may not need", () => {
    const start = listContents(metafile, findStartup(metafile));
    expect(start).toContain("src/action/main.ts");
    expect([...findPackages(start).keys()]).toEqual(["@actions/core"]);
  });

  it("finds everything it needs beside itself", () => {
    const away = makeFolder();
    for (const [name, bytes] of readFolder(path.join(locateBuild(), "action")))
      away.write(`dist/action/${name}`, bytes);
    away.write("package.json", '{ "type": "module" }');
    const { status, stdout } = spawnSync(process.execPath, [away.path("dist/action/main.js")], {
      encoding: "utf8",
      env: {},
    });
    expect(stdout).toContain("GitHub Actions");
    expect(status).toBe(1);
  });
});

describe("the licences", () => {
  it.each(["cli", "lib", "action"])("name every package in the bundle: %s", async (product) => {
    const { metafile } = await bundle(product, locateBuild());
    const text = readFileSync(path.join(locateBuild(), product, "licenses.txt"), "utf8");
    const packages = findPackages(listContents(metafile));
    packages.set("tree-sitter-c-sharp", "node_modules/tree-sitter-c-sharp");
    for (const [name, at] of packages) {
      const { version, license }: { version: string; license: string } = JSON.parse(
        readFileSync(path.join(ROOT, at, "package.json"), "utf8"),
      );
      expect(text).toContain(`\n${name} ${version}\nLicence: ${license}\n\n`);
    }
    const named = [
      ...text.matchAll(/^(\S+) \S+\nLicence: (\S+)\n\n([^]*?)(?=\n={80}\n|$(?![^]))/gm),
    ];
    expect(new Set(named.map(([, name]) => name))).toEqual(new Set(packages.keys()));
    for (const [, name, license, terms = ""] of named) {
      expect(["MIT", "ISC", "BSD-2-Clause", "BSD-3-Clause", "Apache-2.0"], name).toContain(license);
      expect(terms, name).toMatch(/copyright|licen[cs]e/i);
      expect(terms.length, name).toBeGreaterThan(300);
    }
  });

  const plant = (license: string, files: Readonly<Record<string, string>>): string =>
    makeFolder({
      "node_modules/@a/b/package.json": JSON.stringify({ name: "@a/b", version: "1.2.3", license }),
      ...Object.fromEntries(
        Object.entries(files).map(([name, text]) => [`node_modules/@a/b/${name}`, text]),
      ),
    }).root;
  const bundleOf = (...files: readonly string[]): Metafile => {
    const inputs = Object.fromEntries(files.map((file) => [file, { bytesInOutput: 1 }]));
    return { outputs: { "main.js": { inputs, imports: [] } } };
  };
  const input = bundleOf("node_modules/@a/b/x/y.js", "src/a.ts");

  it("stop the build for a package without a licence file", () => {
    const root = plant("MIT", { "README.md": "MIT", NOTICE: "by somebody" });
    expect(() => describeLicenses(root, input, [])).toThrow(/no licence file in .*@a\/b$/);
  });

  it.each(["GPL-3.0", "UNLICENSED", "SEE LICENSE IN x"])("stop the build for %s", (license) => {
    const root = plant(license, { LICENSE: "text" });
    expect(() => describeLicenses(root, input, [])).toThrow(
      `@a/b 1.2.3 is under ${license}, which`,
    );
  });

  it.each(["LICENSE", "License.md", "license-MIT.txt", "LICENCE", "COPYING"])(
    "take the text from %s, with a notice where there is one",
    (file) => {
      const root = plant("MIT", { [file]: "one \r\ntwo\r\n\n", "NOTICE.txt": "by somebody\n" });
      const text = describeLicenses(root, input, []);
      expect(text).toMatch(
        /\n@a\/b 1\.2\.3\nLicence: MIT\n\n(one\ntwo\n\nby somebody|by somebody\n\none\ntwo)\n$/,
      );
    },
  );

  it("leave out a package of which nothing is left in the bundle", () => {
    const dropped = {
      "main.js": { inputs: { "node_modules/@a/b/x.js": { bytesInOutput: 0 } }, imports: [] },
    };
    expect(describeLicenses("/nowhere", { outputs: dropped }, [])).not.toContain("@a/b");
  });

  it("name a package once that is there twice, and one that is only shipped beside", () => {
    const root = plant("ISC", { LICENSE: "text" });
    const twice = bundleOf("node_modules/@a/b/x/y.js", "node_modules/@a/b/z.js");
    expect(describeLicenses(root, twice, ["@a/b"]).match(/@a\/b/g)).toHaveLength(1);
    expect(describeLicenses(root, bundleOf(), ["@a/b"])).toContain("@a/b 1.2.3");
  });
});
