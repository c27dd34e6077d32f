import path from "node:path";
import * as fc from "fast-check";
import { describe, expect, it, onTestFinished } from "vitest";
import { hasErrors, type Problem } from "../../src/domain/problem.ts";
import { callFlowApp } from "../../src/kinds/call-flow-app.ts";
import { loadManifests } from "../../src/manifest/load.ts";
import { loadProject } from "../../src/manifest/project/load.ts";
import { makeFolder } from "../support/project/folder.ts";
import { manifestContent, projectContent } from "../support/worlds/yaml.ts";

/** Documents in one load, each in a file of its own. */
const AT_ONCE = 100;
/** A load of so many small files takes milliseconds; what takes this long will hang on a larger one. Microseconds of the
 * processor. */
const MAX_LOAD = 60_000_000;

/** What is wrong with how a load ended; empty when each problem says where it is and what. */
function judgeProblems(problems: readonly Problem[], sizes: ReadonlyMap<string, number>): string[] {
  return problems.flatMap((problem) => {
    const { at, message, code } = problem;
    if (message === "" || code === "") return ["a problem without words"];
    if (/TypeError|RangeError|undefined|\[object/.test(message)) return [`odd words: ${message}`];
    if (at === undefined) return code === "yaml-syntax" ? [] : [`no place: ${code} ${message}`];
    const size = sizes.get(at.file);
    if (size === undefined) return [`a place in no file: ${at.file}`];
    const inside =
      Number.isInteger(at.line) && Number.isInteger(at.column) && at.line >= 1 && at.column >= 1;
    return inside && at.line <= size + 1
      ? []
      : [`a place outside: ${at.file}:${at.line}:${at.column}`];
  });
}

function countLines(content: Buffer): number {
  // UTF-16 and the odd line ends of YAML; an upper bound is enough.
  return content.toString("latin1").split(/[\r\n\u0085\u2028\u2029]|\u00e2\u0080[\u00a8\u00a9]/)
    .length;
}

/** Many of the documents describe the same app, which is no mistake of any one of them. */
function isMistake(problem: Problem): boolean {
  return hasErrors([problem]) && problem.code !== "duplicate-resource";
}

function watchRejections(): readonly unknown[] {
  const seen: unknown[] = [];
  const listen = (reason: unknown): void => void seen.push(reason);
  process.on("unhandledRejection", listen);
  onTestFinished(() => void process.off("unhandledRejection", listen));
  return seen;
}

describe("20,000 generated documents", () => {
  it("each end as manifests or in problems with a place, 18,000 of them", async () => {
    const rejections = watchRejections();
    const folder = makeFolder({ "apps/after.cs": "class A {}" });
    let [accepted, refused] = [0, 0];
    const batch = fc.array(manifestContent, {
      minLength: AT_ONCE,
      maxLength: AT_ONCE,
      size: "max",
    });
    await fc.assert(
      fc.asyncProperty(batch, async (contents) => {
        const sizes = new Map([["apps/after.cs", 1]]);
        for (const [index, content] of contents.entries()) {
          folder.write(`apps/${index}.yaml`, content);
          sizes.set(`apps/${index}.yaml`, countLines(content));
        }
        const before = process.cpuUsage();
        const { problems, resources } = await loadManifests({
          root: folder.root,
          patterns: ["apps/*.yaml"],
          kinds: [callFlowApp],
          variables: { TEAM: "Support" },
          secrets: { KEY: "value" },
        });
        expect(process.cpuUsage(before).user).toBeLessThan(MAX_LOAD);
        expect(judgeProblems(problems, sizes)).toEqual([]);
        const spoken = new Set(problems.filter(isMistake).map(({ at }) => at?.file));
        const read = new Set(resources.map(({ at }) => at.file));
        const files = contents.map((_, index) => `apps/${index}.yaml`);
        const told = new Set(problems.map(({ at }) => at?.file));
        expect(files.filter((file) => !told.has(file) && !read.has(file))).toEqual([]);
        refused += spoken.size;
        accepted += contents.length - spoken.size;
      }),
      { numRuns: 180, endOnFailure: true },
    );
    process.stdout.write(`manifests: ${accepted} accepted, ${refused} refused\n`);
    expect(rejections).toEqual([]);
    expect(Math.min(accepted, refused)).toBeGreaterThan(300);
  });

  it("each end as a project or in problems with a place, 2,000 of them", async () => {
    const rejections = watchRejections();
    const folder = makeFolder();
    let [accepted, refused] = [0, 0];
    await fc.assert(
      fc.asyncProperty(projectContent, async (content) => {
        folder.write("callform.yaml", content);
        const env = { ID: "callform", KEY: "value" };
        const { project, problems } = await loadProject(folder.root, {
          env,
          resolve: (names) => names,
        });
        expect(judgeProblems(problems, new Map([["callform.yaml", countLines(content)]]))).toEqual(
          [],
        );
        expect(hasErrors(problems) || project !== undefined).toBe(true);
        expect(project === undefined || path.isAbsolute(project.root)).toBe(true);
        if (hasErrors(problems)) refused += 1;
        else accepted += 1;
      }),
      { numRuns: 2000, endOnFailure: true },
    );
    process.stdout.write(`project files: ${accepted} accepted, ${refused} refused\n`);
    expect(rejections).toEqual([]);
    expect(Math.min(accepted, refused)).toBeGreaterThan(20);
  });

  it("would be noticed if a problem had no place, or one outside its file", () => {
    const sizes = new Map([["a.yaml", 3]]);
    const problem: Problem = { severity: "error", code: "unknown-key", message: "no such key" };
    const at = { file: "a.yaml", line: 2, column: 1 };
    expect(judgeProblems([{ ...problem, at }], sizes)).toEqual([]);
    expect(judgeProblems([problem], sizes)).toHaveLength(1);
    expect(judgeProblems([{ ...problem, at: { ...at, line: 9 } }], sizes)).toHaveLength(1);
    expect(judgeProblems([{ ...problem, at: { ...at, file: "b.yaml" } }], sizes)).toHaveLength(1);
    expect(judgeProblems([{ ...problem, at, message: "TypeError: x" }], sizes)).toHaveLength(1);
  });
});
