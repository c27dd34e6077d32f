import { createRequire as __createRequire } from "node:module"; const require = __createRequire(import.meta.url);
import{b as r,c as a}from"./chunk-BXP3TJC2.js";import"./chunk-FXYTUDRP.js";export{a as creator,r as rules};
