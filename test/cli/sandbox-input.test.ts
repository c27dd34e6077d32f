import { describe, expect, it } from "vitest";
import { runInline } from "../support/program/inline.ts";
import { makeFolder } from "../support/project/folder.ts";

describe("a file that the sandbox starts with", () => {
  it.each([
    ["--seed", "/dev/zero", "it is not a plain file"],
    ["--faults", "/dev/zero", "it is not a plain file"],
    ["--seed", "gone.yaml", "there is no such file or folder"],
  ])("as %s %s is refused with the reason", async (flag, file, reason) => {
    const ran = await runInline(["sandbox", flag, file], { cwd: makeFolder({}).root });
    expect(ran.code).toBe(1);
    expect(ran.stderr).toContain(`${file} cannot be read: ${reason}`);
    expect(ran.stderr).not.toContain("ENOENT");
  });
});
