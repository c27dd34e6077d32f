import { describe, expect, it } from "vitest";
import { findLeaks, FLAVOURS } from "../support/worlds/canary.ts";
import {
  CHECKS,
  CLIENT_SECRET,
  stageAt,
  stageFront,
  stageNothing,
  stageSandbox,
  stageServer,
  type Stage,
} from "../support/doctor/stage.ts";
import { makeFolder, type Folder } from "../support/project/folder.ts";
import { runInline } from "../support/program/inline.ts";
import { hasOpenssl, makeCertificates } from "../support/pbx/certificates.ts";
import {
  findDeafOrigin,
  startServer,
  startSilentServer,
  type Answer,
} from "../support/pbx/server.ts";
import { answerToken, mintToken } from "../support/pbx/tokens.ts";
import { PROJECT_FILE } from "../support/project/pbx-project.ts";
import { runProgram, type Ran } from "../support/program/run.ts";

const HOUR = 3_600_000;

async function run(
  stage: Stage,
  more: readonly string[] = [],
  folder: Folder = makeFolder(),
): Promise<Ran> {
  const { args, env } = stage;
  return runProgram(["doctor", ...args, ...more], { cwd: folder.root, env });
}

function lastLine({ stdout }: Ran): string {
  return stdout.trimEnd().split("\n").at(-1) ?? "";
}

/** Judges a run that was to fail: one line says why, the exit code says that, and nothing was written. */
function expectCause(ran: Ran, stage: Stage, cause: RegExp, advice: RegExp): void {
  const line = lastLine(ran);
  expect(line).toMatch(cause);
  expect(line).toMatch(advice);
  expect(ran).toMatchObject({ code: 1, stderr: "" });
  const writes = stage
    .requests()
    .filter((request) => !request.startsWith("GET ") && request !== "POST /connect/token");
  expect(writes).toEqual([]);
  expect(findLeaks([{ where: "stdout", text: ran.stdout }], [CLIENT_SECRET])).toEqual([]);
}

const LICENCE = { error: { code: "", message: "XAPI access requires a 3CX Enterprise license" } };
const PAGE = "<!DOCTYPE html><html><head><title>Router login</title></head></html>";

/** A staged failure: what is wrong, the server it is wrong with, and what the last line must say. */
type Row = readonly [
  what: string,
  stage: () => Stage | Promise<Stage>,
  cause: RegExp,
  advice: RegExp,
];

const ADDRESSES: readonly Row[] = [
  [
    "no URL at all",
    () => stageNothing([]),
    /^Cause: url: no URL of the PBX\./,
    /give --url, CALLFORM_URL, or url of the target/,
  ],
  [
    "the address of some other page",
    () => stageNothing(["--url", "https://pbx.example.com:5001/phonebook"]),
    /^Cause: url: "https:.*phonebook" is not the address of a PBX/,
    /scheme, host and port alone: https:\/\/pbx\.example\.com:5001\./,
  ],
  [
    "3CX's plain http port",
    () => stageNothing(["--url", "http://pbx.example.com:5000"]),
    /^Cause: url: http:\/\/pbx\.example\.com:5000 is plain http/,
    /type https:\/\/pbx\.example\.com:5001/,
  ],
  [
    "a password in the URL",
    () => stageNothing(["--url", `https://admin:${CLIENT_SECRET}@pbx.example.com`]),
    /^Cause: url: the URL of the PBX carries a user name or password/,
    /type https:\/\/pbx\.example\.com without them/,
  ],
  [
    "a name that is nobody's",
    () => stageNothing(["--url", "https://pbx.nowhere.invalid:5001"]),
    // Without a network there is no name server to say so.
    /^Cause: name: (no such host: pbx\.nowhere\.invalid|the name server did not answer)/,
    /check (the spelling of the URL|this machine's network)/,
  ],
  [
    "a port at which nothing listens",
    async () => stageNothing(["--url", await findDeafOrigin()]),
    /^Cause: port: nothing listens at /,
    /check the port \(a 3CX uses 5001 or 443\)|takes connections: try/,
  ],
  [
    "a server that takes connections and says nothing",
    async () => {
      const silent = await startSilentServer();
      return stageAt(silent, silent.origin, ["--timeout", "0.3"]);
    },
    /^Cause: tls: localhost:\d+ took the connection and began no TLS within 0\.3 s/,
    /firewall or proxy/,
  ],
  [
    "https on a port that speaks plain http",
    () => stageServer({ status: 200 }, undefined, (origin) => origin.replace("http:", "https:")),
    /^Cause: tls: localhost:\d+ does not speak TLS/,
    /check the port; a 3CX serves https on 5001 or 443|takes connections: try/,
  ],
  [
    "an authority that cannot be read",
    () => stageNothing(["--url", "https://localhost", "--ca-file", "none.pem"]),
    /^Cause: authority: cannot read .*none\.pem: there is no such file or folder/,
    /correct --ca-file/,
  ],
];

const SERVERS: readonly Row[] = [
  [
    "a web page",
    () => stageServer({ status: 200, text: PAGE, headers: { "content-type": "text/html" } }),
    /^Cause: server: a web page \("Router login"\) answered, not the API of a PBX/,
    /the URL must be the address of the PBX itself/,
  ],
  [
    "a redirect to a sign-in page",
    () => stageServer({ status: 302, headers: { location: "https://sso.example.com/in?back=1" } }),
    /^Cause: server: the server redirects \(302\) to https:\/\/sso\.example\.com\/in\./,
    /let \/connect\/token and \/xapi\/v1 pass that page/,
  ],
  [
    "a proxy that asks for a login of its own",
    () => stageServer({ status: 401, headers: { "www-authenticate": 'Basic realm="office"' } }),
    /^Cause: server: a server or proxy in front of the PBX asks for a login of its own \(401\)/,
    /pass it without one/,
  ],
  [
    "a proxy whose PBX is away",
    () => stageServer({ status: 502, text: "<html>Bad Gateway</html>" }),
    /^Cause: server: the web server answers, the PBX behind it does not \(502\)/,
    /starting or updating/,
  ],
  [
    "a server that is no 3CX V20",
    () => stageServer({ status: 404, headers: { server: "nginx" } }),
    /^Cause: server: the server has no \/xapi\/v1: it is no 3CX V20/,
    /V18 and older/,
  ],
  [
    "a server that never answers",
    async () => {
      const stage = await stageServer("hang");
      return { ...stage, args: [...stage.args, "--timeout", "0.3"] };
    },
    /^Cause: server: localhost:\d+ took the request and did not answer within 0\.3 s/,
    /overloaded or restarting/,
  ],
  [
    "a server that drops the connection",
    () => stageServer("reset"),
    /^Cause: server: localhost:\d+ closed the connection before it answered/,
    /restarting/,
  ],
];

const CLIENTS: readonly Row[] = [
  [
    "no client secret, its variable set but empty",
    () => stageSandbox({ env: { CALLFORM_CLIENT_SECRET: "" } }),
    /^Cause: credentials: no client secret/,
    /give CALLFORM_CLIENT_SECRET or clientSecret of the target/,
  ],
  [
    "a wrong secret",
    () => stageSandbox({ env: { CALLFORM_CLIENT_SECRET: "another" } }),
    /^Cause: token: the PBX does not accept the client id or its secret \(400: invalid_client\)/,
    /Integrations > API.*Configuration API ticked/,
  ],
  [
    "a line end after the secret",
    () => stageSandbox({ env: { CALLFORM_CLIENT_SECRET: `${CLIENT_SECRET}\n` } }),
    /^Cause: token: the client secret from CALLFORM_CLIENT_SECRET ends with a line end; without that the PBX accepts it/,
    /printf/,
  ],
  [
    "quotes around the client id",
    () => stageSandbox({ env: { CALLFORM_CLIENT_ID: '"callform"' } }),
    /^Cause: token: the client id from CALLFORM_CLIENT_ID stands in quotes; without that/,
    /set it anew/,
  ],
  [
    "a licence without the API, told with the token",
    () =>
      stageSandbox({
        faults: [
          {
            match: { path: "/connect/token" },
            times: "always",
            action: { type: "status", status: 403, body: JSON.stringify(LICENCE) },
          },
        ],
      }),
    /^Cause: token: the PBX gives no token because of its licence \(403\)/,
    /Enterprise edition, 8 simultaneous calls/,
  ],
  [
    "a licence without the API, told with the first answer",
    () =>
      stageSandbox({
        faults: [
          {
            match: { path: "CallFlowApps" },
            times: "always",
            action: { type: "status", status: 403, body: JSON.stringify(LICENCE) },
          },
        ],
      }),
    /^Cause: reading: the PBX refuses CallFlowApps because of its licence \(403\)/,
    /Enterprise edition/,
  ],
  [
    "too many tokens within a minute",
    () =>
      stageSandbox({
        faults: [
          {
            match: { path: "/connect/token" },
            times: "always",
            action: { type: "status", status: 429 },
          },
        ],
      }),
    /^Cause: token: the PBX was asked for too many tokens \(429\)/,
    /wait three minutes/,
  ],
  [
    "another program that takes each token away",
    () =>
      stageSandbox({
        faults: [
          { match: { path: "CallFlowApps" }, times: "always", action: { type: "supersede" } },
        ],
      }),
    /^Cause: reading: another program is using the client id callform/,
    /one live token per client/,
  ],
  [
    "a client of too low a role",
    () =>
      stageSandbox({
        seed: { clients: [{ clientId: "low", clientSecret: "low-secret", role: "users" }] },
        env: { CALLFORM_CLIENT_ID: "low", CALLFORM_CLIENT_SECRET: "low-secret" },
      }),
    /^Cause: reading: the role of the API client may not read CallFlowApps \(403\)/,
    /department DEFAULT and the role System Owner/,
  ],
];

const SYSTEMS: readonly Row[] = [
  [
    "a PBX without call flow apps",
    () =>
      stageSandbox({
        faults: [
          {
            match: { path: "CallFlowApps" },
            times: "always",
            action: { type: "status", status: 404 },
          },
        ],
      }),
    /^Cause: reading: this PBX has no CallFlowApps \(404\)/,
    /3CX-hosted/,
  ],
  [
    "a PBX that does not know a property",
    () =>
      stageSandbox({
        faults: [
          {
            match: { path: "CallFlowApps", query: "RejectedCode" },
            times: "always",
            action: {
              type: "status",
              status: 400,
              body: JSON.stringify({ error: { code: "", message: "no property RejectedCode" } }),
            },
          },
        ],
      }),
    /^Cause: reading: the PBX refused GET CallFlowApps with 400: no property RejectedCode/,
    /may lack a property/,
  ],
  [
    "a PBX that takes no pages of 100",
    () =>
      stageSandbox({
        faults: [
          {
            match: { path: "CallFlowApps", query: "$top=100" },
            times: "always",
            action: { type: "status", status: 400 },
          },
        ],
      }),
    /^Cause: paging: the PBX refused GET CallFlowApps with 400/,
    /update the PBX/,
  ],
  [
    "an old version",
    () => stageSandbox({ seed: { version: "18.0.9.20" } }),
    /^Cause: version: 3CX 18\.0\.9\.20 is too old/,
    /update the PBX to V20/,
  ],
  [
    "a clock that is an hour behind",
    () => stageFront({ date: new Date(Date.now() - HOUR).toUTCString() }),
    /^Cause: clock: the clock of the PBX is (59|60|61) minutes behind this machine's/,
    /NTP/,
  ],
  [
    "a clock that is hours ahead",
    () => stageFront({ date: new Date(Date.now() + 5 * HOUR).toUTCString() }),
    /^Cause: clock: the clock of the PBX is 5 hours ahead of this machine's/,
    /NTP/,
  ],
];

describe("doctor names the cause in one line, with what to do", () => {
  describe("of an address with", () => {
    it.each(ADDRESSES)("%s", async (_, stage, cause, advice) => {
      const staged = await stage();
      expectCause(await run(staged), staged, cause, advice);
    });
  });

  describe("where there answers", () => {
    it.each(SERVERS)("%s", async (_, stage, cause, advice) => {
      const staged = await stage();
      expectCause(await run(staged), staged, cause, advice);
    });
  });

  describe("of an API client with", () => {
    it.each(CLIENTS)("%s", async (_, stage, cause, advice) => {
      const staged = await stage();
      expectCause(await run(staged), staged, cause, advice);
    });
  });

  describe("of a system that is", () => {
    it.each(SYSTEMS)("%s", async (_, stage, cause, advice) => {
      const staged = await stage();
      expectCause(await run(staged), staged, cause, advice);
    });
  });

  describe.skipIf(!hasOpenssl)("of a certificate (needs openssl to make them)", () => {
    const certificates = hasOpenssl ? makeCertificates() : undefined;
    const folder = (): Folder => makeFolder({ "ca.pem": certificates?.authority ?? "" });
    const trusted = ["--ca-file", "ca.pem"];

    it.each([
      [
        "that has expired",
        "expired",
        trusted,
        /the certificate of localhost expired on \d{4}-/,
        /renew/,
      ],
      [
        "for another name",
        "misnamed",
        trusted,
        /not for localhost but for pbx\.example\.com/,
        /https:\/\/pbx\.example\.com:\d+/,
      ],
      [
        "that is self-signed",
        "selfSigned",
        [],
        /the certificate of localhost is self-signed/,
        /--ca-file/,
      ],
      [
        "of an unknown authority",
        "good",
        [],
        /signed by A made-up authority, which is not trusted/,
        /--ca-file/,
      ],
    ] as const)("%s", async (_, name, args, cause, advice) => {
      const stage = await stageFront({}, certificates?.[name]);
      const ran = await run(stage, args, folder());
      expectCause(ran, stage, new RegExp(`^Cause: tls: .*${cause.source}`), advice);
      expect(ran.stdout).toMatch(/SHA-256 [\dA-F]{2}:/);
      expect(ran.stdout).toContain("signed by");
      expect(stage.requests()).toEqual([]);
    });

    it("on a port that the URL calls http", async () => {
      const stage = await stageFront({}, certificates?.good);
      const url = (stage.args[1] ?? "").replace("https:", "http:");
      const plain = { ...stage, args: ["--url", url] };
      const cause = /^Cause: server: localhost:\d+ speaks TLS, and the URL says http/;
      expectCause(await run(plain), plain, cause, /write https: https:\/\/localhost:\d+/);
    });

    it("and finds nothing with one that is in order", async () => {
      const stage = await stageFront({}, certificates?.good);
      const ran = await run(stage, trusted, folder());
      expect(lastLine(ran)).toBe("Nothing failed (1 warning, 19 ok).");
      expect(ran.stdout).toContain("the certificate ends in 1 day");
      expect(ran.code).toBe(0);
    });
  });
});

describe("doctor in a project", () => {
  it("takes the target's address and client, as a plan does", async () => {
    const stage = await stageSandbox();
    const { CALLFORM_CLIENT_ID = "", CALLFORM_CLIENT_SECRET = "" } = stage.env;
    const ran = await runProgram(["doctor", "--target", "production"], {
      cwd: makeFolder({ "callform.yaml": PROJECT_FILE }).root,
      env: {
        PBX_URL: stage.args[1] ?? "",
        PBX_CLIENT_ID: CALLFORM_CLIENT_ID,
        PBX_CLIENT_SECRET: CALLFORM_CLIENT_SECRET,
      },
    });
    expect(ran.stdout).toContain("callform.yaml, target production");
    expect(ran.stdout).toContain("client secret from clientSecret of the target");
    expect(lastLine(ran)).toBe("Everything is fine.");
    expect(ran.code).toBe(0);
  });

  it.each([
    [
      "unknown",
      ["--target", "staging"],
      /^Cause: project: there is no target "staging"/,
      /there is: production/,
    ],
    ["unset", [], /^Cause: project: callform\.yaml:5:10: .*PBX_URL/, /./],
  ] as const)("tells of a target that is %s", async (_, args, cause, advice) => {
    const ran = await run(stageNothing(args), [], makeFolder({ "callform.yaml": PROJECT_FILE }));
    expect(lastLine(ran)).toMatch(cause);
    expect(lastLine(ran)).toMatch(advice);
    expect(ran.code).toBe(1);
  });

  it("goes on with what it can after the project file was no use", async () => {
    const stage = await stageSandbox();
    const ran = await run(stage, [], makeFolder({ "callform.yaml": "kind: Nonsense\n" }));
    expect(lastLine(ran)).toMatch(/^Cause: project: callform\.yaml:1:/);
    expect(ran.stdout).toContain("the PBX accepts the API client");
    expect(ran.code).toBe(1);
  });
});

describe("the report", () => {
  it("of a PBX that is in order has every check, and exit 0", async () => {
    const ran = await run(await stageSandbox(), ["--format", "json"]);
    const report = JSON.parse(ran.stdout);
    expect(report).toMatchObject({ formatVersion: 1, command: "doctor", problems: [] });
    expect(report).not.toHaveProperty("cause");
    expect(report.checks.map(({ name }: { name: string }) => name)).toEqual(CHECKS);
    expect(ran).toMatchObject({ code: 0, stderr: "" });
  });

  it("of one that is not says which check is the cause, and what it left undone", async () => {
    const stage = stageNothing(["--url", await findDeafOrigin()]);
    const report = JSON.parse((await run(stage, ["--format", "json"])).stdout);
    expect(report.cause).toBe("port");
    const { checks } = report;
    expect(checks.map(({ name }: { name: string }) => name)).toEqual(CHECKS);
    expect(checks.slice(CHECKS.indexOf("port") + 1)).toEqual(
      CHECKS.slice(CHECKS.indexOf("port") + 1).map((name) => ({
        name,
        state: "skipped",
        found: [],
        because: "port",
      })),
    );
  });

  it("in Markdown is a table with the cause below it", async () => {
    const stage = stageNothing(["--url", "https://pbx.example.com/odd"]);
    const ran = await run(stage, ["--format", "markdown"]);
    expect(ran.stdout).toMatch(/^## Callform doctor\n\n\| state \| check \| found \| to do \|\n/);
    expect(lastLine(ran)).toMatch(/^\*\*Cause: url: /);
  });

  it("with warnings alone is exit 0 and says how many", async () => {
    const env = { HTTPS_PROXY: "http://proxy.example.com", CALLFORM_DIGEST_KEY: "key\n" };
    const ran = await run(await stageSandbox({ env }));
    expect(lastLine(ran)).toBe("Nothing failed (2 warnings, 18 ok).");
    expect(ran.stdout).toContain("HTTPS_PROXY is set, and Callform uses no proxy");
    expect(ran.stdout).toContain("CALLFORM_DIGEST_KEY ends with a line end");
    expect(ran.code).toBe(0);
  });

  it("names what a client with a reading role may not do", async () => {
    const client = { clientId: "reader", clientSecret: "reader-secret", role: "group_owners" };
    const env = { CALLFORM_CLIENT_ID: "reader", CALLFORM_CLIENT_SECRET: "reader-secret" };
    const seed = { clients: [{ ...client, forbid: ["Peers"] }] };
    const ran = await run(await stageSandbox({ seed, env }));
    expect(ran.stdout).toContain(
      "its token has the role group_owners, which may read but not write",
    );
    expect(ran.stdout).toContain("the API client may not read Peers (403)");
    expect(ran.code).toBe(0);
  });

  it("tells of a token that was taken away once, and goes on", async () => {
    const faults = [{ match: { path: "CallFlowApps" }, action: { type: "supersede" as const } }];
    const ran = await run(await stageSandbox({ faults }));
    expect(ran.stdout).toContain("another program uses the client id callform");
    expect(lastLine(ran)).toBe("Nothing failed (1 warning, 19 ok).");
  });
});

describe("doctor itself", () => {
  it("sends GETs and token requests alone, in a PBX that lets it see everything", async () => {
    const stage = await stageSandbox();
    await run(stage);
    const kinds = new Set(stage.requests().map((request) => request.replace(/^GET .*/, "GET")));
    expect([...kinds].toSorted()).toEqual(["GET", "POST /connect/token"]);
    expect(stage.requests().filter((request) => request.startsWith("POST"))).toHaveLength(1);
  });

  it("stops at once on Ctrl-C, also in the middle of a wait", async () => {
    const stage = await stageServer("hang");
    const waiting = runProgram(["doctor", ...stage.args, "--timeout", "120"], {
      cwd: makeFolder().root,
      env: stage.env,
      onStart: (child) => {
        // The row of the port is written, and then it waits for the server.
        child.stdout?.on("data", (text: string) => {
          if (text.includes("no certificate")) child.kill("SIGINT");
        });
      },
    });
    const ran = await waiting;
    expect(ran.code).toBe(130);
    expect(ran.stdout).not.toContain("within");
  });

  it.each(["0", "-1", "soon", "121"])("refuses to wait %s seconds", async (timeout) => {
    const ran = await run(stageNothing([`--timeout=${timeout}`]));
    expect(ran.stderr).toContain("--timeout takes seconds, more than 0 and at most 120");
    expect(ran.code).toBe(1);
  });
});

describe("a token that the PBX repeats", () => {
  it.each(["text", "json", "markdown"])("is in no output as %s", async (format) => {
    const echo = (status: number, sent: unknown): Answer => ({
      status,
      json: { error: { code: "", message: `cannot take ${String(sent)}` } },
    });
    const server = await startServer(({ path: asked, headers }) => {
      if (asked === "/connect/token") return answerToken(mintToken({ jti: "Canary" }));
      return echo(headers["authorization"] === undefined ? 401 : 400, headers["authorization"]);
    });
    const ran = await run(stageAt(server, server.origin), ["--format", format]);
    expect(ran.stdout).toMatch(/cannot take Bearer \\?\(secret/);
    expect(
      findLeaks([{ where: "stdout", text: ran.stdout }], [mintToken({ jti: "Canary" })]),
    ).toEqual([]);
    expect(ran.code).toBe(1);
  });
});

describe.each(Object.entries(FLAVOURS))("secrets made of %s", (_, write) => {
  it("are in no output of doctor", async () => {
    const [client, digest] = [write("client"), write("digest")];
    const echo = JSON.stringify({
      error: { code: "", message: `no: ${client}` },
      error_description: client,
    });
    const faults = [
      [],
      [
        {
          match: { path: "/connect/token" },
          action: { type: "status" as const, status: 400, body: echo },
        },
      ],
      [
        {
          match: { path: "CallFlowApps" },
          action: { type: "status" as const, status: 400, body: echo },
        },
      ],
      [{ match: { path: "Defs" }, action: { type: "status" as const, status: 500, body: echo } }],
    ];
    const outputs: { where: string; text: string }[] = [];
    for (const [round, strikes] of faults.entries()) {
      const stage = await stageSandbox({
        seed: { clientSecret: client },
        faults: strikes.map((fault) => ({ ...fault, times: "always" as const })),
        env: { CALLFORM_DIGEST_KEY: digest },
      });
      for (const format of ["text", "json", "markdown"])
        for (const [given, env] of Object.entries({
          right: stage.env,
          doubled: { ...stage.env, CALLFORM_CLIENT_ID: client },
          exchanged: {
            ...stage.env,
            CALLFORM_CLIENT_ID: client,
            CALLFORM_CLIENT_SECRET: "callform",
          },
          quoted: { ...stage.env, CALLFORM_CLIENT_SECRET: `"${client}" \n` },
        })) {
          const ran = await runInline(["doctor", ...stage.args, "--format", format], {
            cwd: makeFolder().root,
            env,
          });
          const where = `round ${round}, ${given}, ${format}`;
          outputs.push({ where, text: ran.stdout }, { where, text: ran.stderr });
        }
    }
    expect(
      outputs.some(({ text }) => text.includes("invalid_client") || text.includes("400")),
    ).toBe(true);
    expect(findLeaks(outputs, [client, digest])).toEqual([]);
    expect(outputs.filter(({ text }) => /eyJ[\w-]{8,}\./.test(text))).toEqual([]);
  });
});
