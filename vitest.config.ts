import { availableParallelism } from "node:os";
import { defineConfig } from "vitest/config";

const report = process.env["CALLFORM_TEST_REPORT"];

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    globalSetup: ["test/support/program/build.ts", "test/support/contract/record/run.ts"],
    setupFiles: ["test/support/contract/record/observer.ts", "test/support/fuzz/plant.ts"],
    // Many tests wait for a process of their own, so a second worker helps on two processors, too.
    maxWorkers: Math.max(2, availableParallelism() - 1),
    // Only what hangs takes that long, on however slow a machine.
    testTimeout: 600_000,
    hookTimeout: 600_000,
    reporters: report === undefined ? ["default"] : ["default", ["json", { outputFile: report }]],
    // Tests must not depend on what the person running them has set.
    env: {
      NO_COLOR: "1",
      FORCE_COLOR: "",
      CALLFORM_URL: "",
      CALLFORM_CLIENT_ID: "",
      CALLFORM_CLIENT_SECRET: "",
    },
  },
});
