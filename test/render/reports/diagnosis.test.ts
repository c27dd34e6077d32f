import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { findCause, type Check } from "../../../src/domain/diagnosis.ts";
import {
  renderCheck,
  renderDiagnosisMarkdown,
  writeCause,
} from "../../../src/render/reports/diagnosis.ts";
import { paintNothing } from "../../../src/render/paint.ts";
import { codePoint } from "../../support/worlds/text.ts";

const OK: Check = { name: "node", state: "ok", found: ["Node 20"] };
const WARNING: Check = { name: "clock", state: "warning", found: ["odd"], advice: "set it" };
const FAILED: Check = {
  name: "tls",
  state: "failed",
  found: ["it has expired", "until yesterday"],
  advice: "renew it",
};
const SKIPPED: Check = { name: "token", state: "skipped", found: [], because: "tls" };

/** What a PBX or a certificate could say to lead a reader or a runner astray. */
const HOSTILE = "\u001B[31mred\u202E\n::error::x ##[group]|<b>@me`x`";

describe("a check as text", () => {
  it("has its state, its name, what was found and what to do", () => {
    expect(renderCheck(FAILED, paintNothing)).toBe(
      [
        "  failed   tls          it has expired",
        "                        until yesterday",
        "                        to do: renew it",
        "",
      ].join("\n"),
    );
    expect(renderCheck(SKIPPED, paintNothing)).toBe("  skipped  token        because of tls\n");
  });

  it("is painted by its state", () => {
    const painted = [OK, WARNING, FAILED, SKIPPED].map((check) =>
      renderCheck(check, (colour, text) => `<${colour}>${text}`),
    );
    expect(painted.map((text) => /<(\w+)>/.exec(text)?.[1])).toEqual([
      "green",
      "yellow",
      "red",
      "dim",
    ]);
  });

  it("stays in its lines, whatever was found", () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: codePoint })), fc.string(), (found, advice) => {
        const text = renderCheck({ ...FAILED, found, advice }, paintNothing);
        expect(text.split("\n")).toHaveLength(Math.max(1, found.length) + 2);
        expect(text.replaceAll("\n", "")).not.toMatch(/[\p{Cc}\p{Cf}]/u);
      }),
    );
  });
});

describe("the last line", () => {
  it("is the cause with what to do about it", () => {
    const checks = [OK, WARNING, FAILED, SKIPPED];
    expect(writeCause(checks, findCause(checks))).toBe(
      "Cause: tls: it has expired. To do: renew it.",
    );
  });

  it("without a cause says how things stand", () => {
    expect(writeCause([OK], undefined)).toBe("Everything is fine.");
    expect(writeCause([OK, WARNING], undefined)).toBe("Nothing failed (1 warning, 1 ok).");
    expect(writeCause([WARNING, WARNING], undefined)).toBe("Nothing failed (2 warnings).");
  });

  it("is one line, whatever the cause says", () => {
    const cause = { ...FAILED, found: [HOSTILE], advice: HOSTILE };
    const line = writeCause([cause], cause);
    expect(line).not.toMatch(/[\p{Cc}\p{Cf}]|##\[/u);
  });
});

describe("a diagnosis in Markdown", () => {
  it("is a table and the cause", () => {
    expect(renderDiagnosisMarkdown("production", [OK, FAILED, SKIPPED], FAILED)).toBe(
      [
        "## Callform doctor for production",
        "",
        "| state | check | found | to do |",
        "|---|---|---|---|",
        "| ok | node | Node 20 |  |",
        "| failed | tls | it has expired<br>until yesterday | renew it |",
        "| skipped | token | because of tls |  |",
        "",
        "**Cause: tls: it has expired. To do: renew it.**",
        "",
      ].join("\n"),
    );
  });

  it("keeps what others wrote as text, and each check on its row", () => {
    const odd = { ...FAILED, found: [HOSTILE, HOSTILE], advice: HOSTILE };
    const text = renderDiagnosisMarkdown(HOSTILE, [OK, odd], odd);
    expect(text.split("\n").filter((line) => line.startsWith("| "))).toHaveLength(3);
    expect(text).not.toMatch(/<b>|[^\\]\|<|@me|##\[/);
  });
});
