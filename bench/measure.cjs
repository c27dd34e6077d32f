// Loaded before either side of a comparison: leaves what the process used in a file when it ends.
"use strict";
const { writeFileSync } = require("node:fs");
const file = process.env.CALLFORM_BENCH_USAGE;
if (file !== undefined)
  process.on("exit", () => {
    const { userCPUTime, systemCPUTime, maxRSS } = process.resourceUsage();
    writeFileSync(
      file,
      JSON.stringify({ cpu: (userCPUTime + systemCPUTime) / 1000, memory: maxRSS * 1024 }),
    );
  });
