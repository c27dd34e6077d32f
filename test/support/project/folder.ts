import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { onTestFinished } from "vitest";

/** A folder of its own for one test, gone when the test is. */
export interface Folder {
  readonly root: string;
  write(name: string, content: string | Uint8Array): void;
  read(name: string): string;
  path(name: string): string;
}

export function makeFolder(files: Readonly<Record<string, string | Uint8Array>> = {}): Folder {
  const root = mkdtempSync(path.join(tmpdir(), "callform-test-"));
  onTestFinished(() => rmSync(root, { recursive: true, force: true }));
  const locate = (name: string): string => path.join(root, name);
  const write = (name: string, content: string | Uint8Array): void => {
    mkdirSync(path.dirname(locate(name)), { recursive: true });
    writeFileSync(locate(name), content);
  };
  for (const [name, content] of Object.entries(files)) write(name, content);
  return { root, write, read: (name) => readFileSync(locate(name), "utf8"), path: locate };
}
