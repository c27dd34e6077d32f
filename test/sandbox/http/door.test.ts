import { request } from "node:http";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startSandbox, type Sandbox } from "../../../src/sandbox/server.ts";

let pbx: Sandbox;
beforeAll(async () => {
  pbx = await startSandbox();
});
afterAll(() => pbx.close());

/** fetch leaves out what a browser may not say. */
function ask(
  method: string,
  path: string,
  headers: Readonly<Record<string, string>>,
  body = "",
): Promise<{ readonly status: number; readonly text: string }> {
  return new Promise((resolve, reject) => {
    const sent = request(`${pbx.url}${path}`, { method, headers }, (answer) => {
      let text = "";
      answer.setEncoding("utf8").on("data", (part: string) => (text += part));
      answer.on("end", () => resolve({ status: answer.statusCode ?? 0, text }));
    });
    sent.on("error", reject);
    sent.end(body);
  });
}

describe("the sandbox's door", () => {
  const own = (): string => new URL(pbx.url).host;

  it.each(["evil.example", "127.0.0.1.evil.example", "rebind.evil.example:80", "a b"])(
    "is closed to the name %s, which is how a page of somebody else's would come in",
    async (host) => {
      for (const path of ["/", "/xapi/v1/CallFlowApps", "/connect/token"])
        expect((await ask("GET", path, { host })).status).toBeGreaterThanOrEqual(400);
      expect((await ask("GET", "/", { host })).text).not.toContain("CallFlowApp");
    },
  );

  it.each(["localhost:1", "127.0.0.1", "[::1]:5001", "pbx:8080", "host.docker.internal"])(
    "is open to %s",
    async (host) => {
      expect((await ask("GET", "/", { host })).status).toBe(200);
    },
  );

  it("is closed to requests of other origins, a form that would end a token included", async () => {
    const form = `grant_type=client_credentials&client_id=${pbx.clientId}&client_secret=${pbx.clientSecret}`;
    const type = { host: own(), "content-type": "application/x-www-form-urlencoded" };
    for (const headers of [
      { ...type, origin: "https://evil.example" },
      { ...type, origin: "null" },
      { ...type, "sec-fetch-site": "cross-site" },
      { ...type, "sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate" },
    ])
      expect((await ask("POST", "/connect/token", headers, form)).status).toBe(403);
    expect((await ask("POST", "/connect/token", type, form)).status).toBe(200);
    const visit = { host: own(), "sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate" };
    expect((await ask("GET", "/", visit)).status).toBe(200);
    const page = { host: own(), origin: `http://${own()}`, "sec-fetch-site": "same-origin" };
    expect((await ask("GET", "/", page)).status).toBe(200);
  });

  it("takes no body without end, and no nesting without end", async () => {
    const headers = { host: own(), "content-type": "application/json" };
    const large = await ask("POST", "/xapi/v1/CallFlowApps", headers, " ".repeat(17 * 1024 * 1024));
    expect(large.status).toBe(413);
    for (const text of ["[".repeat(100_000), `${'{"a":'.repeat(50_000)}1${"}".repeat(50_000)}`]) {
      const deep = await ask("POST", "/xapi/v1/CallFlowApps", headers, text);
      expect(deep.status).toBeLessThan(500);
      expect(deep.text).not.toContain("/src/");
    }
  });
});
