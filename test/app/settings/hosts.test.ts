import { describe, expect, it } from "vitest";
import { readAddress } from "../../../src/app/settings/address.ts";
import { judgeBinding, namesHost } from "../../../src/app/settings/hosts.ts";
import { resolveConnection, resolveSettings } from "../../../src/app/settings/resolve.ts";
import { ProblemError } from "../../../src/domain/problem.ts";
import { makeFolder } from "../../support/project/folder.ts";

const CREDENTIALS = { CALLFORM_CLIENT_ID: "reader", CALLFORM_CLIENT_SECRET: "s3cr3t-of-the-house" };

/** Where the credentials would go, or the codes of what keeps them. */
async function connect(
  url: string,
  hosts: string | undefined,
  flags: Parameters<typeof resolveSettings>[0] = {},
  more: Record<string, string> = {},
): Promise<string | readonly string[]> {
  const folder = makeFolder({
    "callform.yaml": `apiVersion: callform/v1\nkind: Project\ntargets:\n  a: { url: ${JSON.stringify(url)} }\n`,
  });
  const env = {
    ...CREDENTIALS,
    ...more,
    ...(hosts === undefined ? {} : { CALLFORM_HOSTS: hosts }),
  };
  try {
    const settings = await resolveSettings(flags, [], { env, cwd: folder.root }, "look");
    return (await resolveConnection(flags, settings)).origin;
  } catch (error) {
    if (error instanceof ProblemError) return error.problems.map(({ code }) => code);
    throw error;
  }
}

/** Ways to make something look like the one host that is bound. */
const ELSEWHERE = [
  "https://evil.example",
  "https://evil.example:5001",
  "https://pbx.example.com.evil.example:5001",
  "https://evilpbx.example.com:5001",
  "https://pbx.example.com@evil.example:5001",
  "https://pbx.example.com:5001@evil.example",
  "https://user:pbx.example.com:5001@evil.example",
  String.raw`https://evil.example\@pbx.example.com:5001`,
  String.raw`https:\\evil.example\pbx.example.com:5001`,
  "https://evil.example#pbx.example.com:5001",
  "https://evil.example?pbx.example.com:5001",
  "https://evil.example/pbx.example.com:5001",
  "https://evil.example/#/pbx.example.com:5001",
  "https://evil%2eexample:5001",
  "https://pbx.example.com%2eevil.example:5001",
  "https://pbx.example.com%00.evil.example:5001",
  "https://pbx.example.com%40evil.example:5001",
  "https://evil.ex\tample:5001",
  "ht\ntps://evil.example:5001",
  "https://pbx.example.com.:5001",
  "https://pbx.example.com:5002",
  "https://pbx.example.com",
  "https://pbx.example.com:443",
  "https://рbx.example.com:5001",
  "https://pbx。evil.example:5001",
  "https://xn--bx-0ed.example.com:5001",
  "https://[::1]:5001",
  "https://[::ffff:127.0.0.1]:5001",
  "https://0x7f.1:5001",
  "https://2130706433:5001",
  "https://pbx.example.com\u00ad.evil.example:5001",
  "//evil.example:5001",
  "https:evil.example:5001",
  "https:///evil.example:5001",
  "javascript://pbx.example.com:5001/%0aevil",
  "file://pbx.example.com:5001",
  "wss://pbx.example.com:5001",
];

describe("credentials that are bound to hosts", () => {
  it.each(ELSEWHERE)("do not go to %j", async (url) => {
    const hosts = "pbx.example.com:5001";
    for (const ended of [
      await connect(url, hosts),
      await connect("https://pbx.example.com:5001", hosts, { url }),
      await connect("https://pbx.example.com:5001", hosts, {}, { CALLFORM_URL: url }),
      await connect("https://pbx.example.com:5001", hosts, {
        url,
        allowHost: [hosts, "evil.example"],
      }),
    ])
      expect([["host-unbound"], ["invalid-url"], ["invalid-value"]]).toContainEqual(ended);
  });

  it.each([
    ["https://pbx.example.com:5001", "pbx.example.com"],
    ["https://PBX.Example.com:5001/xapi/v1", "pbx.example.com:5001"],
    ["https://pbx.example.com:5001", "other.example, pbx.example.com:5001"],
    ["https://pbx.example.com:5001", "other.example\n  PBX.example.com"],
    ["https://a.pbx.example.com:5001", "*.pbx.example.com"],
    ["https://a.b.pbx.example.com", "*.pbx.example.com:443"],
    ["https://bücher.example", "bücher.example"],
    ["https://xn--bcher-kva.example", "BÜCHER.example"],
    ["https://[::1]:5001", "[::1]:5001"],
    ["https://[0:0:0:0:0:0:0:1]:5001", "[::1]"],
    ["http://127.0.0.1:5001", "127.0.0.1:5001"],
  ])("go to %s where %j names it", async (url, hosts) => {
    expect(await connect(url, hosts)).toBe(new URL(url).origin);
  });

  it.each([
    "https://pbx.example.com",
    "*.pbx.example.com",
    "http://pbx.example.com:5001",
    "*.com.evil",
  ])("do not go to a PBX that only something like %s names", async (hosts) => {
    expect(await connect("https://pbx.example.com:5001", hosts)).toEqual(["host-unbound"]);
  });

  it.each([
    ",",
    "*",
    "*.com",
    "https://",
    "a b@c",
    "pbx.example.com/path/x",
    "pbx.example.com?x",
    "::1",
  ])("go nowhere while the list of hosts is %j", async (hosts) => {
    expect(await connect("https://pbx.example.com:5001", hosts)).toEqual(["invalid-hosts"]);
  });

  it("are bound to nothing where no host is named, as CI systems set what they do not know", async () => {
    for (const hosts of [undefined, ""])
      expect(await connect("https://pbx.example.com:5001", hosts)).toBe(
        "https://pbx.example.com:5001",
      );
  });

  it("say what to do", () => {
    const address = readAddress("https://evil.example:5001", false);
    if ("problem" in address) throw new Error("no address");
    expect(() => judgeBinding({ CALLFORM_HOSTS: "pbx.example.com" }, address)).toThrow(
      "https://evil.example:5001 is none of the hosts that CALLFORM_HOSTS binds the credentials to",
    );
    expect(namesHost("evil.example", address, "--allow-host")).toBe(true);
  });
});
