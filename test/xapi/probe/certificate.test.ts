import * as fc from "fast-check";
import type { PeerCertificate } from "node:tls";
import { describe, expect, it } from "vitest";
import { judgeCertificate, readCertificate } from "../../../src/xapi/probe/certificate.ts";

const DAY = 86_400_000;
const FROM = Date.UTC(2026, 0, 1);
const TO = Date.UTC(2026, 3, 1);
const BETWEEN = Date.UTC(2026, 1, 1);

function makePeer(more: Partial<PeerCertificate> = {}): PeerCertificate {
  const name = { C: "", ST: "", L: "", O: "", OU: "", CN: "pbx.example.com" };
  const peer = {
    subject: name,
    issuer: { ...name, CN: "An authority" },
    subjectaltname: "DNS:pbx.example.com, DNS:*.example.org, IP Address:192.0.2.7",
    valid_from: new Date(FROM).toUTCString(),
    valid_to: new Date(TO).toUTCString(),
    fingerprint256: "AA:BB",
    ...more,
  };
  return peer as PeerCertificate;
}

describe("reading a certificate", () => {
  it("gives its names without what they are marked with", () => {
    expect(readCertificate(makePeer())).toEqual({
      subject: "pbx.example.com",
      issuer: "An authority",
      names: ["pbx.example.com", "*.example.org", "192.0.2.7"],
      validFrom: FROM,
      validTo: TO,
      fingerprint: "AA:BB",
    });
  });

  it("calls a subject without a common name by its organisation", () => {
    const subject = { O: "Example Ltd" } as PeerCertificate["subject"];
    expect(readCertificate(makePeer({ subject }))?.subject).toBe("Example Ltd");
    const bare = {} as PeerCertificate["subject"];
    expect(readCertificate(makePeer({ subject: bare }))?.subject).toBe("");
  });

  it("finds none where the peer shows none", () => {
    expect(readCertificate({} as PeerCertificate)).toBeUndefined();
  });
});

describe("judging a certificate", () => {
  const judge = (host: string, refusal?: string, now = BETWEEN): readonly string[] =>
    judgeCertificate(makePeer(), host, refusal, now);

  it("finds nothing where verification found nothing, in its time and for its names", () => {
    for (const host of ["pbx.example.com", "any.example.org", "192.0.2.7"])
      expect(judge(host), host).toEqual([]);
  });

  it.each([
    ["DEPTH_ZERO_SELF_SIGNED_CERT", ["self-signed"]],
    ["SELF_SIGNED_CERT_IN_CHAIN", ["unknown-authority"]],
    ["UNABLE_TO_VERIFY_LEAF_SIGNATURE", ["unknown-authority"]],
    ["UNABLE_TO_GET_ISSUER_CERT_LOCALLY", ["unknown-authority"]],
    ["CERT_HAS_EXPIRED", ["expired"]],
    ["CERT_NOT_YET_VALID", ["not-yet-valid"]],
    ["CERT_REVOKED", ["other"]],
    ["INVALID_PURPOSE", ["other"]],
  ])("reads verification's %s", (refusal, faults) => {
    expect(judge("pbx.example.com", refusal)).toEqual(faults);
  });

  it("is in time exactly between its dates", () => {
    fc.assert(
      fc.property(fc.integer({ min: FROM - 90 * DAY, max: TO + 90 * DAY }), (now) => {
        const faults = judge("pbx.example.com", undefined, now);
        expect(faults.includes("not-yet-valid")).toBe(now < FROM);
        expect(faults.includes("expired")).toBe(now > TO);
      }),
    );
  });

  it("finds a wrong name whatever else is wrong", () => {
    const refusals = fc.constantFrom(undefined, "CERT_HAS_EXPIRED", "DEPTH_ZERO_SELF_SIGNED_CERT");
    fc.assert(
      fc.property(fc.domain(), refusals, (host, refusal) => {
        fc.pre(!/\.?example\.(com|org)$/.test(host));
        expect(judge(host, refusal)).toContain("wrong-name");
      }),
    );
  });

  it("does not judge dates that cannot be read", () => {
    const peer = makePeer({ valid_from: "", valid_to: "soon" });
    expect(judgeCertificate(peer, "pbx.example.com", undefined, BETWEEN)).toEqual([]);
  });
});
