import { callFlowApp } from "./call-flow-app.ts";
import type { DeclaredKind } from "./declare/declaration.ts";

/** Every kind a manifest can name. */
export const kinds: readonly DeclaredKind[] = [callFlowApp];
