import { copyFile, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { loadWasm, locateWasm, readWasm } from "../../src/script/wasm.ts";
import type { WasmFile } from "../../src/script/wasm.ts";

const FILES: readonly WasmFile[] = ["runtime", "grammar"];

describe("the WASM files", () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "callform wasm ü"));
  });
  afterAll(() => rm(folder, { recursive: true }));

  it.each(FILES)("of the packages are found and are WebAssembly (%s)", async (file) => {
    const bytes = await loadWasm(file);
    expect(Buffer.from(bytes.slice(0, 4)).toString("latin1")).toBe("\0asm");
  });

  it("of a bundle are found in the folder named relative to it", () => {
    const base = pathToFileURL(join(folder, "dist", "cli", "main.js")).href;
    expect(locateWasm("runtime", "../wasm/", base)).toBe(
      join(folder, "dist", "wasm", "web-tree-sitter.wasm"),
    );
    expect(locateWasm("grammar", "./", base)).toBe(
      join(folder, "dist", "cli", "tree-sitter-c_sharp.wasm"),
    );
  });

  it("of a bundle are read from a folder with blanks and accents in its name", async () => {
    const base = pathToFileURL(join(folder, "main.js")).href;
    const path = locateWasm("grammar", "./", base);
    await copyFile(locateWasm("grammar", undefined, import.meta.url), path);
    expect((await readWasm(path)).length).toBeGreaterThan(1_000_000);
  });

  it("that are missing from a bundle are named, and no others are taken instead", async () => {
    const path = locateWasm("runtime", "./", pathToFileURL(join(folder, "main.js")).href);
    await expect(readWasm(path)).rejects.toThrow(path);
    await expect(readWasm(path)).rejects.toThrow("reinstall");
  });

  it("of packages that are not installed are named", () => {
    const base = pathToFileURL(join(folder, "main.js")).href;
    expect(() => locateWasm("grammar", undefined, base)).toThrow(
      "tree-sitter-c-sharp/tree-sitter-c_sharp.wasm, which is not installed",
    );
  });
});
