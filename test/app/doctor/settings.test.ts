import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { checkCredentials } from "../../../src/app/doctor/machine/credentials.ts";
import { lookAtProject } from "../../../src/app/doctor/machine/project.ts";
import {
  resolveConnection,
  resolveSettings,
  type Flags,
} from "../../../src/app/settings/resolve.ts";
import { makeFolder } from "../../support/project/folder.ts";
import { tell } from "../../support/doctor/answers.ts";

const PROJECT = `apiVersion: callform/v1
kind: Project
targets:
  one:
    url: https://one.example.com:5001
    clientId: target-id
    clientSecret: \${env:PBX_SECRET}
    caFile: ca.pem
`;

const TWO = `${PROJECT}  two:
    url: https://two.example.com
    clientId: two-id
`;

describe("the settings that doctor looks at", () => {
  it("are those that a run would have, whatever gives them", async () => {
    const folder = makeFolder({
      "callform.yaml": PROJECT.replace("    caFile: ca.pem\n", ""),
      "plain/keep": "",
    });
    const maybe = (text: string): fc.Arbitrary<string | undefined> =>
      fc.constantFrom(undefined, "", text);
    const given = fc.record({
      url: maybe("https://flag.example.com"),
      clientId: maybe("flag-id"),
      envUrl: maybe("https://env.example.com"),
      envId: maybe("env-id"),
      envSecret: maybe("env-secret"),
    });
    await fc.assert(
      fc.asyncProperty(given, async ({ url, clientId, envUrl, envId, envSecret }) => {
        const flags: Flags = {
          ...(url === undefined ? {} : { url }),
          ...(clientId === undefined ? {} : { clientId }),
        };
        const env = {
          PBX_SECRET: "target-secret",
          CALLFORM_URL: envUrl,
          CALLFORM_CLIENT_ID: envId,
          CALLFORM_CLIENT_SECRET: envSecret,
        };
        const around = { env, cwd: folder.root };
        const { choices } = await lookAtProject(flags, around);
        const settings = await resolveSettings(flags, [], around, "look");
        const connection = await resolveConnection(flags, settings);
        expect(choices.url?.value).toBe(
          [url, envUrl, "https://one.example.com:5001"].find(
            (one) => one !== undefined && one !== "",
          ),
        );
        expect(new URL(choices.url?.value ?? "").origin).toBe(connection.origin);
        expect(choices.clientId?.value).toBe(connection.clientId);
        expect(choices.clientSecret?.value.reveal()).toBe(connection.clientSecret.reveal());
      }),
      { numRuns: 60 },
    );
  });

  it("say where each of them came from", async () => {
    const { root } = makeFolder({ "callform.yaml": PROJECT });
    const env = { PBX_SECRET: "s", CALLFORM_CLIENT_ID: "by-env" };
    const { choices } = await lookAtProject({ url: "pbx.example.com" }, { env, cwd: root });
    expect(choices).toMatchObject({
      url: { from: "--url" },
      clientId: { from: "CALLFORM_CLIENT_ID" },
      clientSecret: { from: "clientSecret of the target" },
      caFile: `${root}/ca.pem`,
      target: { name: "one" },
    });
  });

  it("take no reference for a value that nothing resolved", async () => {
    const { root } = makeFolder({ "callform.yaml": PROJECT });
    const { choices, verdict } = await lookAtProject({}, { env: {}, cwd: root });
    expect(choices.clientSecret).toBeUndefined();
    expect(tell(verdict)).toMatch(/^failed: callform\.yaml:7:19: .*PBX_SECRET/);
  });
});

describe("the project", () => {
  async function judge(text: string | undefined, flags: Flags = {}): Promise<string> {
    const { root } = makeFolder(text === undefined ? {} : { "callform.yaml": text });
    return tell((await lookAtProject(flags, { env: { PBX_SECRET: "s" }, cwd: root })).verdict);
  }

  it("with one target needs no choice", async () => {
    expect(await judge(PROJECT)).toBe("ok: callform.yaml, target one -> ");
  });

  it("may be none at all", async () => {
    expect(await judge(undefined)).toBe("ok: no project file: flags and environment only -> ");
  });

  it("with two targets wants one named", async () => {
    expect(await judge(TWO)).toMatch(/^failed: the project has 2 targets: one, two -> .*--target/);
    expect(await judge(TWO, { target: ["two"] })).toBe("ok: callform.yaml, target two -> ");
    expect(await judge(TWO, { target: ["three"] })).toMatch(
      /^failed: there is no target "three" -> there is: one, two/,
    );
  });

  it("is looked at one target at a time", async () => {
    for (const target of [["*"], ["one,two"], ["one", "two"]])
      expect(await judge(TWO, { target })).toMatch(/^failed: doctor looks at one target at a time/);
  });

  it("tells every problem of its file with its place", async () => {
    const told = await judge(
      "apiVersion: callform/v1\nkind: Project\ntargets:\n  a: { oops: 1, ugh: 2 }\n",
    );
    expect(told).toMatch(/^failed: callform\.yaml:4:\d+: .*oops.* \| callform\.yaml:4:\d+: .*ugh/);
  });

  it("with a secret in it goes on with a warning that does not show it", async () => {
    const told = await judge(PROJECT.replace(/\$\{env:PBX_SECRET\}/, "Canary77"));
    expect(told).toMatch(
      /^warning: callform\.yaml, target one \| callform\.yaml:7:\d+: the client secret/,
    );
    expect(told).not.toContain("Canary77");
  });
});

describe("the credentials", () => {
  async function judge(env: Readonly<Record<string, string>>): Promise<string> {
    const { choices } = await lookAtProject({}, { env, cwd: makeFolder().root });
    return tell(checkCredentials(choices, env));
  }

  it("are told by where they came from, never by what they are", async () => {
    const told = await judge({
      CALLFORM_CLIENT_ID: "Canary11",
      CALLFORM_CLIENT_SECRET: "Canary77",
    });
    expect(told).toBe(
      "ok: client id from CALLFORM_CLIENT_ID | client secret from CALLFORM_CLIENT_SECRET -> ",
    );
  });

  it("that are missing are told at once, with each way to give them", async () => {
    expect(await judge({})).toBe(
      "failed: no client id | no client secret -> give --client-id, CALLFORM_CLIENT_ID or clientId of the target, and CALLFORM_CLIENT_SECRET or clientSecret of the target",
    );
  });

  it("that are set to nothing, or under another name, are told so", async () => {
    const told = await judge({ CALLFORM_CLIENT_SECRET: "", CALLFORM_CLIENTID: "x" });
    expect(told).toContain("CALLFORM_CLIENT_SECRET is set but empty");
    expect(told).toContain("set, but not read by that name: CALLFORM_CLIENTID");
  });

  it("with something left on them, or the same twice, are worth a warning", async () => {
    const told = await judge({ CALLFORM_CLIENT_ID: " a", CALLFORM_CLIENT_SECRET: "b\n" });
    expect(told).toMatch(
      /^warning: the client id has blanks around it \| the client secret ends with a line end/,
    );
    const same = await judge({ CALLFORM_CLIENT_ID: "a", CALLFORM_CLIENT_SECRET: "a" });
    expect(same).toContain("client id and client secret are the same");
  });
});
