import { execFileSync, spawnSync } from "node:child_process";
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { locateBuild, readFolder, ROOT } from "../support/program/built.ts";

const resolve = createRequire(import.meta.url).resolve;
const tsc = path.join(path.dirname(resolve("typescript/package.json")), "bin/tsc");

interface Packed {
  readonly filename: string;
  readonly size: number;
  readonly files: readonly { readonly path: string }[];
}

interface Manifest {
  readonly version: string;
  readonly bin: Readonly<Record<string, string>>;
  readonly exports: { readonly ".": Readonly<Record<string, string>> };
}

/** The project as it is checked out, with a build of this run in the place of its dist. */
function copyProject(to: string): void {
  const sources = ["package.json", "README.md", "LICENSE", "CHANGELOG.md", "action.yml"];
  for (const name of [...sources, "completions", "docs", "examples", "schemas", "src"])
    cpSync(path.join(ROOT, name), path.join(to, name), { recursive: true });
  for (const part of ["cli", "lib", "wasm", "action"])
    cpSync(path.join(locateBuild(), part), path.join(to, "dist", part), { recursive: true });
  const types = path.join(to, "dist/types");
  const args = [tsc, "-p", "tsconfig.types.json", "--outDir", types];
  const { status, stdout } = spawnSync(process.execPath, args, { cwd: ROOT, encoding: "utf8" });
  if (status !== 0) throw new Error(`the types cannot be made:\n${stdout}`);
}

describe("the npm package", () => {
  // Away from this checkout, so that nothing can be found in its node_modules.
  const away = mkdtempSync(path.join(tmpdir(), "callform-package-"));
  const work = path.join(away, "work");
  const installed = path.join(work, "node_modules/callform");
  let packed: Packed | undefined;
  let manifest: Manifest;

  beforeAll(() => {
    const project = path.join(away, "project");
    copyProject(project);
    const said = execFileSync("npm", ["pack", "--json", "--pack-destination", away], {
      cwd: project,
      encoding: "utf8",
      stdio: ["ignore", "pipe", "ignore"],
    });
    [packed] = JSON.parse(said);
    mkdirSync(installed, { recursive: true });
    const archive = path.join(away, packed?.filename ?? "");
    execFileSync("tar", ["-xzf", archive, "--strip-components=1", "-C", installed]);
    manifest = JSON.parse(readFolder(installed).get("package.json")?.toString() ?? "");
  });
  afterAll(() => rmSync(away, { recursive: true, force: true }));

  const run = (args: readonly string[]): string =>
    execFileSync(process.execPath, args, { cwd: work, encoding: "utf8", env: {} });

  it("has what is used and nothing else", () => {
    const files = packed?.files.map((file) => file.path) ?? [];
    const places = files.map((file) =>
      file.replace(/^(dist\/\w+|completions|examples|schemas)\/.*/, "$1/*"),
    );
    expect(new Set(places)).toEqual(
      new Set([
        "LICENSE",
        "README.md",
        "completions/*",
        "dist/cli/*",
        "dist/lib/*",
        "dist/types/*",
        "dist/wasm/*",
        "examples/*",
        "package.json",
        "schemas/*",
      ]),
    );
    expect(files).toEqual(
      expect.arrayContaining([
        "dist/cli/licenses.txt",
        "dist/lib/licenses.txt",
        "dist/types/index.d.ts",
        "dist/wasm/tree-sitter-c_sharp.wasm",
        "schemas/project.schema.json",
      ]),
    );
  });

  it("is small enough for a package that is run with npx", () => {
    expect(packed?.size).toBeLessThan(2.5 * 1024 * 1024);
  });

  it("has every file that package.json names", () => {
    const named = [...Object.values(manifest.bin), ...Object.values(manifest.exports["."])];
    for (const file of named) expect(existsSync(path.join(installed, file)), file).toBe(true);
    for (const file of Object.values(manifest.bin))
      expect(statSync(path.join(installed, file)).mode & 0o111).toBe(0o111);
  });

  it("runs with no other package beside it, and reads C# with the grammar it brings", () => {
    mkdirSync(path.join(work, "apps"), { recursive: true });
    const app = 'apiVersion: callform/v1\nkind: CallFlowApp\nmetadata: { number: "806" }\n';
    writeFileSync(path.join(work, "callform.yaml"), "apiVersion: callform/v1\nkind: Project\n");
    writeFileSync(path.join(work, "apps/a.yaml"), `${app}spec: { name: a, scriptFile: a.cs }\n`);
    cpSync(path.join(ROOT, "examples/hello/apps/hello.cs"), path.join(work, "apps/a.cs"));
    const program = path.join(installed, manifest.bin["callform"] ?? "");
    expect(run([program, "--version"])).toBe(`${manifest.version}\n`);
    expect(run([program, "validate", "--strict"])).toContain("Valid: 1 app in 1 file.");
    expect(run([program, "init", "fresh"])).toContain("schemas/call-flow-app.schema.json");
    expect(run([program, "validate", "--project", "fresh"])).toContain("Valid: 1 app in 1 file.");
  });

  it("is a library with types", () => {
    const flags = ["--module", "nodenext", "--target", "es2023", "--strict", "--skipLibCheck"];
    const compile = (method: string): string => {
      const code = `import { startSandbox, type Sandbox } from "callform";
        const pbx: Sandbox = await startSandbox({});
        await pbx.${method}();`;
      writeFileSync(path.join(work, "use.ts"), code);
      const args = [tsc, ...flags, "--types", "", "--lib", "es2023,dom", "use.ts"];
      const { stdout } = spawnSync(process.execPath, args, { cwd: work, encoding: "utf8" });
      return stdout;
    };
    writeFileSync(path.join(work, "package.json"), '{ "type": "module" }');
    expect(compile("explode")).toContain("Property 'explode' does not exist on type 'Sandbox'");
    expect(compile("close")).toBe("");
    expect(run(["use.js"])).toBe("");
  });
});
