export { VERSION } from "../app/version.ts";
