import { defineKind } from "./declare/define-kind.ts";
import { anyText, optional } from "./declare/fields/scalars.ts";

/** What may open something: such values are told apart by the name alone. */
const SECRET = /PASS|SECRET|TOKEN|KEY|PIN(?![GK])|CREDENTIAL/i;

/** A parameter: one of several hundred settings of a PBX that have no page of their own. */
export const parameter = defineKind(
  {
    name: "Parameter",
    collection: "Parameters",
    noun: "parameter",
    about:
      "One parameter of a 3CX phone system: a setting with a name and a text. Those that no manifest names are left alone, whatever the policy says.",
    key: {
      name: "name",
      property: "Name",
      title: "Name",
      about:
        "The name of the parameter, as the PBX spells it. It is the identity: another name means another parameter.",
      pattern: "^[^\\s'/?#%&+]{1,255}$",
      patternErrorMessage: "must be 1 to 255 characters without blanks, quotes, / ? # % & or +",
      examples: ["ALLOWEDEXTERNALIPS"],
    },
    titleField: "description",
    since: "20.0.10",
    evidence: "3CX's API description 20.0.10; some 800 rows on a live PBX, found by name (BSM)",
    fields: {
      value: anyText(
        "The text of the parameter. One whose name speaks of a password, key, token or PIN is never shown.",
        {
          required: true,
          born: true,
          maxLength: 131_072,
          examples: ["1"],
          hides: (key) => SECRET.test(key),
        },
      ),
      description: optional("What it is for, in words.", { examples: ["Set by hand"] }),
    },
    status: {},
    leaves: {},
    example: { metadata: { name: "ALLOWEDEXTERNALIPS" }, spec: { value: "1" } },
  },
  { scope: "named" },
);
