import { Ajv2020 } from "ajv/dist/2020.js";

import type { Kind } from "../../../src/domain/ports.ts";
import { callFlowApp } from "../../../src/kinds/call-flow-app.ts";
import { adaptValidate, type Validator } from "../../../src/manifest/schema/validators.ts";

function refuse(): never {
  throw new Error("a manifest is read without the PBX side of its kind");
}

/** The PBX side of a kind, which reading manifests has no business with. */
const UNUSED = {
  query: { collection: "Nothing", select: [] },
  readEntity: refuse,
  complete: refuse,
  createBody: refuse,
  createdFields: [],
  updateBody: refuse,
  lookups: refuse,
  lookupCollections: [],
  references: refuse,
  health: refuse,
} satisfies Partial<Kind>;

/** The manifest side of the real kind, without rules of its own. */
export const appKind: Kind = { ...callFlowApp, ...UNUSED, check: () => [] };

/** A kind that shares nothing with call flow apps: another key, other fields, two texts. */
export const noticeKind: Kind = {
  ...UNUSED,
  name: "Notice",
  collection: "Notices",
  keyField: "slug",
  keyProperty: "Slug",
  titleField: "title",
  fields: [
    { name: "title", comparison: "line" },
    { name: "level", comparison: "exact" },
    { name: "pinned", comparison: "exact" },
    { name: "body", comparison: "text" },
    { name: "footer", comparison: "text" },
  ],
  statusFields: [{ name: "readCount", why: "the PBX counts it" }],
  fileFields: { bodyFile: "body", footerFile: "footer" },
  numbered: false,
  check: ({ fields, fieldSpans }) =>
    fields["title"] === "forbidden"
      ? [
          {
            severity: "error",
            code: "notice-title",
            message: "a notice cannot have this title",
            ...(fieldSpans["title"] !== undefined && { at: fieldSpans["title"] }),
          },
        ]
      : [],
};

const NOTICE_SCHEMA = {
  type: "object",
  additionalProperties: false,
  required: ["apiVersion", "kind", "metadata", "spec"],
  properties: {
    apiVersion: { const: "callform/v1" },
    kind: { const: "Notice" },
    metadata: {
      type: "object",
      additionalProperties: false,
      required: ["slug"],
      properties: { slug: { type: "string" } },
    },
    spec: {
      type: "object",
      additionalProperties: false,
      properties: {
        title: { type: "string" },
        level: { type: "integer" },
        pinned: { type: "boolean" },
        body: { type: "string" },
        bodyFile: { type: "string" },
        footer: { type: "string" },
        footerFile: { type: "string" },
      },
    },
  },
};

export const noticeValidators: Readonly<Record<string, Validator>> = {
  Notice: adaptValidate(new Ajv2020({ allErrors: true, verbose: true }).compile(NOTICE_SCHEMA)),
};
