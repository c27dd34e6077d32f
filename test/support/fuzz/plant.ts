import * as fc from "fast-check";
import { expect } from "vitest";
import { chooseSeed } from "./seeds.ts";

// Loaded before every file of tests: no law of it draws a seed of its own.
fc.configureGlobal({ seed: chooseSeed(expect.getState().testPath ?? "") });
