import { spawnSync } from "node:child_process";
import { generateKeyPairSync } from "node:crypto";

import { build } from "esbuild";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";

import { scanSecrets } from "../../../src/app/secrets/scan-secrets.ts";
import { makeFolder } from "../../support/project/folder.ts";
import { writeLongScript, writeScript } from "../../support/project/scripts.ts";

// Put together here, so that no scanner of this repository takes them for real.
const LETTERS = "aB3dE5fG7hI9jK1lM3nO5pQ7rS9tU1vW";
const SLACK = `xoxb-${"123456789012-".repeat(2)}abcdefghijklmnopqrstuvwx`;
const GITHUB = ["ghp", "abcdefghijklmnopqrstuvwxyz0123456789"].join("_");
const AWS = ["wJalrXUtnFEMI", "K7MDENG", "bPxRfiCYzzKEYABCDE"].join("/");
const KEY = generateKeyPairSync("rsa", {
  modulusLength: 2048,
  publicKeyEncoding: { type: "spki", format: "pem" },
  privateKeyEncoding: { type: "pkcs1", format: "pem" },
}).privateKey.trim();
const WEB_TOKEN = `eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.${LETTERS}`;

/** `line:column kind` of every finding in one text. */
async function scan(text: string): Promise<string[]> {
  const problems = await scanSecrets([{ file: "a.cs", text }]);
  return problems.map(
    ({ at, message }) => `${at?.line}:${at?.column} ${/\((.*)\)$/.exec(message)?.[1]}`,
  );
}

describe("what a service gave out", () => {
  test.each([
    [`var a = "${SLACK}";`, "1:10 slack token"],
    [`var a = "${GITHUB}";`, "1:10 GitHub Token"],
    [`AWS_SECRET_ACCESS_KEY = "${AWS}"`, "1:1 AWS Secret Access Key"],
    ['var a = "https://admin:S3cretPassw0rd@example.com/";', "1:10 basic auth credential"],
    [
      'var a = "postgres://bob:s3cr3tpw@db.example.com:5432/x";',
      "1:10 PostgreSQL connection string",
    ],
    [
      `var a = "https://hooks.slack.com/services/T00000000/B00000000/${"X".repeat(24)}";`,
      "1:10 Slack Incoming Webhook",
    ],
  ])("is known by its shape: %s", async (text, expected) => {
    expect(await scan(text)).toEqual([expected]);
  });

  test("is known where it is a private key, whatever its line ends", async () => {
    for (const key of [KEY, KEY.replaceAll("\n", "\r\n"), KEY.replaceAll("\n", String.raw`\n`)])
      expect(await scan(`var a = @"${key}";`)).toEqual(["1:11 private key"]);
  });
});

describe("what the script itself calls a credential", () => {
  test.each([
    ['var password = "hunter2hunter2";', "1:17 named as one"],
    ['private const string ApiKey = "9f8e7d6c5b4a";', "1:32 named as one"],
    [`options.ClientSecret = @"${LETTERS}";`, "1:26 named as one"],
    ['string DbPwd => "S3cret!";', "1:18 named as one"],
    [`var jwt = "${WEB_TOKEN}";`, "1:12 named as one"],
    ['headers["X-Api-Key"] = "0123456789abcdef";', "1:25 named as one"],
    ['client.Headers.Add("x-api-key", "0123456789abcdef");', "1:34 named as one"],
    ['Login(user: "bob", password: "hunter2");', "1:31 named as one"],
    ['h.Add("Authorization", "Basic dXNlcjpwYXNzd29yZDEyMw==");', "1:31 authorization header"],
    [`new AuthenticationHeaderValue("Bearer", "${LETTERS}")`, "1:42 authorization header"],
    ['"Server=db;User Id=sa;Password=Hunter2!;"', "1:32 parameter named as one"],
    ['"https://crm.example.com/?api_key=9f8e7d6c5b4a&q=1"', "1:35 parameter named as one"],
  ])("is found: %s", async (text, expected) => {
    expect(await scan(text)).toEqual([expected]);
  });

  test.each([
    'var password = "${secret:CRM_PASSWORD}";',
    'var password = $"{prefix}{suffix}";',
    'var token = GetToken("crm", 12345678);',
    'var tokenUrl = "https://login.example.com/oauth2/token";',
    'const string TokenField = "accessToken";',
    'var passwordPrompt = "enter_password_2.wav";',
    'Password.Text = "Please enter 4 digits";',
    'var secret = "";',
    'var keyboard = "qwerty123456";',
    '"https://crm.example.com/?api_key=${secret:CRM_KEY}&q=1"',
    `"Server=db;Password=" + password + ";"`,
    'h.Add("Authorization", "Basic " + credentials);',
    "if (apiKey == null) return;",
  ])("is none: %s", async (text) => {
    expect(await scan(text)).toEqual([]);
  });

  test("is none in a script of ordinary work", async () => {
    expect(await scan(writeLongScript("Menu", 40_000))).toEqual([]);
  });

  test("is passed over where a comment says so", async () => {
    const text = 'var password = "hunter2"; // secretlint-disable-line\nvar pwd = "hunter3";';
    expect(await scan(text)).toEqual(["2:12 named as one"]);
  });

  test("is told once where it is known by its shape as well", async () => {
    expect(await scan(`var token = "${SLACK}";`)).toEqual(["1:14 slack token"]);
  });
});

describe("a warning", () => {
  test("says where, what it looks like and what to do", async () => {
    const text = `${writeScript("Menu")}\r\n  var token = "${SLACK}";`;
    expect(await scanSecrets([{ file: "apps/menu.cs", text }])).toEqual([
      {
        severity: "warning",
        code: "possible-secret",
        message: "this looks like a credential (slack token)",
        at: { file: "apps/menu.cs", line: 18, column: 16 },
        hint: "write ${secret:NAME} in its place, and set NAME in the environment",
      },
    ]);
  });

  test("stands in the order of the files, and of the places in them", async () => {
    const problems = await scanSecrets([
      { file: "b.cs", text: `var pwd = "hunter2";\nvar a = "${SLACK}";` },
      { file: "c.cs", text: writeScript("Menu") },
      { file: "a.cs", text: `var a = "${GITHUB}"; var pwd = "hunter2";` },
    ]);
    expect(problems.map(({ at }) => `${at?.file}:${at?.line}:${at?.column}`)).toEqual([
      "b.cs:1:12",
      "b.cs:2:10",
      "a.cs:1:10",
      "a.cs:1:64",
    ]);
  });

  test("is the same for any line ends, and stands at the secret whatever is around it", async () => {
    const line = fc.constantFrom("", "// 😀 Grüße", "  Call(1);", 'var a = "x";');
    const lines = fc.array(line, { maxLength: 8 });
    const end = fc.constantFrom("\n", "\r\n", "\r");
    await fc.assert(
      fc.asyncProperty(lines, lines, end, async (before, after, lineEnd) => {
        const text = [...before, `😀 = "${SLACK}";`, ...after].join(lineEnd);
        expect(await scan(text)).toEqual([`${before.length + 1}:7 slack token`]);
      }),
      { numRuns: 40 },
    );
  });

  test("never holds four characters of the secret in a row", async () => {
    const value = fc.stringMatching(/^[A-Z0-9!#%]{12,40}$/).filter((text) => /\d/.test(text));
    const shapes = fc.constantFrom<(secret: string) => string>(
      (secret) => `var password = "${secret}";`,
      (secret) => `var a = "https://admin:${secret}@example.com/";`,
      (secret) => `"Server=db;Password=${secret};"`,
      (secret) => `var a = "mysql://bob:${secret}@db.example.com:3306/x";`,
      (secret) => `h.Add("Authorization", "Basic ${secret.replaceAll(/\W/g, "0")}0000");`,
    );
    await fc.assert(
      fc.asyncProperty(value, shapes, async (secret, shape) => {
        const told = JSON.stringify(await scanSecrets([{ file: "a.cs", text: shape(secret) }]));
        const parts = Array.from({ length: secret.length - 3 }, (_, n) => secret.slice(n, n + 4));
        expect(parts.filter((part) => told.includes(part))).toEqual([]);
      }),
      { numRuns: 60 },
    );
  });
});

describe("a long text", () => {
  const filler = `${"// nothing to see here".padEnd(63, ".")}\n`;

  test("is searched to its end, also where it is cut into pieces", async () => {
    for (const lines of [1016, 1020, 1023, 1024, 1025, 1150, 1900, 80_000]) {
      const text = `${filler.repeat(lines)}var a = @"${KEY}";\n${filler}`;
      expect(await scan(text)).toEqual([`${lines + 1}:11 private key`]);
    }
  });

  test("has each credential once where two pieces share it", async () => {
    const credentials = `var pwd = "hunter2"; // ${".".repeat(38)}\n`;
    const text = filler.repeat(950) + credentials.repeat(80) + filler.repeat(500);
    const expected = Array.from({ length: 80 }, (_, n) => `${951 + n}:12 named as one`);
    expect(await scan(text)).toEqual(expected);
  });

  test("that is full of credentials has a hundred of them, in bounded time", async () => {
    const text = `var token = "${SLACK}";\n`.repeat(60_000);
    const found = await scan(text);
    expect(found).toHaveLength(100);
    expect(found.at(-1)).toBe("100:14 slack token");
  });

  test.each([
    ["names", "secret"],
    ["names and signs", "token = "],
    ["quotes", 'token="'],
    ["parameters", "&&token="],
    ["dashes", "-"],
    ["headers", '"Bearer '],
  ])("of nothing but %s comes to an end", async (_, part) => {
    expect((await scan(part.repeat(2_000_000 / part.length))).length).toBeLessThanOrEqual(100);
  });
});

describe("a scan", () => {
  test("of no file finds nothing", async () => {
    expect(await scanSecrets([])).toEqual([]);
    expect(await scanSecrets([{ file: "a.cs", text: "" }])).toEqual([]);
  });

  test("that is cancelled ends with that reason, before it starts and on its way", async () => {
    const reason = new Error("stop");
    const files = Array.from({ length: 200 }, (_, n) => ({ file: `${n}`, text: `class A${n} {}` }));
    await expect(scanSecrets(files, AbortSignal.abort(reason))).rejects.toBe(reason);
    const controller = new AbortController();
    setImmediate(() => {
      setImmediate(() => controller.abort(reason));
    });
    await expect(scanSecrets(files, controller.signal)).rejects.toBe(reason);
  });

  test("works bundled, and does not show a secret even to who asks the scanner what it does", async () => {
    const { root, path } = makeFolder();
    await build({
      stdin: { contents: PROGRAM, resolveDir: import.meta.dirname, loader: "ts" },
      bundle: true,
      platform: "node",
      format: "esm",
      splitting: true,
      outdir: root,
      outExtension: { ".js": ".mjs" },
      banner: { js: REQUIRE },
    });
    const { stdout, stderr } = spawnSync(process.execPath, [path("stdin.mjs")], {
      env: { PATH: process.env["PATH"], DEBUG: "*", PLANTED: SLACK },
      encoding: "utf8",
    });
    expect(stdout).toBe("1\n");
    expect(stderr).toContain("@secretlint/core");
    expect(stderr).not.toContain(SLACK.slice(0, 8));
  });
});

const PROGRAM = `
  import { scanSecrets } from "../../../src/app/secrets/scan-secrets.ts";
  const text = 'var token = "' + process.env["PLANTED"] + '";';
  console.log((await scanSecrets([{ file: "a.cs", text }])).length);
`;
/** As the build of the program has it, for packages in CommonJS. */
const REQUIRE =
  'import { createRequire } from "node:module"; const require = createRequire(import.meta.url);';
