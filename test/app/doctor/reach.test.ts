import { X509Certificate } from "node:crypto";
import { connect, Socket } from "node:net";
import { describe, expect, it, onTestFinished } from "vitest";
import { checkAuthority } from "../../../src/app/doctor/machine/authority.ts";
import {
  explainFault,
  tellFacts,
  type CertificateTrouble,
} from "../../../src/app/doctor/network/certificate.ts";
import { advisePort, adviseScheme } from "../../../src/app/doctor/network/advise-port.ts";
import { checkName } from "../../../src/app/doctor/network/name.ts";
import { checkPort, findOpenPort } from "../../../src/app/doctor/network/port.ts";
import { checkUrl } from "../../../src/app/doctor/network/url.ts";
import type { Address, Lookup } from "../../../src/xapi/probe/name.ts";
import type { Dial } from "../../../src/xapi/probe/port.ts";
import { makeFolder } from "../../support/project/folder.ts";
import { hasOpenssl, makeCertificates } from "../../support/pbx/certificates.ts";
import { findDeafOrigin, startServer } from "../../support/pbx/server.ts";
import { NOON, PATIENT, PLACE, tell } from "../../support/doctor/answers.ts";

const HERE: readonly Address[] = [{ address: "127.0.0.1", family: 4 }];

function give(...addresses: readonly string[]): Lookup {
  return async () => addresses.map((address) => ({ address, family: 4 }));
}

describe("the URL", () => {
  const judge = (value: string, insecure = false): string =>
    tell(checkUrl({ value, from: "CALLFORM_URL" }, insecure));

  it("is told with where it came from, and what of it counts", () => {
    expect(judge("pbx.example.com:5001")).toBe(
      "ok: https://pbx.example.com:5001 from CALLFORM_URL -> ",
    );
    expect(judge("pbx.example.com/xapi/v1")).toContain("of what was typed, only this much counts");
  });

  it("that is none is told with where it came from, and what to type", () => {
    expect(judge("http://pbx.example.com")).toMatch(
      /^failed: .*in the clear \(from CALLFORM_URL\) -> type https:\/\/pbx\.example\.com/,
    );
    expect(judge("http://pbx.example.com", true)).toMatch(/^ok: /);
  });
});

describe("the name", () => {
  it.each([
    [give("192.0.2.7"), /^ok: pbx\.example\.com is 192\.0\.2\.7 -> $/],
    [
      give("10.1.2.3"),
      /^ok: .* \| a private address: it can be reached from the PBX's own network/,
    ],
    [
      give("0.0.0.0"),
      /^failed: pbx\.example\.com is 0\.0\.0\.0, which is nowhere -> a name filter/,
    ],
    [give("127.0.1.1"), /^warning: .* which is this machine itself -> .*hosts file/],
    [give(), /^failed: no such host: pbx\.example\.com -> check the spelling/],
  ] as const)("is judged by what it leads to (%#)", async (lookup, told) => {
    expect(tell(await checkName(PLACE, PATIENT, lookup))).toMatch(told);
  });

  it("that nobody answers about in time is a matter of this machine's network", async () => {
    const silent: Lookup = () => new Promise(() => undefined);
    const verdict = await checkName(PLACE, { ...PATIENT, timeout: 20 }, silent);
    expect(tell(verdict)).toMatch(/^failed: looking up pbx\.example\.com took longer than 0\.02 s/);
  });

  it("that no name server answers about for now is one too", async () => {
    const again = Object.assign(new Error("x"), { code: "EAI_AGAIN" });
    const verdict = await checkName(PLACE, PATIENT, () => Promise.reject(again));
    expect(tell(verdict)).toMatch(
      /^failed: the name server did not answer .* -> check this machine/,
    );
  });

  it("may be this machine's own", async () => {
    const own = { ...PLACE, host: "localhost" };
    expect((await checkName(own, PATIENT, give("127.0.0.1"))).state).toBe("ok");
  });
});

describe("the port", () => {
  it("is open when one of the addresses takes connections, and goes on with those", async () => {
    const server = await startServer(() => ({ status: 200 }));
    onTestFinished(() => server.close());
    const port = Number(new URL(server.origin).port);
    const both = [{ address: "127.0.0.2", family: 4 }, ...HERE];
    const verdict = await checkPort({ ...PLACE, port }, both, PATIENT);
    expect(verdict).toMatchObject({ state: "ok", value: HERE });
    expect(tell(verdict)).toContain(`127.0.0.1:${port} takes connections`);
  });

  it("that is closed is told for each address", async () => {
    const port = Number(new URL(await findDeafOrigin()).port);
    const verdict = await checkPort({ ...PLACE, port }, [...HERE, ...HERE], PATIENT);
    expect(tell(verdict)).toMatch(
      new RegExp(`^failed: nothing listens at 127.0.0.1:${port} \\| nothing listens`),
    );
  });

  it("behind a firewall is told apart from one that is closed", async () => {
    const hasty = { ...PATIENT, timeout: 30 };
    const dial: Dial = ({ signal }) => new Socket({ signal });
    const judge = async (address: string): Promise<string> =>
      tell(await checkPort(PLACE, [{ address, family: 4 }], hasty, dial));
    expect(await judge("192.0.2.7")).toMatch(
      /^failed: no answer from 192\.0\.2\.7:5001 within 0\.03 s -> .*the firewall on the way.*address in$/,
    );
    expect(await judge("10.0.0.7")).toMatch(/the address is private, so the VPN must be up$/);
  });

  it("is another one where only that takes connections", async () => {
    const server = await startServer(() => ({ status: 200 }));
    onTestFinished(() => server.close());
    const open = Number(new URL(server.origin).port);
    const deaf = Number(new URL(await findDeafOrigin()).port);
    // Whoever dials 3CX's other port gets this server.
    const dial: Dial = (options) =>
      connect({ ...options, port: options.port === 443 ? open : deaf });
    const verdict = await checkPort(PLACE, HERE, PATIENT, dial);
    expect(tell(verdict)).toMatch(/-> port 443 of the same host takes connections: try https/);
  });

  it("has an other one suggested only where that is open", async () => {
    expect(await findOpenPort([], 5001, PATIENT)).toBeUndefined();
    expect(advisePort("pbx.example.com", 443)).toMatch(/try https:\/\/pbx\.example\.com$/);
    expect(advisePort("pbx.example.com", 5001)).toMatch(/try https:\/\/pbx\.example\.com:5001$/);
  });

  it("of the other scheme is told from one that is plainly wrong", () => {
    expect(adviseScheme({ ...PLACE, port: 5000 })).toContain("use https://pbx.example.com:5001");
    expect(adviseScheme({ ...PLACE, port: 8080 })).toContain("5001 or 443");
    expect(adviseScheme({ ...PLACE, secure: false })).toBe(
      "write https: https://pbx.example.com:5001",
    );
  });
});

const TROUBLE: CertificateTrouble = {
  host: "pbx.example.com",
  port: 5001,
  certificate: {
    subject: "other.example.com",
    issuer: "An authority",
    names: ["*.example.net", "other.example.com"],
    validFrom: NOON,
    validTo: NOON,
    fingerprint: "AA:BB",
  },
  refusal: undefined,
  caFile: undefined,
  now: NOON + 60_000,
};

describe("a certificate's fault", () => {
  it.each([
    ["expired", {}, /expired on 2026-06-01T12:00Z; this machine's clock says 2026-06-01T12:01Z/],
    [
      "expired",
      { now: NOON - 60_000 },
      /a certificate above that of pbx\.example\.com has expired/,
    ],
    ["not-yet-valid", {}, /not valid before 2026-06-01T12:00Z/],
    ["wrong-name", {}, /not for pbx\.example\.com but for \*\.example\.net, other\.example\.com/],
    ["self-signed", {}, /is self-signed/],
    ["unknown-authority", {}, /signed by An authority, which is not trusted$/],
    ["unknown-authority", { caFile: "ca.pem" }, /not trusted, and not by an authority in ca\.pem$/],
    ["other", { refusal: "CERT_REVOKED" }, /is refused: CERT_REVOKED/],
  ] as const)("%s is told in words (%#)", (fault, more, told) => {
    const [text, advice] = explainFault(fault, { ...TROUBLE, ...more });
    expect(text).toMatch(told);
    expect(advice).not.toBe("");
  });

  it("suggests a name of its own only when nothing but the name is wrong", () => {
    const alone = explainFault("wrong-name", {
      ...TROUBLE,
      refusal: "ERR_TLS_CERT_ALTNAME_INVALID",
    });
    expect(alone[1]).toBe("use a name that it is for: https://other.example.com:5001");
    const untrusted = explainFault("wrong-name", { ...TROUBLE, refusal: "CERT_UNTRUSTED" });
    expect(untrusted[1]).toBe("use the PBX's own name (FQDN) in the URL");
  });

  it("comes with whose it is, also where it says nothing", () => {
    const bare = {
      subject: "",
      issuer: "",
      names: [],
      validFrom: NaN,
      validTo: NaN,
      fingerprint: "",
    };
    expect(tellFacts(bare).join("\n")).toContain(
      "certificate of nobody, for no name, signed by nobody\nvalid from an unknown day",
    );
  });
});

describe("the file of a further authority", () => {
  const judge = async (text: string | undefined, now = Date.now()): Promise<string> => {
    const folder = makeFolder(text === undefined ? {} : { "ca.pem": text });
    const verdict = await checkAuthority(folder.path("ca.pem"), now);
    return tell(verdict).replaceAll(folder.root, ".");
  };

  it("need not be there", async () => {
    expect(await checkAuthority(undefined, NOON)).toMatchObject({ state: "ok", value: undefined });
  });

  it.each([
    [
      undefined,
      /^failed: cannot read \.\/ca\.pem: there is no such file or folder -> correct --ca-file/,
    ],
    ["nothing", /^failed: \.\/ca\.pem holds no certificate -> it must be PEM/],
    [
      "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n",
      /^failed: \.\/ca\.pem holds a certificate that cannot be read -> export it again/,
    ],
  ])("that is of no use is told (%#)", async (text, told) => {
    expect(await judge(text)).toMatch(told);
  });

  it.skipIf(!hasOpenssl)("that is in order is handed on as it is, until it ends", async () => {
    const { authority } = makeCertificates();
    const folder = makeFolder({ "ca.pem": authority });
    const verdict = await checkAuthority(folder.path("ca.pem"), Date.now());
    expect(verdict).toMatchObject({ state: "ok", value: authority });
    const later = Date.parse(new X509Certificate(authority).validTo) + 1000;
    expect(await judge(authority, later)).toMatch(
      /^warning: .* holds 1 that ended: CN=A made-up authority -> ask whoever/,
    );
  });
});
