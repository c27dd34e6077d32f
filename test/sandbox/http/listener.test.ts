import { connect } from "node:net";
import { Hono } from "hono";
import { expect, onTestFinished, test } from "vitest";
import { listen } from "../../../src/sandbox/http/listener.ts";
import type { Listener, SandboxApp } from "../../../src/sandbox/http/listener.ts";
import { createRestarter } from "../../../src/sandbox/http/restarter.ts";
import { manualClock } from "../../support/pbx/raw-client.ts";

/** Answers at once at `/`, and at `/slow` when it is told to. */
async function openListener(): Promise<{
  listener: Listener;
  url: string;
  release: () => void;
  arrived: Promise<void>;
}> {
  const app: SandboxApp = new Hono();
  const gate = signal();
  const arrived = signal();
  app.get("/", (context) => context.text("here"));
  app.get("/slow", async (context) => {
    arrived.give();
    await gate.given;
    return context.text("late");
  });
  const listener = await listen(app, "127.0.0.1", 0);
  onTestFinished(async () => listener.close("at-once"));
  return {
    listener,
    url: `http://127.0.0.1:${listener.port}`,
    release: gate.give,
    arrived: arrived.given,
  };
}

function signal(): { readonly given: Promise<void>; readonly give: () => void } {
  let give = (): void => undefined;
  const given = new Promise<void>((resolve) => {
    give = resolve;
  });
  return { given, give };
}

test("closing gracefully lets a request under way be answered", async () => {
  const { arrived, listener, release, url } = await openListener();
  const answer = fetch(`${url}/slow`);
  await arrived;
  const closed = listener.close("gracefully");
  release();
  expect(await (await answer).text()).toBe("late");
  await closed;
  await expect(fetch(url)).rejects.toThrow("fetch failed");
});

test("closing gracefully does not wait for ever for one that is not", async () => {
  const { arrived, listener, url } = await openListener();
  const outcome = fetch(`${url}/slow`).catch((error: unknown) => error);
  await arrived;
  await listener.close("gracefully");
  expect(await outcome).toMatchObject({ message: "fetch failed" });
}, 10_000);

test("a connection that says nothing does not hold it up", async () => {
  const { listener } = await openListener();
  const socket = connect(listener.port, "127.0.0.1");
  await new Promise((resolve) => socket.once("connect", resolve));
  const ended = new Promise((resolve) => socket.once("close", resolve));
  socket.on("error", () => undefined);
  await listener.close("at-once");
  expect(await ended).toBeTypeOf("boolean");
});

test("it opens again on the same port, and closing twice is closing once", async () => {
  const { listener, url } = await openListener();
  await listener.close("at-once");
  await listener.close("at-once");
  await listener.reopen();
  expect(await (await fetch(url)).text()).toBe("here");
});

test("a port that cannot be had is the system's error", async () => {
  const { listener } = await openListener();
  await expect(listen(new Hono(), "127.0.0.1", listener.port)).rejects.toMatchObject({
    code: "EADDRINUSE",
  });
});

test("a restart is over when the time has passed, and not before", async () => {
  const { listener, url } = await openListener();
  const clock = manualClock();
  const restarter = createRestarter(listener, clock);
  restarter.restart(1000);
  await untilClosed(url);
  clock.advance(999);
  await expect(fetch(url)).rejects.toThrow("fetch failed");
  clock.advance(1);
  expect(await untilOpen(url)).toBe("here");
  await restarter.close();
});

test("what is closed in the middle of a restart stays closed", async () => {
  const { listener, url } = await openListener();
  const clock = manualClock();
  const restarter = createRestarter(listener, clock);
  restarter.restart(1000);
  await untilClosed(url);
  await restarter.close();
  clock.advance(1000);
  await new Promise(setImmediate);
  await expect(fetch(url)).rejects.toThrow("fetch failed");
});

test("a port that somebody else took during a restart is said at the end", async () => {
  const { listener, url } = await openListener();
  const clock = manualClock();
  const restarter = createRestarter(listener, clock);
  restarter.restart(1000);
  await untilClosed(url);
  const squatter = await listen(new Hono(), "127.0.0.1", listener.port);
  clock.advance(1000);
  await expect(
    (async () => {
      for (let round = 0; round < 1000; round++) {
        await new Promise(setImmediate);
        await restarter.close();
      }
    })(),
  ).rejects.toMatchObject({ code: "EADDRINUSE" });
  await squatter.close("at-once");
});

async function untilClosed(url: string): Promise<void> {
  while (
    await fetch(url).then(
      () => true,
      () => false,
    )
  )
    await new Promise(setImmediate);
}

async function untilOpen(url: string): Promise<string> {
  for (;;) {
    const answer = await fetch(url).catch(() => undefined);
    if (answer !== undefined) return answer.text();
  }
}
