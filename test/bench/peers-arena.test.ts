import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { parse } from "yaml";
import { alchemy } from "../../bench/peers/alchemy.ts";
import { openArena, type ArenaPlan } from "../../bench/peers/arena.ts";
import { auth0 } from "../../bench/peers/auth0.ts";
import type { Arena } from "../../bench/peers/contender.ts";
import { directus } from "../../bench/peers/directus.ts";
import { makeObjects, pickOne, type PeerObject } from "../../bench/peers/objects.ts";
import { createThingsApi } from "../../bench/peers/things-api.ts";
import { runProcess } from "../../bench/run-process.ts";
import { makeFolder } from "../support/project/folder.ts";

const SYNC_ID = "_syncId";
const shape = { objects: 3, latency: 0 };

interface Watched {
  readonly described: (readonly PeerObject[])[];
  readonly urls: string[];
  readonly plan: ArenaPlan;
}

function watchPlan(overrides: Partial<ArenaPlan> = {}): Watched {
  const described: (readonly PeerObject[])[] = [];
  const urls: string[] = [];
  const plan: ArenaPlan = {
    objects: makeObjects(3, 100),
    api: createThingsApi(),
    options: { latency: 0 },
    describe: (_, objects) => void described.push(objects),
    commands(folder, url) {
      urls.push(url);
      const command = { args: [url], cwd: folder, env: {} };
      return { look: command, change: command };
    },
    readLook: (stdout) => (stdout === "clean" ? undefined : "it found changes"),
    ...overrides,
  };
  return { described, urls, plan };
}

async function open(plan: ArenaPlan): Promise<Arena> {
  const arena = await openArena(plan);
  onTestFinished(() => arena.close());
  return arena;
}

async function put(url: string, { name, text }: PeerObject): Promise<void> {
  await fetch(`${url}/things/${name}`, { method: "PUT", body: JSON.stringify({ text }) });
}

describe("an arena", () => {
  it("describes the objects as they are, then one of them anew with every change", async () => {
    const { described, plan } = watchPlan();
    const arena = await open(plan);
    await arena.changeOne();
    await arena.changeOne();
    const texts = described.map((objects) => pickOne(objects).text);
    expect(texts[0]).toBe(pickOne(plan.objects).text);
    expect(new Set(texts).size).toBe(3);
  });

  it("believes a change when the system has it, and no sooner", async () => {
    const { described, urls, plan } = watchPlan();
    const arena = await open(plan);
    await arena.changeOne();
    expect(await arena.judge("change", "done")).toBe("object-1 did not become what was desired");
    await put(urls[0] ?? "", pickOne(described[1] ?? []));
    expect(await arena.judge("change", "done")).toBeUndefined();
    await arena.changeOne();
    expect(await arena.judge("change", "done")).toContain("did not become");
  });

  it("believes a look by what it printed", async () => {
    const arena = await open(watchPlan().plan);
    expect(await arena.judge("look", "clean")).toBeUndefined();
    expect(await arena.judge("look", "1 to update")).toBe("it found changes");
  });

  it("leaves no folder and no port behind when the project cannot be written", async () => {
    const folders: string[] = [];
    let disposed = 0;
    const { plan } = watchPlan({
      describe(folder) {
        folders.push(folder);
        throw new Error("disk full");
      },
      dispose: () => void (disposed += 1),
    });
    await expect(openArena(plan)).rejects.toThrow("disk full");
    expect(folders.filter(existsSync)).toEqual([]);
    expect(folders).toHaveLength(1);
    expect(disposed).toBe(1);
  });
});

describe("the arena of auth0-deploy-cli", () => {
  it("points it at a TLS stand-in whose certificate it trusts, with the clients in one file", async () => {
    const arena = await auth0.open(shape, "/modules");
    const { look, change } = arena.commands;
    const config = JSON.parse(readFileSync(path.join(look.cwd, "config.json"), "utf8")) as unknown;
    expect(config).toMatchObject({
      AUTH0_DOMAIN: expect.stringMatching(/^localhost:\d+$/),
      AUTH0_INCLUDED_ONLY: ["clients"],
    });
    const tenant = parse(readFileSync(path.join(look.cwd, "tenant.yaml"), "utf8")) as unknown;
    expect(tenant).toMatchObject({ clients: [{ name: "object-0" }, {}, {}] });
    expect(look.args).toEqual([...change.args, "--dry-run"]);
    expect(change.args).not.toContain("--dry-run");
    const certificate = look.env["NODE_EXTRA_CA_CERTS"] ?? "";
    expect(readFileSync(certificate, "utf8")).toContain("BEGIN CERTIFICATE");
    await arena.close();
    expect([look.cwd, certificate].filter(existsSync)).toEqual([]);
  });

  it("is content with a dry run that found nothing, and only with that", async () => {
    const arena = await auth0.open(shape, "/modules");
    onTestFinished(() => arena.close());
    expect(await arena.judge("look", "No changes detected.\n")).toBeUndefined();
    expect(await arena.judge("look", "│ Clients │ UPDATE │")).toContain("found changes");
  });
});

describe("the arena of directus-sync", () => {
  it("writes the dump that a pull would, and the flows are those of the stand-in", async () => {
    const arena = await directus.open(shape, "/modules");
    onTestFinished(() => arena.close());
    const { look, change } = arena.commands;
    const dump = path.join(look.cwd, "directus-config/collections/flows.json");
    const flows = JSON.parse(readFileSync(dump, "utf8")) as Record<string, unknown>[];
    expect(flows).toHaveLength(3);
    const url = look.args.find((arg) => arg.startsWith("http://")) ?? "";
    const filter = JSON.stringify({ id: flows[0]?.[SYNC_ID] });
    const answer = await fetch(`${url}/flows?${new URLSearchParams({ filter }).toString()}`);
    const { [SYNC_ID]: id, ...dumped } = flows[0] ?? {};
    expect(await answer.json()).toMatchObject({ data: [{ id, ...dumped }] });
    expect([look.args[1], change.args[1]]).toEqual(["diff", "push"]);
  });

  it("is content with a diff that found nothing", async () => {
    const arena = await directus.open(shape, "/modules");
    onTestFinished(() => arena.close());
    expect(await arena.judge("look", "Done!")).toBeUndefined();
    for (const found of ["To create: 1", "To update: 1", "To delete: 1"])
      expect(await arena.judge("look", `[flows] ${found} item(s)`)).toContain("found changes");
  });
});

describe("the arena of alchemy", () => {
  /** What the program uses of alchemy: a resource is made whenever its properties are not those of its state file. */
  const FAKE = `import { existsSync, readFileSync, writeFileSync } from "node:fs";
export function Resource(type, make) {
  return async (id, props) => {
    const file = id + ".state";
    const text = JSON.stringify(props);
    if (existsSync(file) && readFileSync(file, "utf8") === text) return;
    await make.call({ phase: "create" }, id, props);
    writeFileSync(file, text);
  };
}
export default async () => ({ finalize: async () => {} });
`;
  const install = (program = FAKE) =>
    makeFolder({
      "alchemy/package.json": '{ "name": "alchemy", "type": "module", "exports": "./index.js" }',
      "alchemy/index.js": program,
    });

  it("starts from the state of a run of its own; then one change is one write", async () => {
    const arena = await alchemy.open(shape, install().root);
    onTestFinished(() => arena.close());
    expect(await arena.tally()).toMatchObject({ requests: 3, writes: 3 });
    await arena.clear();
    const { stdout } = await runProcess(arena.commands.look);
    expect(await arena.judge("look", stdout)).toBeUndefined();
    expect(await arena.tally()).toMatchObject({ requests: 0 });
    await arena.changeOne();
    await runProcess(arena.commands.change);
    expect(await arena.judge("change", "")).toBeUndefined();
    expect(await arena.tally()).toMatchObject({ requests: 1, writes: 1 });
    expect(await arena.judge("look", "")).toBe("it wrote again what had not changed");
  });

  it("cannot be opened where alchemy does not run, and says what it printed", async () => {
    const old = `export const Resource = () => {
  throw new Error("needs a newer Node");
};
export default {};
`;
    await expect(alchemy.open(shape, install(old).root)).rejects.toThrow("needs a newer Node");
  });
});
