import { expect, it } from "vitest";
import { systemClock } from "../../src/app/clock.ts";
import { Secret } from "../../src/domain/secret.ts";
import { startSandbox } from "../../src/sandbox/server.ts";
import { createClient } from "../../src/xapi/client.ts";

// No test of this suite: `run.test.ts` gives it runs of its own, against descriptions that fit and that do not.
it("reads the departments", async () => {
  const sandbox = await startSandbox();
  const { url: origin, clientId, clientSecret } = sandbox;
  const secret = new Secret(clientSecret);
  const client = createClient({ origin, clientId, clientSecret: secret, clock: systemClock });
  const query = { collection: "Groups", select: ["Id", "Name"] };
  expect(await client.reader.list(query)).toEqual([{ Id: expect.any(Number), Name: "DEFAULT" }]);
  await client.close();
  await sandbox.close();
});
