import type { Kind } from "../domain/ports.ts";
import { callFlowApp } from "./call-flow-app.ts";

/** Every kind a manifest can name. */
export const kinds: readonly Kind[] = [callFlowApp];
