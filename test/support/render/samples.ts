import type { Change, Plan } from "../../../src/domain/plan/plan.ts";
import type { Problem } from "../../../src/domain/problem.ts";
import type { Paint } from "../../../src/render/paint.ts";

/** Shows where each colour begins and ends. */
export const paintTags: Paint = (colour, text) => `<${colour}>${text}</${colour}>`;

export function makePlan(plan: Partial<Plan> = {}): Plan {
  return {
    formatVersion: 1,
    target: { name: "production", url: "https://pbx.example.com:5001" },
    partial: false,
    summary: { create: 0, update: 0, delete: 0, unchanged: 14 },
    changes: [],
    unmanaged: [],
    problems: [],
    digest: "d".repeat(64),
    ...plan,
  };
}

export const CREATE: Change = {
  op: "create",
  kind: "CallFlowApp",
  key: "806",
  title: "afterhours",
  at: { file: "apps/806.yaml", line: 4, column: 11 },
  fields: [
    { field: "name", after: "afterhours" },
    { field: "trunk", after: null },
    { field: "groups", after: [{ name: "DEFAULT", role: "users" }] },
    { field: "scriptCode", after: "a\nb", diff: "@@ -0,0 +1,2 @@\n+a\n+b" },
  ],
  patch: [],
};

export const UPDATE: Change = {
  op: "update",
  kind: "CallFlowApp",
  key: "*39",
  title: "lobby",
  at: { file: "apps/39.yaml", line: 4, column: 11 },
  fields: [
    { field: "routingType", before: "Forward", after: "Trunk" },
    { field: "trunk", before: null, after: { number: "10001" } },
    { field: "transcriptionMode", sensitive: true },
    {
      field: "scriptCode",
      before: "a\nb",
      after: "a\nc",
      diff: "@@ -1,2 +1,2 @@\n a\n-b\n+c",
      at: { file: "apps/lobby.cs", line: 1, column: 1 },
    },
  ],
  patch: [],
};

export const DELETE: Change = {
  op: "delete",
  kind: "CallFlowApp",
  key: "801",
  title: "old",
  fields: [
    { field: "name", before: "old" },
    { field: "routingType", sensitive: true },
  ],
  patch: [],
};

/** One of everything that a plan can hold. */
export const FULL = makePlan({
  partial: true,
  summary: { create: 2, update: 1, delete: 1, unchanged: 14 },
  changes: [CREATE, { ...CREATE, key: "810", fields: [], renumbers: "801" }, UPDATE, DELETE],
  unmanaged: [
    { kind: "CallFlowApp", key: "900", title: "console" },
    { kind: "CallFlowApp", key: "901", released: true },
  ],
});

/** With a base, in which the fields of one change have three origins. */
export const SPLIT = makePlan({
  base: "0123456789abcdef0123456789abcdef01234567",
  summary: { create: 0, update: 1, delete: 1, unchanged: 0 },
  changes: [
    {
      ...UPDATE,
      fields: [
        { field: "name", before: "a", after: "b", origin: "intended" },
        { field: "routingType", before: "Trunk", after: "Forward", origin: "drift" },
        { field: "trunk", before: { number: "1" }, after: null, origin: "conflict" },
      ],
    },
    DELETE,
  ],
});

export const PROBLEMS: readonly Problem[] = [
  {
    severity: "error",
    code: "script-refused",
    message: "CS0103: The name 'x' does not exist",
    at: { file: "apps/menu.cs", line: 12, column: 5 },
    subject: "CallFlowApp 806",
  },
  {
    severity: "warning",
    code: "trunk-unused",
    message: "a trunk is named",
    hint: "set routingType: Trunk, or remove the trunk",
    at: { file: "apps/806.yaml", line: 7, column: 3 },
  },
  {
    severity: "info",
    code: "script-refused-state",
    message: "the old one still runs",
    subject: "CallFlowApp 806",
  },
  { severity: "error", code: "guard-max-deletes", message: "the plan deletes 3", hint: "allow it" },
];

/** What a plan says as JSON, in this order within a major version. */
export const PLAN_MEMBERS = [
  "formatVersion",
  "target",
  "partial",
  "summary",
  "changes",
  "unmanaged",
  "problems",
  "digest",
];
