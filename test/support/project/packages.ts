import { strToU8, type Zippable, type ZippableFile, zipSync } from "fflate";

import { writeScript } from "./scripts.ts";

type Content = string | ZippableFile;

/** A zip archive, written by a library that has nothing in common with the reader under test. */
export function zipFiles(files: Readonly<Record<string, Content>>): Uint8Array {
  const contents = Object.entries(files).map(([name, content]) => [
    name,
    typeof content === "string" ? strToU8(content) : content,
  ]);
  return zipSync(Object.fromEntries(contents) as Zippable, { mtime: "2026-01-02T03:04:06" });
}

export interface PackageParts {
  readonly extension?: string;
  readonly script?: string | Uint8Array;
  readonly manifest?: string;
  /** Entries besides those that Call Flow Designer writes, or instead of them. */
  readonly more?: Readonly<Record<string, Content>>;
}

/** A package as Call Flow Designer builds it: CRLF in the script, the prompts beside it. */
export function buildPackage({
  extension = "806",
  script = writeScript("Main").replaceAll("\n", "\r\n"),
  manifest = writePackageManifest(extension),
  more = {},
}: PackageParts = {}): Uint8Array {
  return zipFiles({
    "Audio/welcome.wav": [new Uint8Array(4000).fill(7), { level: 0 }],
    "manifest.xml": manifest,
    "Sources/Main.cs": typeof script === "string" ? script : [script, {}],
    ...more,
  });
}

export function writePackageManifest(extension: string): string {
  return [
    '<?xml version="1.0" encoding="utf-8"?>',
    "<cfd_app_package>",
    "  <name>menu.Main</name>",
    `  <extension>${extension}</extension>`,
    "  <version>20.2.84.0</version>",
    "</cfd_app_package>",
  ].join("\r\n");
}

/** Where the headers of an archive stand, for damaging them: of its end, and of each entry in the directory and in place. */
export interface ZipPlaces {
  readonly end: number;
  readonly entries: Readonly<Record<string, { readonly listed: number; readonly local: number }>>;
}

export function locateHeaders(zip: Uint8Array): ZipPlaces {
  const bytes = Buffer.from(zip.buffer, zip.byteOffset, zip.byteLength);
  const end = bytes.lastIndexOf("PK\u0005\u0006", undefined, "latin1");
  const entries: Record<string, { listed: number; local: number }> = {};
  for (let at = bytes.readUInt32LE(end + 16); at < end;) {
    const [name, extra, comment] = [28, 30, 32].map((field) => bytes.readUInt16LE(at + field));
    const nameEnd = at + 46 + (name ?? 0);
    entries[bytes.toString("utf8", at + 46, nameEnd)] = {
      listed: at,
      local: bytes.readUInt32LE(at + 42),
    };
    at = nameEnd + (extra ?? 0) + (comment ?? 0);
  }
  return { end, entries };
}

/** A copy of an archive with some bytes written over. `change` is given the copy and the places of its headers. */
export function damage(
  zip: Uint8Array,
  change: (bytes: Buffer, places: ZipPlaces) => void,
): Uint8Array {
  const copy = Buffer.from(zip);
  change(copy, locateHeaders(copy));
  return copy;
}

/** The headers of an entry, or an error that says it is not there. */
export function requireEntry({ entries }: ZipPlaces, name: string) {
  const found = entries[name];
  if (found === undefined) throw new Error(`the archive has no ${name}`);
  return found;
}
