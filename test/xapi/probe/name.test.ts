import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { judgeReach, probeName, type Address, type Lookup } from "../../../src/xapi/probe/name.ts";

const PATIENT = { timeout: 120_000, signal: new AbortController().signal };

function failWith(code: string): Lookup {
  return () => Promise.reject(Object.assign(new Error(`getaddrinfo ${code}`), { code }));
}

const never: Lookup = () => new Promise(() => undefined);

describe("looking up a name", () => {
  it("gives every address that the system has for it", async () => {
    const addresses: readonly Address[] = [
      { address: "192.0.2.7", family: 4 },
      { address: "2001:db8::7", family: 6 },
    ];
    const asked: string[] = [];
    const lookup: Lookup = async (name) => {
      asked.push(name);
      return addresses;
    };
    expect(await probeName("pbx.example.com", PATIENT, lookup)).toEqual({
      state: "found",
      addresses,
    });
    expect(asked).toEqual(["pbx.example.com"]);
  });

  it("finds this machine by the system's own means", async () => {
    const reading = await probeName("localhost", PATIENT);
    expect(reading).toMatchObject({ state: "found" });
  });

  it("asks nobody about what is an address already", async () => {
    const lookup = failWith("ENOTFOUND");
    expect(await probeName("192.0.2.7", PATIENT, lookup)).toEqual({
      state: "literal",
      addresses: [{ address: "192.0.2.7", family: 4 }],
    });
    expect(await probeName("[2001:db8::7]", PATIENT, lookup)).toEqual({
      state: "literal",
      addresses: [{ address: "2001:db8::7", family: 6 }],
    });
  });

  it.each([
    ["ENOTFOUND", "no such host: pbx.example.com", true],
    ["EAI_AGAIN", "the name server did not answer for pbx.example.com", false],
  ])("tells %s in words", async (code, text, permanent) => {
    const reading = await probeName("pbx.example.com", PATIENT, failWith(code));
    expect(reading).toMatchObject({ state: "fault", fault: { text, permanent } });
  });

  it("takes no address for no such host", async () => {
    const reading = await probeName("pbx.example.com", PATIENT, async () => []);
    expect(reading).toMatchObject({ fault: { text: "no such host: pbx.example.com" } });
  });

  it("gives up in time on a name server that says nothing", async () => {
    const hasty = { ...PATIENT, timeout: 20 };
    expect(await probeName("pbx.example.com", hasty, never)).toEqual({ state: "silent" });
  });

  it("ends at once with the reason of an abort", async () => {
    const stop = new AbortController();
    const reading = probeName("pbx.example.com", { ...PATIENT, signal: stop.signal }, never);
    stop.abort(new Error("enough"));
    await expect(reading).rejects.toThrow("enough");
  });
});

describe("where an address can be reached from", () => {
  it.each([
    ["10.1.2.3", "private"],
    ["192.168.0.1", "private"],
    ["172.16.0.1", "private"],
    ["172.31.255.255", "private"],
    ["169.254.1.1", "private"],
    ["100.64.0.1", "private"],
    ["100.127.9.9", "private"],
    ["fd00::1", "private"],
    ["fe80::1", "private"],
    ["::ffff:10.0.0.1", "private"],
    ["127.0.0.1", "loopback"],
    ["127.0.1.1", "loopback"],
    ["::1", "loopback"],
    ["0.0.0.0", "none"],
    ["::", "none"],
    ["172.15.0.1", "public"],
    ["172.32.0.1", "public"],
    ["100.63.0.1", "public"],
    ["100.128.0.1", "public"],
    ["192.0.2.7", "public"],
    ["2001:db8::7", "public"],
    ["11.10.0.1", "public"],
  ] as const)("%s is %s", (address, reach) => {
    expect(judgeReach({ address })).toBe(reach);
  });

  it("is one of four for every address there is", () => {
    const address = fc.oneof(fc.ipV4(), fc.ipV6());
    fc.assert(
      fc.property(address, (text) => {
        expect(["public", "private", "loopback", "none"]).toContain(judgeReach({ address: text }));
      }),
    );
  });

  it("does not change with the case of a letter", () => {
    fc.assert(
      fc.property(fc.ipV6(), (address) => {
        const upper = judgeReach({ address: address.toUpperCase() });
        expect(upper).toBe(judgeReach({ address: address.toLowerCase() }));
      }),
    );
  });
});
