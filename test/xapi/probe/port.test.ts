import { Socket } from "node:net";
import { describe, expect, it, onTestFinished } from "vitest";
import { probePort, type Dial } from "../../../src/xapi/probe/port.ts";
import { findDeafOrigin, startServer } from "../../support/pbx/server.ts";

const PATIENT = { timeout: 120_000, signal: new AbortController().signal };
const HERE = [{ address: "127.0.0.1", family: 4 }];

async function startOpen(): Promise<number> {
  const server = await startServer(() => ({ status: 200 }));
  onTestFinished(() => server.close());
  return Number(new URL(server.origin).port);
}

describe("trying a port", () => {
  it("finds it open and lets go of it", async () => {
    const port = await startOpen();
    expect(await probePort(HERE, port, PATIENT)).toEqual([{ address: "127.0.0.1", state: "open" }]);
  });

  it("finds nothing listening", async () => {
    const port = Number(new URL(await findDeafOrigin()).port);
    expect(await probePort(HERE, port, PATIENT)).toEqual([
      { address: "127.0.0.1", state: "refused" },
    ]);
  });

  it("looks at each address of a name by itself", async () => {
    const port = await startOpen();
    // Nothing listens at the second address of loopback, which Linux alone has without being told.
    const both = [...HERE, { address: "127.0.0.2", family: 4 }];
    const readings = await probePort(both, port, PATIENT);
    expect(readings.map(({ address }) => address)).toEqual(["127.0.0.1", "127.0.0.2"]);
    expect(readings[0]?.state).toBe("open");
    expect(readings[1]?.state).not.toBe("open");
  });

  it("leaves out what is more than a handful", async () => {
    const port = await startOpen();
    const many = Array.from({ length: 50 }, () => HERE[0] ?? { address: "", family: 4 });
    expect(await probePort(many, port, PATIENT)).toHaveLength(4);
  });

  it("tells of an address that no way leads to", async () => {
    const [reading] = await probePort([{ address: "not an address", family: 4 }], 5001, PATIENT);
    expect(reading).toMatchObject({ state: "fault", address: "not an address" });
    expect(reading?.fault?.text).not.toBe("");
  });

  it("gives up in time on an address that says nothing, as a firewall has it", async () => {
    const hasty = { ...PATIENT, timeout: 30 };
    const dial: Dial = ({ signal }) => new Socket({ signal });
    expect(await probePort(HERE, 5001, hasty, dial)).toEqual([
      { address: "127.0.0.1", state: "silent" },
    ]);
    const stop = new AbortController();
    const waiting = probePort(HERE, 5001, { ...PATIENT, signal: stop.signal }, dial);
    stop.abort(new Error("enough"));
    await expect(waiting).rejects.toThrow("enough");
  });

  it("ends at once with the reason of an abort", async () => {
    const signal = AbortSignal.abort(new Error("enough"));
    await expect(probePort(HERE, 9, { ...PATIENT, signal })).rejects.toThrow("enough");
  });

  it("asks nothing where there is no address", async () => {
    expect(await probePort([], 5001, PATIENT)).toEqual([]);
  });
});
