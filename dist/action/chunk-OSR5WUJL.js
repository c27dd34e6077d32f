import { createRequire as __createRequire } from "node:module"; const require = __createRequire(import.meta.url);
import{ba as a,ca as b,da as c}from"./chunk-AKD3L4NU.js";import"./chunk-7G4MFVMW.js";import"./chunk-ONGGRSE6.js";import"./chunk-FXYTUDRP.js";export{b as findTargets,c as forEachTarget,a as makeFlags};
