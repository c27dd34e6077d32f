import { readdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { openNotes } from "../../src/store/note-folder.ts";
import { makeFolder } from "../support/project/folder.ts";

const ORIGIN = "https://pbx.example.com:5001";

describe("notes of what has no verdict yet", () => {
  it("are there for the next run, for that PBX alone, and gone without a trace once removed", async () => {
    const { root } = makeFolder({});
    await openNotes(root, ORIGIN).write("CallFlowApp 806", "a");
    await openNotes(root, ORIGIN).write("CallFlowApp 806", "b");
    await openNotes(root, ORIGIN).write("CallFlowApp *39", "c");
    expect(await openNotes(root, "https://other.example.com").read()).toEqual(new Map());
    const notes = openNotes(root, ORIGIN);
    expect(await notes.read()).toEqual(
      new Map([
        ["CallFlowApp 806", "b"],
        ["CallFlowApp *39", "c"],
      ]),
    );
    await notes.remove("CallFlowApp 806");
    await notes.remove("CallFlowApp 806");
    await notes.remove("CallFlowApp *39");
    expect(readdirSync(root)).toEqual([]);
  });

  it("that were cut off while they were written are none, and neither is what is not there", async () => {
    const { root } = makeFolder({});
    const notes = openNotes(root, ORIGIN);
    expect(await notes.read()).toEqual(new Map());
    await notes.write("CallFlowApp 806", "a");
    const [folder = ""] = readdirSync(root);
    const [file = ""] = readdirSync(path.join(root, folder));
    writeFileSync(path.join(root, folder, file), '{"resource":');
    expect(await notes.read()).toEqual(new Map());
  });
});
