import { createRequire as __createRequire } from "node:module"; const require = __createRequire(import.meta.url);
import{ea as a,fa as b,ga as c}from"./chunk-VJWXTMPB.js";import"./chunk-UK7DZGQ6.js";import"./chunk-ONGGRSE6.js";import"./chunk-FXYTUDRP.js";export{b as findTargets,c as forEachTarget,a as makeFlags};
