import { randomUUID } from "node:crypto";
import { vi } from "vitest";
import type * as sandboxExchange from "../../../../src/sandbox/exchange.ts";
import { nameTest } from "./program.ts";
import { RECORDS_VARIABLE, writeRecord } from "./record.ts";

// Loaded before every test file: whatever sandbox a test starts in its own process, and however, is observed.
vi.mock("../../../../src/sandbox/exchange.ts", async (importOriginal) => {
  const original = await importOriginal<typeof sandboxExchange>();
  const folder = process.env[RECORDS_VARIABLE];
  if (folder === undefined) return original;
  const { observeExchange } = await import("./observe.ts");
  const name = `${process.pid}-${randomUUID()}`;
  const exchange = observeExchange(original.exchange, (recorded) =>
    writeRecord(folder, name, { ...recorded, test: nameTest() }),
  );
  return { ...original, exchange };
});
