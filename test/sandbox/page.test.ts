import { existsSync } from "node:fs";
import { chromium } from "playwright-core";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { BAD_SCRIPT, createClient, GOOD_SCRIPT, openSandbox } from "../support/pbx/raw-client.ts";
import type { RawClient } from "../support/pbx/raw-client.ts";

const BROWSERS = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];
const executable = BROWSERS.find((path) => existsSync(path));

const SEED = {
  apps: [
    { number: "806", name: "afterhours", scriptCode: GOOD_SCRIPT },
    { number: "807", name: "<img src=x onerror=alert(1)>" },
    { number: "808", name: "desk", scriptCode: GOOD_SCRIPT, rejectedCode: BAD_SCRIPT },
  ],
};

test("the page is one document that loads nothing from elsewhere and allows nothing else", async () => {
  const { sandbox } = await openSandbox();
  const answer = await fetch(sandbox.url);
  const html = await answer.text();
  expect(answer.headers.get("content-security-policy")).toMatch(
    /^default-src 'none'; connect-src 'self'/u,
  );
  expect(html).not.toMatch(/\b(?:src|href)=/u);
  expect(html).not.toMatch(/https?:/u);
});

test("the page's state names every kind of compile state and stands in no request log", async () => {
  const { sandbox, send, list } = await openSandbox({
    seed: { ...SEED, compile: { delay: 60_000 } },
  });
  const [app] = await list("CallFlowApps?$filter=Number eq '806'");
  await send("PATCH", `CallFlowApps(${String(app?.["Id"])})`, { ScriptCode: `${GOOD_SCRIPT} ` });
  const state = await (await fetch(`${sandbox.url}/sandbox/state`)).json();
  expect(state).toMatchObject({
    total: 3,
    matching: 3,
    apps: [
      { number: "806", state: "compiling" },
      { number: "807", state: "nothing to run" },
      { number: "808", state: "refused, the old script runs" },
    ],
    requests: [
      { method: "PATCH", status: 204 },
      { method: "GET", status: 200 },
    ],
  });
  expect(sandbox.requests).toHaveLength(2);
});

test("the page's state shows a hundred apps at most and finds by number or name", async () => {
  const apps = Array.from({ length: 250 }, (_, index) => ({
    number: String(1000 + index),
    name: index % 2 === 0 ? "even" : "odd",
  }));
  const { sandbox } = await openSandbox({ seed: { apps } });
  const read = async (find: string) =>
    (await fetch(`${sandbox.url}/sandbox/state?find=${find}`)).json();
  expect(await read("")).toMatchObject({ total: 250, matching: 250, apps: { length: 100 } });
  expect(await read("EVEN")).toMatchObject({ matching: 125 });
  expect(await read("1249")).toMatchObject({ matching: 1, apps: [{ number: "1249" }] });
});

test("the page's addresses only read", async () => {
  const { sandbox } = await openSandbox({ seed: SEED });
  for (const path of ["/", "/sandbox/state", "/sandbox/apps/806"])
    for (const method of ["POST", "PATCH", "DELETE"])
      expect((await fetch(sandbox.url + path, { method })).status).toBe(404);
  expect((await fetch(`${sandbox.url}/sandbox/apps/999`)).status).toBe(404);
});

// Without a browser there is nothing to look with; where CI runs, Debian's chromium is installed.
describe.skipIf(executable === undefined)(
  "in a browser (skipped where none of Chromium and Chrome is in /usr/bin)",
  () => {
    let browser: Browser;

    beforeAll(async () => {
      browser = await chromium.launch({
        ...(executable === undefined ? {} : { executablePath: executable }),
        args: ["--no-sandbox", "--disable-gpu"],
      });
    });
    afterAll(async () => {
      await browser.close();
    });

    async function open(client: RawClient, width = 1200): Promise<Page> {
      const page = await browser.newPage({ viewport: { width, height: 800 } });
      page.setDefaultTimeout(600_000);
      onTestFinished(async () => page.close());
      await page.goto(client.sandbox.url);
      await page.getByText("3 of 3 apps").waitFor();
      return page;
    }

    test("it shows every app with its state, and names that look like markup as text", async () => {
      const page = await open(await openSandbox({ seed: SEED }));
      const errors: string[] = [];
      page.on("dialog", (dialog) => {
        errors.push(dialog.message());
        void dialog.dismiss();
      });
      expect(await page.locator("#apps details").allInnerTexts()).toEqual([
        expect.stringMatching(/806\s+afterhours\s+DialCode\s+live/u),
        expect.stringMatching(/807\s+<img src=x onerror=alert\(1\)>\s+DialCode\s+nothing to run/u),
        expect.stringMatching(/808\s+desk\s+DialCode\s+refused, the old script runs/u),
      ]);
      expect(await page.locator("#apps img").count()).toBe(0);
      expect(errors).toEqual([]);
    });

    test("it follows what happens without being loaded again, and keeps open what is open", async () => {
      const client = await openSandbox({ seed: SEED });
      const page = await open(client);
      await page.locator("summary", { hasText: "806" }).click();
      await page.getByRole("region", { name: "Script of 806" }).waitFor();
      await client.sandbox.console.edit("806", { ScriptCode: `// newer\n${GOOD_SCRIPT}` });
      await client.sandbox.console.create({ Number: "809", Name: "late" });
      await page.getByText("4 of 4 apps").waitFor();
      await page.getByText("// newer").waitFor();
      expect(await page.locator("details[open]").count()).toBe(1);
    });

    test("it lists the last requests, the newest first", async () => {
      const client = await openSandbox({ seed: SEED });
      const page = await open(client);
      await client.get("Groups");
      await client.get("CallFlowApps?$top=101");
      await page.getByText("/xapi/v1/CallFlowApps?$top=101").waitFor();
      expect(await page.locator("#requests tr").allInnerTexts()).toEqual([
        expect.stringMatching(/400\s+GET \/xapi\/v1\/CallFlowApps/u),
        expect.stringMatching(/200\s+GET \/xapi\/v1\/Groups/u),
      ]);
    });

    test("an app can be found and opened with the keyboard alone", async () => {
      const page = await open(await openSandbox({ seed: SEED }));
      await page.keyboard.press("Tab");
      await page.keyboard.type("808");
      await page.getByText("1 of 3 apps").waitFor();
      await page.keyboard.press("Tab");
      await page.keyboard.press("Enter");
      await page.getByRole("region", { name: "Refused script of 808" }).waitFor();
      await page.keyboard.press("Tab");
      const focused = await page.evaluate(`document.activeElement.getAttribute("aria-label")`);
      expect(focused).toBe("Script of 808");
    });

    test("on a phone nothing is wider than the screen", async () => {
      const client = await openSandbox({ seed: SEED });
      await client.get(`CallFlowApps?$filter=Number eq '${"9".repeat(300)}'`);
      const page = await open(client, 360);
      await page.locator("summary", { hasText: "808" }).click();
      await page.getByRole("region", { name: "Refused script of 808" }).waitFor();
      const width = await page.evaluate(`document.documentElement.scrollWidth`);
      expect(width).toBeLessThanOrEqual(360);
    });

    test("it says so when the sandbox is gone, and goes on when it is back", async () => {
      const client = await openSandbox({
        seed: SEED,
        faults: [{ match: { path: "Defs" }, action: { type: "restart", milliseconds: 1500 } }],
      });
      const page = await open(client);
      await client.get("Defs").catch(() => undefined);
      await page.getByText("The sandbox does not answer.").waitFor();
      await page.getByText("3 of 3 apps").waitFor();
      expect((await createClient(client.sandbox).login()).status).toBe(200);
    });
  },
);
