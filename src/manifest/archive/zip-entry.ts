import { crc32, inflateRawSync } from "node:zlib";

/** One file or folder of a zip archive, as the archive's own directory lists it. */
export interface ZipEntry {
  /** With forward slashes. */
  readonly name: string;
  /** The name as its headers have it. */
  readonly rawName: Uint8Array;
  /** How it is packed: 0 not at all, 8 deflated. */
  readonly method: number;
  readonly encrypted: boolean;
  /** The file type of a Unix mode, 0 where the archive has none. */
  readonly type: number;
  readonly checksum: number;
  /** Bytes of its content in the archive and unpacked, both as declared. */
  readonly packed: number;
  readonly size: number;
  /** Where its own header starts. */
  readonly offset: number;
}

/** Why an archive is refused, as a clause that follows its name. */
export interface ZipFault {
  readonly fault: string;
}

export type ZipContent =
  | { readonly content: Uint8Array; readonly fault?: undefined }
  | (ZipFault & { readonly content?: undefined });

export const LOCAL_HEADER = 0x04034b50;
export const LOCAL_SIZE = 30;
export const STORED = 0;
export const DEFLATED = 8;
const ENCRYPTED = 0x0001;

/**
 * The content of an entry of `archive`, whose directory was found sound. Unpacks no more than the size that the entry
 * declares, which the caller has judged; the fault names the entry.
 */
export function unpackEntry(archive: Uint8Array, entry: ZipEntry): ZipContent {
  const damaged = { fault: `is damaged: ${entry.name} cannot be unpacked` };
  const packed = locateContent(archive, entry);
  if (packed === undefined) return damaged;
  if (entry.method !== STORED && entry.method !== DEFLATED) {
    return { fault: `has ${entry.name} packed in a way other than deflate` };
  }
  const content = entry.method === STORED ? packed : inflate(packed, entry.size);
  if (content?.length !== entry.size || crc32(content) !== entry.checksum) return damaged;
  return { content };
}

/** The packed content, or undefined when its own header says anything else than the directory. */
function locateContent(archive: Uint8Array, entry: ZipEntry): Uint8Array | undefined {
  const header = archive.subarray(entry.offset, entry.offset + LOCAL_SIZE);
  const view = new DataView(header.buffer, header.byteOffset, header.byteLength);
  if (header.length < LOCAL_SIZE || view.getUint32(0, true) !== LOCAL_HEADER) return undefined;
  const nameStart = entry.offset + LOCAL_SIZE;
  const nameEnd = nameStart + view.getUint16(26, true);
  const start = nameEnd + view.getUint16(28, true);
  const same =
    (view.getUint16(6, true) & ENCRYPTED) === 0 &&
    view.getUint16(8, true) === entry.method &&
    Buffer.compare(archive.subarray(nameStart, nameEnd), entry.rawName) === 0;
  const packed = archive.subarray(start, start + entry.packed);
  return same && packed.length === entry.packed ? packed : undefined;
}

/** Undefined when it is no deflated content, or unpacks to more than `size` bytes. */
function inflate(packed: Uint8Array, size: number): Uint8Array | undefined {
  try {
    return inflateRawSync(packed, { maxOutputLength: Math.max(1, size) });
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : "";
    if (code.startsWith("Z_") || code === "ERR_BUFFER_TOO_LARGE") return undefined;
    throw error;
  }
}
