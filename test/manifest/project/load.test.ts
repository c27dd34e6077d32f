import { mkdir, symlink } from "node:fs/promises";
import { inspect } from "node:util";
import { join } from "node:path";

import { describe, expect, test } from "vitest";

import { loadProject, type ProjectOptions } from "../../../src/manifest/project/load.ts";
import { briefly, writeProject } from "../../support/project/manifest-project.ts";

const HEAD = "apiVersion: callform/v1\nkind: Project\n";

/** Reads a project file that goes on like this from line 3 on. */
async function readProject(
  rest: string,
  options: Partial<ProjectOptions> & { readonly root?: string } = {},
) {
  const root = options.root ?? (await writeProject({ "callform.yaml": HEAD + rest }));
  return { root, ...(await loadProject(root, { env: {}, ...options })) };
}

const FULL = `manifests: ["apps/*.yaml", "!apps/old.yaml"]
targets:
  production:
    url: https://pbx.example.com:5001/
    clientId: \${env:PBX_ID}
    clientSecret: \${env:PBX_SECRET}
    caFile: certificates/ca.pem
    variables: { HOTLINE: "100", SITE_2: "\${env:SITE}" }
    policy:
      prune: removed
      maxDeletes: 2
      maxChangePercent: 30.5
      protect: ["800", "9*"]
      scratchNumber: "898"
  staging:
    url: \${env:STAGING_URL}
    clientSecret: \${env:STAGING_SECRET}
`;
const env = { PBX_ID: "ci", PBX_SECRET: "hunter2-secret", SITE: "berlin" };

describe("a project file", () => {
  test("gives everything it says, with the references of the chosen target resolved", async () => {
    const { root, project, problems } = await readProject(FULL, { env, resolve: ["production"] });
    expect(problems).toEqual([]);
    expect(project).toMatchObject({
      root,
      file: "callform.yaml",
      manifests: ["apps/*.yaml", "!apps/old.yaml"],
      targets: [
        {
          name: "production",
          url: "https://pbx.example.com:5001/",
          clientId: "ci",
          caFile: join(root, "certificates/ca.pem"),
          variables: { HOTLINE: "100", SITE_2: "berlin" },
          policy: {
            prune: "removed",
            maxDeletes: 2,
            maxChangePercent: 30.5,
            protect: ["800", "9*"],
            scratchNumber: "898",
          },
          at: { file: "callform.yaml", line: 5, column: 3 },
        },
        { name: "staging", url: "${env:STAGING_URL}" },
      ],
    });
    const secrets = project?.targets.map(({ clientSecret }) => clientSecret?.reveal());
    expect(secrets).toEqual(["hunter2-secret", "${env:STAGING_SECRET}"]);
    const shown = [
      JSON.stringify(project),
      inspect(project, { depth: 9 }),
      String(project?.targets[0]?.clientSecret),
    ];
    for (const text of shown) expect(text).not.toContain("hunter2");
  });

  test("that says as little as it may has the defaults", async () => {
    const { root, project, problems } = await readProject("targets: { a: {} }\n");
    expect(problems).toEqual([]);
    expect(project).toEqual({
      root,
      file: "callform.yaml",
      manifests: ["apps/**/*.{yaml,yml}"],
      targets: [
        {
          name: "a",
          overlays: [],
          credentialNames: [],
          wave: 1,
          variables: {},
          policy: { prune: "never", protect: [] },
          at: { file: "callform.yaml", line: 3, column: 12, endLine: 3, endColumn: 13 },
        },
      ],
    });
  });

  test("may be absent: then there are the default patterns and no targets", async () => {
    const { root, project, problems } = await readProject("", { root: await writeProject({}) });
    expect(problems).toEqual([]);
    expect(project).toEqual({ root, manifests: ["apps/**/*.{yaml,yml}"], targets: [] });
  });

  test("has its path told from the folder one is in", async () => {
    const root = await writeProject({ "p/callform.yaml": `${HEAD}colour: red\n` });
    const { problems } = await readProject("", { root: join(root, "p"), cwd: root });
    expect(briefly(problems)).toEqual(["p/callform.yaml:3:1 unknown-key"]);
  });

  test("keeps an absolute path of a certificate authority", async () => {
    const { project } = await readProject("targets: { a: { caFile: /etc/ssl/ca.pem } }\n");
    expect(project?.targets[0]?.caFile).toBe("/etc/ssl/ca.pem");
  });
});

describe("references in the project file", () => {
  test("of every target are resolved for all, and each that is missing is told at its place", async () => {
    const { problems, project } = await readProject(FULL, {
      env: { ...env, PBX_ID: "" },
      resolve: (names) => names,
    });
    expect(project?.targets).toHaveLength(2);
    expect(problems.map(({ at, message }) => `${at?.line}:${at?.column} ${message}`)).toEqual([
      "7:15 the environment variable PBX_ID is empty",
      "18:10 the environment variable STAGING_URL is not set",
      "19:19 the environment variable STAGING_SECRET is not set",
    ]);
    expect(problems.every(({ severity }) => severity === "error")).toBe(true);
  });

  test("of targets that are not chosen stay as they are, and nothing is said", async () => {
    const { problems, project } = await readProject(FULL);
    expect(problems).toEqual([]);
    expect(project?.targets.map(({ clientId, url }) => [clientId, url])).toEqual([
      ["${env:PBX_ID}", "https://pbx.example.com:5001/"],
      [undefined, "${env:STAGING_URL}"],
    ]);
  });

  test("are checked for their form all the same", async () => {
    const { problems } = await readProject(
      'targets:\n  a:\n    url: "${ENV:URL}"\n    clientId: "${secret:ID}"\n    variables: { X: "${var:Y} ${env:lower}" }\n',
    );
    expect(briefly(problems)).toEqual(
      [
        "callform.yaml:5:11 unknown-reference-scheme",
        "callform.yaml:5:10 invalid-value",
        "callform.yaml:6:16 misplaced-reference",
        "callform.yaml:7:22 misplaced-reference",
        "callform.yaml:7:31 unknown-reference-scheme",
      ].toSorted((a, b) => a.localeCompare(b, "en", { numeric: true })),
    );
  });

  test("are not for the patterns, where one that is empty would empty the project", async () => {
    const { problems } = await readProject('manifests: ["${env:FOLDER}/*.yaml"]\n', {
      env: { FOLDER: "x" },
      resolve: (names) => names,
    });
    expect(briefly(problems)).toEqual(["callform.yaml:3:14 misplaced-reference"]);
  });

  test("are judged by what they stand for", async () => {
    const { problems, project } = await readProject('targets: { a: { url: "${env:URL}" } }\n', {
      env: { URL: "pbx.example.com" },
      resolve: (names) => names,
    });
    expect(project).toBeUndefined();
    expect(problems).toMatchObject([
      {
        code: "invalid-value",
        message: "targets.a.url must be an address such as https://pbx.example.com:5001",
        at: { line: 3, column: 22 },
      },
    ]);
    expect(problems[0]?.message).not.toContain('pbx.example.com"');
  });

  test("in a certificate path of another target are left alone", async () => {
    const { project } = await readProject('targets: { a: { caFile: "${env:CA}" } }\n');
    expect(project?.targets[0]?.caFile).toBe("${env:CA}");
  });
});

describe("a client secret in the project file itself", () => {
  test("is a warning, tainted like any other, and never repeated", async () => {
    const { problems, project } = await readProject("targets: { a: { clientSecret: hunter2 } }\n");
    expect(problems).toMatchObject([
      { severity: "warning", code: "literal-secret", at: { line: 3, column: 31 } },
    ]);
    expect(project?.targets[0]?.clientSecret?.reveal()).toBe("hunter2");
    expect(JSON.stringify({ problems, project })).not.toContain("hunter2");
  });
});

describe("what a project file may not say", () => {
  test.each([
    ["targets: { a: { overlay: 7 } }", "3:26 invalid-type", /text or a list/],
    ["targets: { a: { overlay: [] } }", "3:26 invalid-value", /must not be empty/],
    ['targets: { a: { overlay: "" } }', "3:26 invalid-value", /must not be empty/],
    ['targets: { a: { overlay: "${env:X}.yaml" } }', "3:27 misplaced-reference", /in overlay/],
    ["targets: { a: { wave: 0 } }", "3:23 invalid-value", /wave must be at least 1/],
    ["targets: { a: { wave: 1.5 } }", "3:23 invalid-type", /must be a whole number/],
    [
      "targets: { a: { policy: { prune: allways } } }",
      "3:34 invalid-value",
      /never, removed or all/,
    ],
    ["targets: { a: { policy: { prune: yes } } }", "3:34 invalid-value", /never, removed or all/],
    [
      "targets: { a: { policy: { maxDeletes: '2' } } }",
      "3:39 invalid-type",
      /a whole number, not text/,
    ],
    ["targets: { a: { policy: { maxDeletes: 1.5 } } }", "3:39 invalid-type", /not the number 1.5/],
    ["targets: { a: { policy: { maxDeletes: -1 } } }", "3:39 invalid-value", /at least 0/],
    ["targets: { a: { policy: { maxChangePercent: 101 } } }", "3:45 invalid-value", /at most 100/],
    ["targets: { a: { policy: { protect: [800] } } }", "3:37 invalid-type", /must be text/],
    ["targets: { a: { policy: { scratchNumber: 898 } } }", "3:42 invalid-type", /must be text/],
    ["targets: { a: { variables: { hotline: '1' } } }", "3:30 invalid-key", /capital letters/],
    ["targets: { a: { variables: { HOTLINE: 100 } } }", "3:39 invalid-type", /must be text/],
    ["targets: { '*': {} }", "3:12 invalid-key", /a target's name/],
    ["targets: { a: null }", "3:15 invalid-type", /is empty/],
    ["targets: [a]", "3:10 invalid-type", /not a list/],
    ["targets: { a: { URL: https://x } }", "3:17 unknown-key", /no key "URL" in targets.a/],
    ["manifests: apps/*.yaml", "3:12 invalid-type", /must be a list/],
    ["manifests: []", "3:12 invalid-value", /must not be empty/],
    ["manifests: [../*.yaml]", "3:13 path-escape", /leads out/],
    ["manifests: ['!../x.yaml']", "3:13 path-escape", /leads out/],
    ["manifests: [/etc/*.yaml]", "3:13 path-escape", /leads out/],
    ["manifests: ['C:\\x\\*.yaml']", "3:13 path-escape", /leads out/],
    ["colour: red", "3:1 unknown-key", /no key "colour"/],
    ["kind: Project", "3:1 duplicate-key", /line 2/],
    ["targets: { __proto__: {} }", "3:12 forbidden-key", /__proto__/],
    ["a: b: c", "3:4 yaml-syntax", /./],
  ])("%s is a problem at %s", async (line, place, message) => {
    const { problems } = await readProject(`${line}\n`);
    expect(briefly(problems)).toEqual([`callform.yaml:${place}`]);
    expect(problems[0]?.message).toMatch(message);
  });

  test("every problem is told at once, and there is no project to go on with", async () => {
    const { problems, project } = await readProject(
      "manifest: []\ntargets:\n  a: { ur: x }\n  b: { policy: { prune: never, maxDelete: 1 } }\n",
    );
    expect(project).toBeUndefined();
    expect(problems.map(({ hint }) => hint)).toEqual([
      "did you mean manifests?",
      "did you mean url?",
      "did you mean maxDeletes?",
    ]);
  });
});

describe("a file that is no project file", () => {
  async function readFile(content: string | Uint8Array) {
    const root = await writeProject({ "callform.yaml": content });
    return loadProject(root, { env: {} });
  }

  test.each([
    ["", "1:1 file-empty"],
    ["# nothing yet\n", "1:1 file-empty"],
    ["text", "1:1 invalid-type"],
    ["kind: Project\n", "1:1 missing-key"],
    ["apiVersion: callform/v9\nkind: Project\n", "1:13 unknown-api-version"],
    ["apiVersion: callform/v1\nkind: CallFlowApp\n", "2:7 unknown-kind"],
    ["apiVersion: callform/v1\nkind: project\n", "2:7 unknown-kind"],
    [`${HEAD}---\n${HEAD}`, "4:1 invalid-value"],
  ])("%j ends in %s", async (content, place) => {
    expect(briefly((await readFile(content)).problems)).toEqual([`callform.yaml:${place}`]);
  });

  test("such as a binary one is told like a binary manifest", async () => {
    const { problems, project } = await readFile(Uint8Array.from([0, 1, 2]));
    expect(briefly(problems)).toEqual(["callform.yaml:1:1 file-binary"]);
    expect(project).toBeUndefined();
  });

  test("such as callform.yml is not passed over", async () => {
    const root = await writeProject({ "callform.yml": HEAD });
    const { problems, project } = await loadProject(root, { env: {} });
    expect(project).toBeUndefined();
    expect(problems).toMatchObject([{ code: "file-unreadable", hint: "rename it" }]);
  });

  test("such as a folder, a broken link or a folder that is not there", async () => {
    const root = await writeProject({ "b/x": "" });
    await mkdir(join(root, "a/callform.yaml"), { recursive: true });
    await symlink("nowhere", join(root, "b/callform.yaml"));
    for (const folder of ["a", "b", "c"]) {
      const { problems, project } = await loadProject(join(root, folder), { env: {} });
      expect(project).toBeUndefined();
      expect(problems.map(({ code }) => code)).toEqual(["file-unreadable"]);
    }
  });
});
