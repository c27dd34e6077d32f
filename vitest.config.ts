import { availableParallelism } from "node:os";
import { defineConfig, type TestProjectInlineConfiguration } from "vitest/config";

const report = process.env["CALLFORM_TEST_REPORT"];

/** What starts no process and changes nothing of its own: its files share a worker, which loads everything once. */
const SHARED = "app domain engine kinds laws manifest render sandbox script xapi"
  .split(" ")
  .map((room) => `test/${room}/**/*.test.ts`);

const common: TestProjectInlineConfiguration["test"] = {
  setupFiles: ["test/support/contract/record/observer.ts", "test/support/fuzz/plant.ts"],
  // Only what hangs takes that long, on however slow a machine.
  testTimeout: 600_000,
  hookTimeout: 600_000,
  unstubEnvs: true,
  // Most of what the C# grammar's WASM would gain by optimizing comes after the tests are over.
  execArgv: ["--liftoff-only"],
  // Tests must not depend on what the person running them has set.
  env: {
    NO_COLOR: "1",
    FORCE_COLOR: "",
    CALLFORM_URL: "",
    CALLFORM_CLIENT_ID: "",
    CALLFORM_CLIENT_SECRET: "",
  },
};

export default defineConfig({
  test: {
    globalSetup: ["test/support/program/build.ts", "test/support/contract/record/run.ts"],
    // Many tests wait for a process of their own, so a second worker helps on two processors, too.
    maxWorkers: Math.max(2, availableParallelism() - 1),
    reporters: report === undefined ? ["default"] : ["default", ["json", { outputFile: report }]],
    projects: [
      { test: { ...common, name: "shared", include: SHARED, isolate: false } },
      {
        test: { ...common, name: "alone", include: ["test/**/*.test.ts"], exclude: SHARED },
      },
    ],
  },
});
