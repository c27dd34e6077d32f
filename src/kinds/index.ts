import { callFlowApp } from "./call-flow-app.ts";
import { parameter } from "./parameter.ts";
import { queue } from "./queue.ts";
import { receptionist } from "./receptionist.ts";
import { ringGroup } from "./ring-group.ts";
import type { DeclaredKind } from "./declare/declaration.ts";

/** Every kind a manifest can name. */
export const kinds: readonly DeclaredKind[] = [
  callFlowApp,
  ringGroup,
  queue,
  receptionist,
  parameter,
];
