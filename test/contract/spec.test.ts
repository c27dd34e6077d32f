import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { describeSpec, locateSpec, readSpec } from "../support/contract/spec/read.ts";
import { makeFolder } from "../support/project/folder.ts";
import { ABSENT, readOfficial, WHY } from "./official.ts";
import { describeTiny, TINY_SOURCE } from "./tiny-spec.ts";

describe("the description of the API", () => {
  it("is found beside the checkout, the newest by its version", () => {
    const { root } = makeFolder({});
    const shared = path.join(root, "shared/xapi");
    mkdirSync(shared, { recursive: true });
    for (const version of ["20.0.9", "20.0.10"])
      writeFileSync(path.join(shared, `swagger-${version}.yaml`), "");
    expect(locateSpec(path.join(root, "checkout"), undefined)).toEqual({
      file: path.join(shared, "swagger-20.0.10.yaml"),
    });
  });

  it("is found where CALLFORM_XAPI_SPEC says, a file or a folder", () => {
    const { root } = makeFolder({ "a/api.yml": "", "b.json": "{}" });
    expect(locateSpec(root, "a")).toEqual({ file: path.join(root, "a/api.yml") });
    expect(locateSpec(root, path.join(root, "b.json"))).toEqual({
      file: path.join(root, "b.json"),
    });
  });

  it("that is nowhere is a reason to skip, in words that say what to do", () => {
    const { root } = makeFolder({});
    const place = locateSpec(path.join(root, "checkout"), "");
    expect(place).toEqual({
      absent: expect.stringContaining("name its file or folder in CALLFORM_XAPI_SPEC"),
    });
    expect(place).toEqual({ absent: expect.stringContaining(path.join(root, "shared/xapi")) });
  });

  it("that CALLFORM_XAPI_SPEC names in vain is an error, and no reason to skip", () => {
    const { root } = makeFolder({ "empty/notes.txt": "" });
    for (const named of ["gone.yaml", "empty"])
      expect(() => locateSpec(root, named)).toThrow(
        `CALLFORM_XAPI_SPEC: there is no YAML at ${named}`,
      );
  });

  it("is the same from a file as from memory", () => {
    const { root } = makeFolder({ "tiny.yaml": JSON.stringify(TINY_SOURCE) });
    const names = (spec: ReturnType<typeof readSpec>): readonly string[] =>
      spec.operations.map(({ name }) => name);
    const read = readSpec(path.join(root, "tiny.yaml"));
    expect(read.name).toBe("tiny.yaml");
    expect(names(read)).toEqual(names(describeTiny()));
  });

  it("is parsed once for all who give the same folder to keep it in", () => {
    const { root } = makeFolder({ "tiny.yaml": JSON.stringify(TINY_SOURCE), "kept/x": "" });
    const [file, folder] = [path.join(root, "tiny.yaml"), path.join(root, "kept")];
    const first = readSpec(file, folder);
    writeFileSync(file, "paths: {}");
    expect(readSpec(file, folder).operations).toEqual(first.operations);
    expect(() => readSpec(file)).toThrow("describes no operation");
  });

  it("without operations, or with a reference to nothing, is refused", () => {
    expect(() => describeSpec("empty.yaml", { paths: {} })).toThrow("empty.yaml describes no");
    const gone = { $ref: "#/components/responses/gone" };
    const paths = { "/A": { get: { responses: { 200: gone } } } };
    expect(() => describeSpec("a.yaml", { paths })).toThrow(/responses\/gone, which it lacks/);
  });
});

describe("an operation", () => {
  it("knows its options, its body and its answers, referred to or not", () => {
    const { operations } = describeTiny();
    const [list, create] = operations;
    expect(list?.name).toBe("GET /Shelves");
    expect([...(list?.options.keys() ?? [])]).toEqual(
      "$top $filter $orderby $count $select $expand".split(" "),
    );
    expect(list?.body).toBeUndefined();
    expect([...(list?.answers.keys() ?? [])]).toEqual(["200", "default"]);
    expect(create?.body).toMatchObject({ required: true });
    expect(operations.find(({ method }) => method === "PATCH")?.body?.required).toBe(false);
    expect(
      operations.find(({ method }) => method === "DELETE")?.answers.get("204"),
    ).toBeUndefined();
  });

  it.skipIf(ABSENT !== undefined)(`is read from every path of 3CX's own description${WHY}`, () => {
    const { operations, tokenPath } = readOfficial();
    expect(new Set(operations.map(({ template }) => template)).size).toBe(480);
    expect(operations).toHaveLength(601);
    expect(tokenPath).toBe("/connect/token");
    for (const { answers } of operations) expect(answers.get("default")).toBeDefined();
  });
});
