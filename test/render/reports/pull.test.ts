import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { paintNothing } from "../../../src/render/paint.ts";
import { renderPull, type PulledFiles } from "../../../src/render/reports/pull.ts";
import { hostileText } from "../../support/worlds/arbitraries.ts";

const app = { kind: "CallFlowApp", key: "806" };
const report: PulledFiles = {
  dryRun: false,
  written: true,
  files: [
    {
      file: "apps/a.cs",
      state: "created",
      resources: [app],
      diff: "--- /dev/null\n+++ b/apps/a.cs\n@@ -0,0 +1,1 @@\n+x\r\n",
    },
    { file: "apps/b.yaml", state: "updated", resources: [app, { ...app, key: "807" }], diff: "" },
  ],
  unchanged: 3,
  gone: [{ ...app, key: "808", file: "apps/c.yaml" }],
};

describe("the report of a pull", () => {
  it("lists files with what became of them and what they are about", () => {
    expect(renderPull(report, paintNothing)).toBe(
      [
        "  created  apps/a.cs  CallFlowApp 806",
        "  updated  apps/b.yaml  CallFlowApp 806, CallFlowApp 807",
        "  gone     apps/c.yaml  CallFlowApp 808",
        "Pull: 1 file created, 1 updated; 3 unchanged, 1 gone.",
        "",
      ].join("\n"),
    );
  });

  it("says of what was not written that it would be", () => {
    expect(renderPull({ ...report, written: false }, paintNothing)).toContain(
      "  create   apps/a.cs",
    );
    expect(renderPull({ ...report, written: false }, paintNothing)).toMatch(
      /Pull: 1 file to be created, 1 to be updated; 3 unchanged, 1 gone\. Nothing was written\.\n$/,
    );
  });

  it("shows the diffs of a dry run, with LF", () => {
    expect(renderPull({ ...report, written: false, dryRun: true }, paintNothing)).toBe(
      "--- /dev/null\n+++ b/apps/a.cs\n@@ -0,0 +1,1 @@\n+x\nPull: 1 file to be created, 1 to be updated; 3 unchanged, 1 gone. Nothing was written (--dry-run).\n",
    );
    const nothing = { ...report, files: [], dryRun: true, written: false };
    expect(renderPull(nothing, paintNothing)).toBe(
      "Pull: nothing to write, 3 unchanged, 1 gone.\n",
    );
  });

  it("lets nothing of a PBX or a file name reach the terminal as it is", () => {
    fc.assert(
      fc.property(hostileText, fc.boolean(), (text, dryRun) => {
        const files = [
          {
            file: text,
            state: "created" as const,
            resources: [{ kind: "CallFlowApp", key: text }],
            diff: `+${text}`,
          },
        ];
        const gone = [{ ...app, key: text, file: text }];
        const shown = renderPull(
          { ...report, files, gone, dryRun, written: !dryRun },
          paintNothing,
        );
        expect(shown).not.toMatch(/(?!\n|\t)[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u);
      }),
    );
  });
});
