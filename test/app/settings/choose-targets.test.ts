import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { judgeChoice, pickNames, readShard } from "../../../src/app/settings/choose-targets.ts";
import type { Problem } from "../../../src/domain/problem.ts";
import type { TargetConfig } from "../../../src/manifest/project/load.ts";

const projectNames = fc.uniqueArray(fc.stringMatching(/^[a-z][a-z0-9-]{0,6}$/), { maxLength: 40 });

describe("the targets of a run", () => {
  it("come once each and in the project's order, however they are named", () => {
    fc.assert(
      fc.property(projectNames, fc.infiniteStream(fc.boolean()), (names, coin) => {
        const wanted = names.filter(() => coin.next().value === true);
        const shuffled = [...wanted.toReversed(), ...wanted];
        expect(pickNames(names, { names: shuffled, shard: undefined })).toEqual(wanted);
      }),
    );
  });

  it("are all of them with a star, beside names or alone", () => {
    fc.assert(
      fc.property(projectNames, (names) => {
        expect(pickNames(names, { names: ["*"], shard: undefined })).toEqual(names);
        expect(pickNames(names, { names: [...names.slice(0, 1), "*"], shard: undefined })).toEqual(
          names,
        );
      }),
    );
  });

  it("are divided by shards into parts that miss none, share none and differ by one at most", () => {
    fc.assert(
      fc.property(projectNames, fc.integer({ min: 1, max: 9 }), (names, count) => {
        const parts = Array.from({ length: count }, (_, place) =>
          pickNames(names, { names: ["*"], shard: { index: place + 1, count } }),
        );
        expect(parts.flat().toSorted()).toEqual(names.toSorted());
        const sizes = parts.map((part) => part.length);
        expect(Math.max(...sizes) - Math.min(...sizes)).toBeLessThanOrEqual(1);
      }),
    );
  });

  it("are divided by their names alone, not by the order of the file", () => {
    fc.assert(
      fc.property(projectNames, fc.integer({ min: 1, max: 5 }), (names, count) => {
        const choice = { names: ["*"], shard: { index: 1, count } };
        expect(pickNames(names.toReversed(), choice).toSorted()).toEqual(
          pickNames(names, choice).toSorted(),
        );
      }),
    );
  });
});

describe("a choice that cannot be made", () => {
  const targets = ["berlin", "munich"].map((name) => ({ name }) as TargetConfig);

  it("is told with every unknown name and the names that there are", () => {
    const problems = judgeChoice(targets, { names: ["berlin", "bonn", "koln"], shard: undefined });
    expect(problems.map(({ message }) => message)).toEqual([
      'there is no target "bonn"',
      'there is no target "koln"',
    ]);
    expect(problems[0]?.hint).toBe("there is: berlin, munich");
  });

  it("is one among several without a name", () => {
    expect(judgeChoice(targets, { names: undefined, shard: undefined })).toMatchObject([
      { code: "target-missing", message: "the project has 2 targets: berlin, munich" },
    ]);
    expect(judgeChoice(targets.slice(1), { names: undefined, shard: undefined })).toEqual([]);
    expect(judgeChoice([], { names: undefined, shard: undefined })).toEqual([]);
  });

  it("is all of none", () => {
    expect(judgeChoice([], { names: ["*"], shard: undefined })).toMatchObject([
      { code: "target-unknown", hint: "add one under targets in callform.yaml" },
    ]);
  });

  it("is a shard of what nobody named", () => {
    const choice = { names: undefined, shard: { index: 1, count: 2 } };
    expect(judgeChoice(targets.slice(1), choice)).toMatchObject([{ hint: "add --target '*'" }]);
  });
});

describe("a shard", () => {
  it("is read as a part of so many", () => {
    const problems: Problem[] = [];
    expect(readShard("2/5", problems)).toEqual({ index: 2, count: 5 });
    expect(readShard("1/1", problems)).toEqual({ index: 1, count: 1 });
    expect(readShard(undefined, problems)).toBeUndefined();
    expect(problems).toEqual([]);
  });

  it.each(["0/5", "6/5", "2", "a/b", "2/5/7", "-1/2", "1/0", " 1/2", ""])("is not %j", (text) => {
    const problems: Problem[] = [];
    expect(readShard(text, problems)).toBeUndefined();
    expect(problems).toMatchObject([{ code: "invalid-flag" }]);
  });
});
