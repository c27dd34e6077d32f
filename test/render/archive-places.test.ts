import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Problem } from "../../src/domain/problem.ts";
import { renderGithub } from "../../src/render/problems/github.ts";
import { paintNothing } from "../../src/render/paint.ts";
import { renderProblems } from "../../src/render/problems/text.ts";
import { renderSarif } from "../../src/render/problems/sarif.ts";
import { problem } from "../support/worlds/arbitraries.ts";

const REFUSED: Problem = {
  severity: "error",
  code: "script-refused",
  message: "CS1002: ; expected",
  at: { file: "apps/a b.zip/Sources/Main.cs", line: 11, column: 40, archive: "apps/a b.zip" },
};

function readResults(problems: readonly Problem[]): readonly { readonly [key: string]: unknown }[] {
  return JSON.parse(renderSarif(problems, "1")).runs[0].results;
}

describe("a problem in a file of an archive", () => {
  it("stands at its line in the terminal", () => {
    expect(renderProblems([REFUSED], paintNothing)).toBe(
      "apps/a b.zip/Sources/Main.cs:11:40 error script-refused CS1002: ; expected\n",
    );
  });

  it("annotates the archive, which is what the repository has, and says the line in words", () => {
    expect(renderGithub([{ ...REFUSED, hint: "add one" }])).toBe(
      "::error file=apps/a b.zip,title=script-refused::apps/a b.zip/Sources/Main.cs:11:40 CS1002: ; expected (add one)\n",
    );
  });

  it("has the archive as its artifact, without a region that no viewer could show", () => {
    expect(readResults([REFUSED])).toMatchObject([
      {
        message: { text: "apps/a b.zip/Sources/Main.cs:11:40: CS1002: ; expected" },
        locations: [{ physicalLocation: { artifactLocation: { uri: "apps/a%20b.zip" } } }],
      },
    ]);
    expect(JSON.stringify(readResults([REFUSED]))).not.toContain("region");
  });

  it("changes nothing for problems elsewhere", () => {
    fc.assert(
      fc.property(problem, (elsewhere) => {
        const [alone] = readResults([elsewhere]);
        expect(readResults([REFUSED, elsewhere])[1]).toEqual(alone);
        expect(renderGithub([REFUSED, elsewhere])).toBe(
          renderGithub([REFUSED]) + renderGithub([elsewhere]),
        );
      }),
    );
  });
});
