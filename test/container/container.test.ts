import { readFileSync } from "node:fs";
import path from "node:path";
import { Network, type StartedNetwork, type StartedTestContainer } from "testcontainers";
import { afterAll, beforeAll, describe, expect, it, onTestFinished, vi } from "vitest";
import manifest from "../../package.json" with { type: "json" };
import type { PageState } from "../../src/sandbox/page/state.ts";
import { makeFolder } from "../support/project/folder.ts";
import { PROJECT_FILE, writeApp } from "../support/project/pbx-project.ts";
import { locateProgram, runProgram } from "../support/program/run.ts";
import { listLibraries } from "./base-images.ts";
import { buildImage } from "./build-image.ts";
import { locatePbx, PORT, runToEnd, startPbx, type Outcome } from "./containers.ts";
import { findEngine, MUST_RUN, type Engine } from "./engine.ts";
import { buildImages, type Images } from "./images.ts";

const MINUTE = 60_000;
const REVISION = "0123456789abcdef0123456789abcdef01234567";
const APPS = 12;
const SANDBOX = ["sandbox", "--host", "0.0.0.0", "--port", `${PORT}`];

const found = await findEngine();
const skipped = "reason" in found && !MUST_RUN;
const why = skipped ? ` (skipped: ${found.reason})` : "";

describe.skipIf(skipped)(`the container image${why}`, () => {
  let engine: Engine;
  let images: Images;
  let network: StartedNetwork;

  beforeAll(async () => {
    if ("reason" in found)
      throw new Error(
        `${found.reason}; .ci/start-docker gives CI an engine, so nothing is skipped`,
      );
    engine = found;
    images = await buildImages(engine, REVISION);
    network = await new Network().start();
  }, 10 * MINUTE);

  afterAll(async () => {
    await images?.remove();
    await network?.stop();
  }, 2 * MINUTE);

  it("is not built from a folder whose Dockerfile fails, and the reason is told", async () => {
    const folder = makeFolder({
      Dockerfile: `FROM ${images.callform}\nRUN ["node", "-e", "console.error('no licence in x'); process.exit(3)"]\n`,
    });
    const built = buildImage(engine, folder.root, "callform-test:never", {});
    await expect(built).rejects.toThrow(
      /callform-test:never cannot be built: .*exit code: 3[^]*no licence in x/,
    );
  });

  describe("what is in it", () => {
    let opened: StartedTestContainer;

    beforeAll(async () => {
      opened = await startPbx(images.callform, network, { name: "opened" });
    });

    afterAll(async () => {
      await opened?.stop();
    });

    it("runs as a numbered user who is not root, and starts the program without a shell", async () => {
      const { Config: config } = await inspectImage();
      expect(config.User).toBe("65532:65532");
      expect(await runNode("console.log(process.getuid(), process.getgid())")).toEqual([
        "65532 65532",
      ]);
      expect(config.Entrypoint).toEqual(["node", "/app/dist/cli/main.js"]);
      expect(config.Healthcheck?.Test?.slice(0, 3)).toEqual(["CMD", "node", "-e"]);
    });

    it("says what it is, of which version and revision, and upon which base", async () => {
      const { Config: config } = await inspectImage();
      expect(config.Labels).toMatchObject({
        "org.opencontainers.image.title": "Callform",
        "org.opencontainers.image.licenses": manifest.license,
        "org.opencontainers.image.version": manifest.version,
        "org.opencontainers.image.revision": REVISION,
        "org.opencontainers.image.base.name": images.runtimeBase,
      });
    });

    it("adds node and the program to its base, and nothing else", async () => {
      const base = listLibraries(process.execPath);
      const added = (await listFiles("/")).filter((file) => !base.has(file));
      expect(
        new Set(added.map((file) => file.replace(/^(\/app\/(?:dist\/)?[^/]+\/).*/, "$1*"))),
      ).toEqual(
        new Set([
          "/app/LICENSE",
          "/app/completions/*",
          "/app/dist/cli/*",
          "/app/dist/wasm/*",
          "/app/examples/*",
          "/app/package.json",
          "/app/schemas/*",
          "/usr/local/bin/node",
        ]),
      );
    });

    it("carries the licence of every package whose code it carries", async () => {
      const carried = await runNode(
        `console.log(fs.readFileSync("/app/dist/cli/licenses.txt", "utf8"));`,
      );
      const beside = path.join(path.dirname(locateProgram()), "licenses.txt");
      const built = listLicensed(readFileSync(beside, "utf8"));
      expect(built).toEqual(expect.arrayContaining(["undici", "hono", "tree-sitter-c-sharp"]));
      expect(listLicensed(carried.join("\n"))).toEqual(built);
    });

    it("adds at most 120 MB to its base, nearly all of it node", async () => {
      const base = await engine.container.dockerode.getImage(images.runtimeBase).inspect();
      const { Size: size } = await inspectImage();
      expect(size - base.Size).toBeLessThan(120 * 1024 * 1024);
    });

    /** Every file below a folder, but for what the engine itself puts into a container. */
    async function listFiles(folder: string): Promise<string[]> {
      return runNode(`
        const except = ["/proc", "/sys", "/dev", "/etc", "/.dockerenv"];
        const walk = (at) => fs.readdirSync(at, { withFileTypes: true }).flatMap((entry) => {
          const here = path.join(at, entry.name);
          if (except.includes(here)) return [];
          return entry.isDirectory() ? walk(here) : [here];
        });
        console.log(walk(${JSON.stringify(folder)}).join("\\n"));`);
    }

    /** The lines that this code prints inside the container. */
    async function runNode(code: string): Promise<string[]> {
      const { exitCode, stdout, stderr } = await opened.exec(["node", "-e", code]);
      expect(stderr).toBe("");
      expect(exitCode).toBe(0);
      return stdout.trim().split("\n");
    }
  });

  describe("as the command line", () => {
    it("validates a project without any network, and names the line of a mistake", async () => {
      const files = { "callform.yaml": PROJECT_FILE, ...writeApp("806", "afterhours") };
      expect(await runToEnd(engine, images.callform, ["validate"], { files })).toMatchObject({
        code: 0,
        stdout: expect.stringContaining("Valid: 1 app"),
      });
      const wrong = { ...files, "apps/wrong.yaml": "apiVersion: callform/v1\nkind: Nothing\n" };
      const refused = await runToEnd(engine, images.callform, ["validate"], { files: wrong });
      expect(refused.code).toBe(1);
      expect(refused.stderr).toContain("apps/wrong.yaml:2:");
    });

    it("loads the C# grammar that lies beside it", async () => {
      const files = {
        "callform.yaml": PROJECT_FILE,
        ...writeApp("806", "afterhours"),
        "apps/afterhours.cs": "public class Afterhours {",
      };
      const checked = await runToEnd(engine, images.callform, ["validate", "--strict"], { files });
      expect(checked.code).toBe(1);
      expect(checked.stderr).toContain("apps/afterhours.cs:1:");
    });
  });

  describe("across a network", () => {
    const files = { "callform.yaml": PROJECT_FILE, ...writeApp("806", "afterhours") };

    it("plans and applies from one container to the PBX in another, and then from this machine", async () => {
      const pbx = await startOwnPbx("pbx");
      const run = (...args: string[]): Promise<Outcome> =>
        runToEnd(engine, images.callform, [...args], {
          network,
          files,
          env: credentials(`http://pbx:${PORT}`),
        });
      const planned = await run("plan", "--insecure-http", "--detailed-exitcode");
      expect(planned.stdout).toContain("Plan: 1 to create");
      expect(planned.code).toBe(2);
      expect(await run("apply", "--yes", "--insecure-http")).toMatchObject({
        code: 0,
        stdout: expect.stringContaining("Apply: 1 applied, 0 unchanged."),
      });
      expect(await readApps(pbx)).toEqual(["806 live"]);

      const here = makeFolder({ ...files, ...writeApp("807", "lunch") });
      const options = { cwd: here.root, env: credentials(locatePbx(pbx)) };
      expect(await runProgram(["apply", "--yes", "--insecure-http"], options)).toMatchObject({
        code: 0,
        stdout: expect.stringContaining("Apply: 1 applied, 1 unchanged."),
      });
      expect(await readApps(pbx)).toEqual(["806 live", "807 live"]);
      expect(await run("plan", "--insecure-http", "--detailed-exitcode")).toMatchObject({
        code: 0,
        stdout: expect.stringContaining("No changes."),
      });
    });

    it("sends no secret in the clear unless that is allowed", async () => {
      const pbx = await startOwnPbx("pbx");
      const env = credentials(`http://pbx:${PORT}`);
      const refused = await runToEnd(engine, images.callform, ["plan"], { network, files, env });
      expect(refused.code).toBe(1);
      expect(refused.stderr).toContain("insecure-url");
      expect((await readState(pbx)).requests).toEqual([]);
    });
  });

  describe("as a PBX", () => {
    it("is healthy to the engine while it answers, and not where nothing does", async () => {
      const pbx = await startOwnPbx("pbx");
      const inner = engine.container.getById(pbx.getId());
      const { Config: config } = await engine.container.inspect(inner);
      const check = (config.Healthcheck?.Test ?? []).slice(1);
      expect(check).not.toEqual([]);
      expect(await pbx.exec(check)).toMatchObject({ exitCode: 0 });
      await vi.waitUntil(
        async () => (await engine.container.inspect(inner)).State.Health?.Status === "healthy",
        { timeout: MINUTE, interval: 250 },
      );

      const elsewhere = [...check.slice(0, -1), (check.at(-1) ?? "").replace(`${PORT}`, "8081")];
      expect(elsewhere).not.toEqual(check);
      expect((await pbx.exec(elsewhere)).exitCode).toBe(1);
    });

    it("stops when it is told to, with 0", async () => {
      const pbx = await startOwnPbx("pbx");
      const stopped = await pbx.stop({ timeout: 10_000, remove: false });
      const container = engine.container.getById(stopped.getId());
      expect((await engine.container.inspect(container)).State.ExitCode).toBe(0);
      await engine.container.remove(container);
    });

    it(
      "keeps what it was told on a volume when it is killed in the middle of an apply, which then converges",
      async () => {
        const files: Record<string, string> = { "callform.yaml": PROJECT_FILE };
        for (let n = 0; n < APPS; n += 1) Object.assign(files, writeApp(`${900 + n}`, `app${n}`));
        const pbx = await startOwnPbx("pbx", {
          volume: await createVolume(),
          files: { "seed.json": JSON.stringify({ compile: { delay: 700 } }) },
          args: [...SANDBOX, "--latency", "100", "--seed", "seed.json", "--data", "/data/pbx.json"],
        });
        const run = (...args: string[]): Promise<Outcome> =>
          runToEnd(engine, images.callform, [...args, "--insecure-http"], {
            network,
            files,
            env: credentials(`http://pbx:${PORT}`),
          });

        const cutOff = run("apply", "--yes");
        const before = await vi.waitUntil(
          async () => {
            const apps = await readApps(pbx);
            return apps.some((app) => app.endsWith("live")) && apps;
          },
          { timeout: MINUTE, interval: 50 },
        );
        await pbx.restart();
        expect(before.length).toBeLessThan(APPS);
        const after = await readApps(pbx);
        for (const app of before.filter((one) => one.endsWith("live")))
          expect(after).toContain(app);

        expect([0, 1]).toContain((await cutOff).code);
        expect(await run("apply", "--yes")).toMatchObject({ code: 0 });
        expect(await readApps(pbx)).toEqual(
          Array.from({ length: APPS }, (_, n) => `${900 + n} live`),
        );
        expect(await run("plan", "--detailed-exitcode")).toMatchObject({
          code: 0,
          stdout: expect.stringContaining("No changes."),
        });
      },
      4 * MINUTE,
    );
  });

  async function inspectImage() {
    return engine.container.dockerode.getImage(images.callform).inspect();
  }

  async function startOwnPbx(
    name: string,
    options: Omit<Parameters<typeof startPbx>[2], "name"> = {},
  ): Promise<StartedTestContainer> {
    const pbx = await startPbx(images.callform, network, { name, ...options });
    onTestFinished(async () => {
      await pbx.stop();
    });
    return pbx;
  }

  async function createVolume(): Promise<string> {
    const volume = await engine.container.dockerode.createVolume({});
    onTestFinished(async () => {
      await volume.remove();
    });
    return volume.name;
  }
});

/** Number and state of every app. */
async function readApps(pbx: StartedTestContainer): Promise<string[]> {
  const { apps } = await readState(pbx);
  return apps.map(({ number, state }) => `${number} ${state}`).toSorted();
}

/** What the page of the sandbox shows. */
async function readState(pbx: StartedTestContainer): Promise<PageState> {
  const answer = await fetch(`${locatePbx(pbx)}/sandbox/state`);
  return JSON.parse(await answer.text());
}

/** The sandbox's own client, as the project file asks for it. */
function credentials(url: string): Record<string, string> {
  return { PBX_URL: url, PBX_CLIENT_ID: "callform", PBX_CLIENT_SECRET: "sandbox-secret" };
}

/** The packages that a file of licences is about. */
function listLicensed(text: string): string[] {
  return [...text.matchAll(/^(\S+) \S+\nLicence: /gm)].map(([, name]) => name ?? "");
}
