import { readFileSync } from "node:fs";
import path from "node:path";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  findSchema,
  hasLocalSchemas,
  readSchemas,
  schemaModeline,
  SCHEMAS_URL,
} from "../../../src/app/project/schemas.ts";
import { kinds } from "../../../src/kinds/index.ts";
import { makeFolder } from "../../support/project/folder.ts";

const ROOT = path.join(import.meta.dirname, "../../..");

describe("the schemas that ship", () => {
  it("have one for every kind, for the project and for overlays, and say who writes what", async () => {
    const schemas = await readSchemas();
    const written = schemas.filter((schema) => schema.written).map(({ kind }) => kind);
    const wanted = ["Overlay", "Project", ...kinds.map(({ name }) => name)];
    expect(written.toSorted()).toEqual(wanted.toSorted());
    expect(schemas.filter((schema) => !schema.written).map(({ kind }) => kind)).toEqual(["Plan"]);
  });

  it("are found by kind, and not by what only begins like one", async () => {
    expect(await findSchema("PROJECT")).toMatchObject({ file: "project.schema.json" });
    await expect(findSchema("Proj")).rejects.toMatchObject({
      problems: [{ code: "schema-unknown" }],
    });
  });
});

describe("the first line of a document", () => {
  it("leads from any folder of the project to its own copy", () => {
    const part = fc.stringMatching(/^[a-z]{1,6}$/);
    fc.assert(
      fc.property(fc.array(part, { maxLength: 4 }), part, (folders, name) => {
        const file = [...folders, `${name}.yaml`].join("/");
        const line = schemaModeline("CallFlowApp", file, true);
        const [, to = ""] = /^# yaml-language-server: \$schema=(\S+)$/.exec(line) ?? [];
        const found = path.posix.join("/project", path.posix.dirname(file), to);
        expect(found).toBe("/project/schemas/call-flow-app.schema.json");
      }),
    );
  });

  it("is an address where the project has no copy, of a file that ships under that name", async () => {
    for (const { kind, file } of await readSchemas())
      expect(schemaModeline(kind, "apps/a.yaml", false)).toBe(
        `# yaml-language-server: $schema=${SCHEMAS_URL}${file}`,
      );
  });

  it("has an address of this major version", () => {
    const { name, version } = JSON.parse(readFileSync(path.join(ROOT, "package.json"), "utf8"));
    const [major] = String(version).split(".");
    expect(SCHEMAS_URL).toBe(`https://cdn.jsdelivr.net/npm/${name}@${major}/schemas/`);
  });

  it("depends on the copy of that kind", async () => {
    const { root } = makeFolder({ "schemas/project.schema.json": "{}" });
    expect(await hasLocalSchemas(root, "Project")).toBe(true);
    expect(await hasLocalSchemas(root, "CallFlowApp")).toBe(false);
    expect(await hasLocalSchemas(path.join(root, "missing"), "Project")).toBe(false);
  });
});
