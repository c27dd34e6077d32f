// Loaded before a contender: ends a process that would keep the bench waiting for ever.
"use strict";
const MINUTES = 15;
setTimeout(() => {
  process.stderr.write(`not done after ${MINUTES} minutes\n`);
  process.exit(124);
}, MINUTES * 60_000).unref();
