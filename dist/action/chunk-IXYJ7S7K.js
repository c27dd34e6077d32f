import { createRequire as __createRequire } from "node:module"; const require = __createRequire(import.meta.url);
function i({changes:t,unsettled:r=[]}){return t.length>0||r.length>0}export{i as a};
