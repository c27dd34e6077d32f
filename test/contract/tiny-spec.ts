import { describeSpec, type Spec } from "../support/contract/spec/read.ts";
import type { Tree } from "../support/contract/spec/tree.ts";

// An API description of our own, in the shapes that 3CX's has, so that these tests need no other file.

const reference = (name: string): Tree => ({ $ref: `#/components/schemas/${name}` });
const nullable = (schema: Tree): Tree => ({ allOf: [schema], nullable: true });
const listOf = (items: Tree): Tree => ({ type: "array", items });
const json = (schema: Tree): Tree => ({ content: { "application/json": { schema } } });
const option = (name: string, schema: Tree): Tree => ({ name, in: "query", schema });

const key: Tree = { name: "Id", in: "path", required: true, schema: { type: "integer" } };
const shapeOptions = [
  option("$select", listOf({ type: "string" })),
  option("$expand", listOf({ type: "string" })),
];
const listOptions = [
  { $ref: "#/components/parameters/top" },
  option("$filter", { type: "string" }),
  option("$orderby", listOf({ type: "string" })),
  option("$count", { type: "boolean" }),
  ...shapeOptions,
];
const failure: Tree = { $ref: "#/components/responses/error" };
const collection = (items: Tree): Tree => ({
  type: "object",
  allOf: [reference("Page"), { type: "object", properties: { value: listOf(items) } }],
});

export const TINY_SOURCE: Tree = {
  openapi: "3.0.4",
  paths: {
    "/Shelves": {
      get: {
        parameters: listOptions,
        responses: { 200: json(collection(reference("Pbx.Shelf"))), default: failure },
      },
      post: {
        requestBody: { ...json(reference("Pbx.Shelf")), required: true },
        responses: { 201: json(reference("Pbx.Shelf")), default: failure },
      },
    },
    "/Shelves({Id})": {
      get: {
        parameters: [key, ...shapeOptions],
        responses: { 200: json(reference("Pbx.Shelf")), default: failure },
      },
      patch: {
        parameters: [key],
        requestBody: json(reference("Pbx.Shelf")),
        responses: { 204: { description: "Success" }, default: failure },
      },
      delete: { parameters: [key], responses: { 204: {}, default: failure } },
    },
    "/Shelves(Name={Name})": {
      get: {
        parameters: [{ name: "Name", in: "path", schema: { type: "string" } }],
        responses: { 200: json(reference("Pbx.Shelf")), default: failure },
      },
    },
    "/Shelves/Pbx.FindSince(since={since},deep={deep})": {
      get: {
        parameters: [
          { name: "since", in: "path", schema: { type: "string", pattern: "^[0-9]{4}-[0-9]{2}$" } },
          { name: "deep", in: "path", schema: { type: "boolean" } },
        ],
        responses: { 200: json(collection({ type: "string" })), default: failure },
      },
    },
  },
  components: {
    schemas: {
      Page: {
        type: "object",
        properties: { "@odata.count": { type: "integer", nullable: true } },
      },
      "Pbx.Thing": {
        title: "Thing",
        type: "object",
        properties: {
          Id: { type: "integer", minimum: 0, maximum: 1000 },
          Name: { type: "string", nullable: true, maxLength: 40 },
          Tags: { ...listOf(reference("Pbx.Tag")), "x-ms-navigationProperty": true },
        },
      },
      "Pbx.Shelf": {
        allOf: [
          reference("Pbx.Thing"),
          {
            title: "Shelf",
            type: "object",
            properties: {
              Wood: nullable(reference("Pbx.Wood")),
              Uses: reference("Pbx.Use"),
              Load: { oneOf: [{ type: "number", nullable: true }, { type: "string" }] },
              Boards: listOf(reference("Pbx.Board")),
              Room: { ...nullable(reference("Pbx.Room")), "x-ms-navigationProperty": true },
              Since: { type: "string", pattern: "^[0-9]{4}-[0-9]{2}$", nullable: true },
            },
          },
        ],
      },
      "Pbx.Board": {
        title: "Board",
        type: "object",
        properties: { Length: { type: "integer" }, Sound: { type: "boolean" } },
      },
      "Pbx.Tag": { title: "Tag", type: "object", properties: { Text: { type: "string" } } },
      "Pbx.Room": {
        title: "Room",
        type: "object",
        properties: {
          Name: { type: "string" },
          Doors: { ...listOf(reference("Pbx.Tag")), "x-ms-navigationProperty": true },
        },
      },
      "Pbx.Anything": { title: "Anything", type: "object" },
      "Pbx.Wood": { type: "string", enum: ["Oak", "Beech", "Pine"] },
      "Pbx.Use": {
        type: "string",
        enum: ["Books", "Plants"],
        "x-ms-enum-flags": { isFlags: true },
      },
      "Pbx.Warnings": { type: "string", enum: ["WARNINGS.TOO_HEAVY"] },
      Failure: {
        type: "object",
        required: ["error"],
        properties: { error: reference("FailureText") },
      },
      FailureText: {
        type: "object",
        required: ["code", "message"],
        properties: {
          code: { type: "string" },
          message: { type: "string" },
          details: listOf(reference("FailureText")),
          target: { type: "string", nullable: true },
        },
      },
    },
    responses: { error: json(reference("Failure")) },
    parameters: { top: option("$top", { type: "integer", minimum: 0 }) },
    securitySchemes: {
      Application: { flows: { clientCredentials: { tokenUrl: "/connect/token" } } },
    },
  },
};

export function describeTiny(): Spec {
  return describeSpec("tiny.yaml", TINY_SOURCE);
}
