import { constants, deflateRawSync, inflateRawSync } from "node:zlib";

import * as fc from "fast-check";
import { describe, expect, test } from "vitest";

import type { Problem } from "../../../src/domain/problem.ts";
import {
  appManifest,
  type Files,
  loadFiles,
  writeProject,
} from "../../support/project/manifest-project.ts";
import {
  buildPackage,
  damage,
  locateHeaders,
  requireEntry,
  writePackageManifest,
  zipFiles,
  type ZipPlaces,
} from "../../support/project/packages.ts";

const SCRIPT = "Sources/Main.cs";
/** Its script is long enough to be packed. */
const PACKAGE = buildPackage({ script: `class A {}\n${"// again\n".repeat(200)}` });

/** What a load says of this package, and the script that it took from it. */
async function loadZip(zip: Uint8Array) {
  const files: Files = { "a.yaml": appManifest(["scriptFile: x.zip"]), "x.zip": zip };
  const { problems, resources } = await loadFiles(files, { root: await writeProject(files) });
  return { problems, script: resources[0]?.fields["scriptCode"] };
}

async function expectRefused(zip: Uint8Array, message: string): Promise<void> {
  const { problems, script } = await loadZip(zip);
  expect(problems).toMatchObject([
    { severity: "error", code: "archive-invalid", at: { file: "x.zip", line: 1, column: 1 } },
  ]);
  expect(problems[0]?.message).toBe(message);
  expect(script).toBeUndefined();
}

describe("a name that is no place in an archive", () => {
  test.each([
    ["../Main.cs", "leads out of the archive"],
    ["Sources/../../Main.cs", "leads out of the archive"],
    ["..\\..\\Main.cs", "leads out of the archive"],
    ["/etc/passwd", "leads out of the archive"],
    ["\\\\server\\share\\a.cs", "leads out of the archive"],
    ["C:\\a.cs", "leads out of the archive"],
    ["c:a.cs", "leads out of the archive"],
    ["Audio//a.wav", "leads out of the archive"],
    ["Audio/./a.wav", "leads out of the archive"],
    ["", "leads out of the archive"],
    ["/", "leads out of the archive"],
    ["Audio/a\0.wav", "has control characters in its name"],
    ["Audio/\u001B[2J.wav", "has control characters in its name"],
  ])("such as %j is refused, wherever it stands", async (name, reason) => {
    const shown = JSON.stringify(name.replaceAll("\\", "/"));
    for (const more of [{ [name]: "x" }, { "z.txt": "x", [name]: "x" }])
      await expectRefused(buildPackage({ more }), `x.zip holds ${shown}, which ${reason}`);
  });

  test.each(["sources/main.cs", "SOURCES\\MAIN.CS", "Manifest.xml", "Sources/Main.cs/"])(
    "such as %j, which differs from another in capitals or slashes only, is refused",
    async (name) => {
      const shown = JSON.stringify(name.replaceAll("\\", "/"));
      await expectRefused(buildPackage({ more: { [name]: "x" } }), `x.zip holds ${shown} twice`);
    },
  );

  test("such as one in two spellings of its accents is refused", async () => {
    const more = { "Audio/Gr\u00FC\u00DFe.wav": "x", "Audio/Gru\u0308\u00DFe.wav": "y" };
    await expectRefused(buildPackage({ more }), 'x.zip holds "Audio/Gru\u0308\u00DFe.wav" twice');
  });

  test("is cut in the message when it is very long", async () => {
    const name = `../${"x".repeat(60_000)}`;
    const { problems } = await loadZip(buildPackage({ more: { [name]: "x" } }));
    expect(problems[0]?.message.length).toBeLessThan(200);
  });
});

describe("a bomb", () => {
  test("of this test is one", () => {
    expect(inflateRawSync(packZeros(8))).toHaveLength(8 * 1024 * 1024);
  });

  test("whose script unpacks to a gigabyte and declares a thousand bytes is not unpacked", async () => {
    const bomb = damage(
      buildPackage({ more: { [SCRIPT]: [packZeros(1024), { level: 0 }] } }),
      (bytes, places) => {
        const { listed, local } = requireEntry(places, SCRIPT);
        bytes.writeUInt16LE(8, listed + 10);
        bytes.writeUInt16LE(8, local + 8);
        setSize(bytes, places, SCRIPT, 1000);
      },
    );
    const peak = process.resourceUsage().maxRSS;
    await expectRefused(bomb, "x.zip is damaged: Sources/Main.cs cannot be unpacked");
    expect((process.resourceUsage().maxRSS - peak) / 1024).toBeLessThan(200);
  });

  test("whose script declares more than a script may have is refused by that", async () => {
    const zip = buildPackage({ script: " ".repeat(64 * 1024 * 1024) });
    const started = process.memoryUsage().arrayBuffers;
    const { problems } = await loadZip(zip);
    expect(problems).toMatchObject([
      {
        code: "file-too-large",
        message: "x.zip/Sources/Main.cs is 64.0 MiB; the limit is 5 MiB",
        at: { file: "x.zip/Sources/Main.cs", archive: "x.zip" },
      },
    ]);
    expect(process.memoryUsage().arrayBuffers - started).toBeLessThan(16 * 1024 * 1024);
  });

  test("whose other entries would unpack to half a gigabyte is refused, though nobody unpacks them", async () => {
    const zip = buildPackage({ more: { "Audio/a.wav": NOISE, "Audio/b.wav": NOISE } });
    const claim = (size: number): Uint8Array =>
      damage(zip, (bytes, places) => {
        for (const name of ["Audio/a.wav", "Audio/b.wav"]) setSize(bytes, places, name, size);
      });
    expect((await loadZip(claim(255 * 1024 * 1024))).problems).toEqual([]);
    await expectRefused(
      claim(256 * 1024 * 1024),
      "x.zip would unpack to 513 MiB; the limit is 512 MiB",
    );
  });

  test.each([
    ["packed", { level: 9 }],
    ["not packed", { level: 0 }],
  ] as const)("that claims an impossible size for what is %s is refused", async (_, options) => {
    const zip = buildPackage({ more: { "Audio/a.wav": [new Uint8Array(100), options] } });
    await expectRefused(
      damage(zip, (bytes, places) => setSize(bytes, places, "Audio/a.wav", 0x7fffffff)),
      'x.zip holds "Audio/a.wav", which claims a size that its content cannot have',
    );
  });

  test("of very many entries is refused by their number", async () => {
    const names = Array.from({ length: 4094 }, (_, n) => [`Audio/${n}.wav`, "x"] as const);
    const most = buildPackage({ more: Object.fromEntries(names.slice(0, 4093)) });
    expect((await loadZip(most)).problems).toEqual([]);
    await expectRefused(
      buildPackage({ more: Object.fromEntries(names) }),
      "x.zip has 4097 entries; the limit is 4096",
    );
  });

  test("of archives in archives is a package with entries nobody looks into", async () => {
    let nested = zipFiles({ "a.txt": "x" });
    for (let depth = 0; depth < 50; depth += 1) nested = zipFiles({ "a.zip": nested });
    const { problems } = await loadZip(buildPackage({ more: { "Audio/a.zip": nested } }));
    expect(problems).toEqual([]);
  });

  test("of entries that share their content is refused", async () => {
    const more = { "Audio/a.wav": "x".repeat(100), "Audio/b.wav": "x".repeat(100) };
    await expectRefused(
      damage(buildPackage({ more }), (bytes, places) => {
        const { local } = requireEntry(places, "Audio/a.wav");
        bytes.writeUInt32LE(local, requireEntry(places, "Audio/b.wav").listed + 42);
      }),
      "x.zip is damaged: its entries overlap",
    );
  });
});

/** So many mebibytes of zeros, deflated. */
function packZeros(mebibytes: number): Uint8Array {
  const zeros = new Uint8Array(1024 * 1024);
  // A flushed piece refers to nothing before it, so pieces can be put one after another.
  const piece = deflateRawSync(zeros, { finishFlush: constants.Z_FULL_FLUSH });
  const pieces = Array.from({ length: mebibytes - 1 }, () => piece);
  return Buffer.concat([...pieces, deflateRawSync(zeros)]);
}

/** Hardly to be packed, so that its entry may claim a thousand times its size. */
const NOISE = makeNoise(300_000);

function makeNoise(length: number): Uint8Array {
  let state = 1;
  return Uint8Array.from({ length }, () => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    return state >>> 24;
  });
}

describe("an entry that is no plain file", () => {
  test.each([
    [0xa1ff, "is a symbolic link"],
    [0x11ff, "is a pipe"],
    [0x21ff, "is a device"],
    [0x61ff, "is a device"],
    [0xc1ff, "is a socket"],
  ])("by its mode %i is refused, the script or any other", async (mode, reason) => {
    for (const name of [SCRIPT, "Audio/welcome.wav"])
      await expectRefused(
        damage(PACKAGE, (bytes, places) => {
          bytes.writeUInt16LE(mode, requireEntry(places, name).listed + 40);
        }),
        `x.zip holds "${name}", which ${reason}`,
      );
  });

  test.each([0x81ff, 0x81a4, 0x41ed, 0])("but by its mode %i one is taken", async (mode) => {
    const zip = damage(PACKAGE, (bytes, places) => {
      bytes.writeUInt16LE(mode, requireEntry(places, SCRIPT).listed + 40);
    });
    expect((await loadZip(zip)).problems).toEqual([]);
  });

  test("because it is encrypted is refused, the script or any other", async () => {
    for (const name of [SCRIPT, "Audio/welcome.wav"])
      await expectRefused(
        damage(PACKAGE, (bytes, places) => {
          bytes.writeUInt16LE(1, requireEntry(places, name).listed + 8);
        }),
        `x.zip holds "${name}", which is encrypted`,
      );
  });

  test("because it is packed in a newer way is refused when it is wanted, and only then", async () => {
    const repack = (name: string): Uint8Array =>
      damage(PACKAGE, (bytes, places) => {
        const { listed, local } = requireEntry(places, name);
        bytes.writeUInt16LE(93, listed + 10);
        bytes.writeUInt16LE(93, local + 8);
      });
    await expectRefused(
      repack(SCRIPT),
      "x.zip has Sources/Main.cs packed in a way other than deflate",
    );
    expect((await loadZip(repack("Audio/welcome.wav"))).problems).toEqual([]);
  });
});

describe("an archive whose parts contradict each other", () => {
  const cannotUnpack = "x.zip is damaged: Sources/Main.cs cannot be unpacked";
  const cannotRead = "x.zip is damaged: its directory cannot be read";
  const cases: readonly (readonly [string, (bytes: Buffer, places: ZipPlaces) => void, string])[] =
    [
      ["another checksum", (bytes, at) => flip(bytes, entryOf(at).listed + 16), cannotUnpack],
      ["another content", (bytes, at) => flip(bytes, entryOf(at).local + 60), cannotUnpack],
      ["another name in place", (bytes, at) => flip(bytes, entryOf(at).local + 31), cannotUnpack],
      ["another method in place", (bytes, at) => flip(bytes, entryOf(at).local + 8), cannotUnpack],
      ["encryption in place", (bytes, at) => flip(bytes, entryOf(at).local + 6), cannotUnpack],
      ["no header in place", (bytes, at) => flip(bytes, entryOf(at).local), cannotUnpack],
      ["a shorter script", (bytes, at) => setSize(bytes, at, SCRIPT, 1810), cannotUnpack],
      ["a longer script", (bytes, at) => setSize(bytes, at, SCRIPT, 1812), cannotUnpack],
      ["an empty script", (bytes, at) => setSize(bytes, at, SCRIPT, 0), cannotUnpack],
      ["no header in its directory", (bytes, at) => flip(bytes, entryOf(at).listed), cannotRead],
      [
        "a name without end",
        (bytes, at) => bytes.writeUInt16LE(0xffff, entryOf(at).listed + 28),
        cannotRead,
      ],
      ["a directory elsewhere", (bytes, at) => flip(bytes, at.end + 16), cannotRead],
      ["a directory of another size", (bytes, at) => flip(bytes, at.end + 12), cannotRead],
      ["fewer entries than it says", (bytes, at) => countEntries(bytes, at, 4), cannotRead],
      ["more entries than it says", (bytes, at) => countEntries(bytes, at, 2), cannotRead],
      [
        "an entry beyond its end",
        (bytes, at) => bytes.writeUInt32LE(0x7fffffff, entryOf(at).listed + 42),
        "x.zip is damaged: its entries overlap",
      ],
      [
        "several parts",
        (bytes, at) => bytes.writeUInt16LE(1, at.end + 4),
        "x.zip is one part of an archive in several parts",
      ],
      [
        "entries in another part",
        (bytes, at) => bytes.writeUInt16LE(1, at.end + 8),
        "x.zip is one part of an archive in several parts",
      ],
      ...[10, 16].map(
        (field) =>
          [
            `zip64's mark at ${field}`,
            (bytes: Buffer, at: ZipPlaces) =>
              bytes.fill(0xff, at.end + field, at.end + field + (field === 10 ? 2 : 4)),
            "x.zip is a zip64 archive, a form for archives of 4 GiB and more",
          ] as const,
      ),
    ];

  test.each(cases)("by %s is refused", async (_, change, message) => {
    expect((await loadZip(PACKAGE)).problems).toEqual([]);
    await expectRefused(damage(PACKAGE, change), message);
  });

  test("by a zip64 record before its end is refused", async () => {
    const { end } = locateHeaders(PACKAGE);
    const locator = Buffer.alloc(20);
    locator.writeUInt32LE(0x07064b50);
    await expectRefused(
      Buffer.concat([PACKAGE.subarray(0, end), locator, PACKAGE.subarray(end)]),
      "x.zip is a zip64 archive, a form for archives of 4 GiB and more",
    );
  });

  test("by something before or behind it is refused", async () => {
    const junk = Buffer.from("#!/bin/sh\n");
    await expectRefused(Buffer.concat([junk, PACKAGE]), cannotRead);
    await expectRefused(
      Buffer.concat([PACKAGE, junk]),
      "x.zip is cut short: the directory at its end is missing",
    );
  });

  test("by a name that is not the UTF-8 it says it is is refused", async () => {
    const zip = damage(buildPackage({ more: { "Audio/é.wav": "x" } }), (bytes, places) => {
      bytes[requireEntry(places, "Audio/é.wav").listed + 46 + "Audio/".length + 1] = 0x20;
    });
    await expectRefused(zip, cannotRead);
  });
});

describe("whatever was done to a package", () => {
  const original = "class A {}\n// a script that no damage may change unseen\n".repeat(8);
  const zip = zipFiles({
    "manifest.xml": writePackageManifest("806"),
    [SCRIPT]: original,
    "Audio/a.wav": "RIFF",
  });

  /** Either it is refused, or what counts in it is as it was. */
  async function expectSound(damaged: Uint8Array): Promise<void> {
    const { problems, script } = await loadZip(damaged);
    expect(problems.filter((problem) => !isToldWell(problem))).toEqual([]);
    if (problems.length === 0) expect(script).toBe(original);
    else expect(script).toBeUndefined();
  }

  function isToldWell({ severity, code, message, at, hint = "" }: Problem): boolean {
    const known = ["archive-invalid", "archive-content", "file-too-large"].includes(code);
    const said = message.startsWith("x.zip") && !/undefined|NaN|\n/.test(message + hint);
    return severity === "error" && known && said && at?.file.startsWith("x.zip") === true;
  }

  test("one byte written over leads to the same script or to a problem", async () => {
    const change = fc.tuple(fc.nat(zip.length - 1), fc.nat(255));
    await fc.assert(
      fc.asyncProperty(change, async ([at, byte]) => {
        await expectSound(damage(zip, (bytes) => bytes.fill(byte, at, at + 1)));
      }),
      { numRuns: 200 },
    );
  });

  test("any byte of its headers written over leads to the same script or to a problem", async () => {
    const { end, entries } = locateHeaders(zip);
    const headers = Object.values(entries).flatMap(({ listed, local }) => [
      { start: listed, size: 46 },
      { start: local, size: 30 },
    ]);
    const places = [...headers, { start: end, size: 22 }].flatMap(({ start, size }) =>
      Array.from({ length: size }, (_, index) => start + index),
    );
    for (const at of places)
      for (const byte of [0x01, 0xff])
        await expectSound(damage(zip, (bytes) => bytes.fill(byte, at, at + 1)));
  });

  test("a cut anywhere, and bytes taken out or put in, lead to the same script or to a problem", async () => {
    const splice = fc.record({
      at: fc.nat(zip.length),
      out: fc.nat(zip.length),
      put: fc.uint8Array({ maxLength: 64 }),
    });
    await fc.assert(
      fc.asyncProperty(splice, async ({ at, out, put }) => {
        await expectSound(Buffer.concat([zip.subarray(0, at), put, zip.subarray(at + out)]));
      }),
      { numRuns: 150 },
    );
  });

  test("bytes of no form at all are a problem", async () => {
    const bytes = fc.uint8Array({ maxLength: 200 });
    const headed = bytes.map((rest) => Buffer.concat([zip.subarray(0, 30), rest]));
    const ended = bytes.map((rest) => Buffer.concat([rest, zip.subarray(-22)]));
    await fc.assert(
      fc.asyncProperty(fc.oneof(bytes, headed, ended), async (content) => {
        expect((await loadZip(content)).problems.map(({ code }) => code)).toEqual([
          "archive-invalid",
        ]);
      }),
      { numRuns: 100 },
    );
  });

  test("any set of other entries leaves the script as it is", async () => {
    const part = fc.stringMatching(/^[A-Za-z0-9 äé_-]{1,12}$/).filter((name) => name.trim() !== "");
    const others = fc.dictionary(
      part.map((name) => `Audio/${name}.wav`),
      fc.uint8Array({ maxLength: 50 }),
      { maxKeys: 6 },
    );
    await fc.assert(
      fc.asyncProperty(others, async (more) => {
        const folded = Object.keys(more).map((name) => name.normalize("NFC").toLowerCase());
        fc.pre(new Set(folded).size === folded.length);
        expect(await loadZip(buildPackage({ script: original, more }))).toEqual({
          problems: [],
          script: original,
        });
      }),
      { numRuns: 40 },
    );
  });
});

/** Declares another unpacked size for an entry, in both of its headers. */
function setSize(bytes: Buffer, places: ZipPlaces, name: string, size: number): void {
  const { listed, local } = requireEntry(places, name);
  bytes.writeUInt32LE(size, listed + 24);
  bytes.writeUInt32LE(size, local + 22);
}

function entryOf(places: ZipPlaces) {
  return requireEntry(places, SCRIPT);
}

function flip(bytes: Buffer, at: number): void {
  bytes.writeUInt8(bytes.readUInt8(at) ^ 1, at);
}

function countEntries(bytes: Buffer, { end }: ZipPlaces, count: number): void {
  bytes.writeUInt16LE(count, end + 8);
  bytes.writeUInt16LE(count, end + 10);
}
