import type { Behaviour } from "./behaviour.ts";

/** Creating, changing, removing. */
export const WRITES = [
  {
    name: "delta-message",
    does: "A body that cannot be bound (an unknown property, a wrong type, no object at all) is answered with 400 and the missing delta field, without a word about the cause.",
    evidence: "azir, UCRManager, a WHMCS add-on and RC, live",
    mark: "L",
  },
  {
    name: "warning-body",
    does: "A refused value is a 400 whose message is the property, a line break and a WARNINGS code, with an empty code and one detail for each.",
    evidence: "azir refusal_test.go, captured live",
    mark: "L",
  },
  {
    name: "put-refused",
    does: "PUT is 405 everywhere.",
    evidence: "UCRManager and 3CX-XAPI_examples, live; no PUT in 3CX's OpenAPI file",
    mark: "L",
  },
  {
    name: "read-only-sets",
    does: "POST to a collection that can only be read is 405.",
    evidence: "UCRManager, for DidNumbers and Backups, live",
    mark: "L",
  },
  {
    name: "navigation-not-writable",
    does: "POST to a navigation property is 404, PUT is 405.",
    evidence: "RC and 3CX-XAPI_examples, live",
    mark: "L",
  },
  {
    name: "function-without-argument",
    does: "A function called without its argument is 404.",
    evidence: "3CX-Tools-Suite notes, live",
    mark: "L",
  },
  {
    name: "two-step-create",
    does: "POST CallFlowApps takes Number and Name; everything else is for the PATCH that follows.",
    evidence:
      "a WHMCS add-on in production does it so; against it, the object model makes a route point with its script in one step (3CXCallControlAPI_v20, Tenant.CreateRoutePoint), and the delta message that RC met was for another kind of object",
    mark: "I",
    switches: ["createTakesEverything"],
  },
  {
    name: "number-and-name-required",
    does: "POST CallFlowApps without Number or Name is refused.",
    evidence: "nothing was found; queues, users and ring groups number themselves",
    mark: "I",
    switches: ["numberAndNameOptional"],
  },
  {
    name: "alphanumeric-names",
    does: "Before version 20.0.9, the name of a call flow app has letters and digits only.",
    evidence:
      "CALL_FLOW_MUST_BE_ALPHANUMERIC was in 3CX's OpenAPI file until 20.0.8; names seen are such",
    mark: "I",
    switches: ["alphanumericNames"],
  },
  {
    name: "one-number-plan",
    does: "A number belongs to one extension of whatever kind; a second one is refused with ALREADY_IN_USE.",
    evidence: "azir, live; the code second-hand",
    mark: "L",
  },
  {
    name: "number-immutable",
    does: "Number cannot be changed; sending it as it is does no harm.",
    evidence: "3cx/xapi-tutorial, every specification of an extension",
    mark: "O",
  },
  {
    name: "assigned-numbers",
    does: "Users, queues, ring groups, receptionists, trunks and departments created without a number get the next free one; departments GRP0001 and so on.",
    evidence: "3cx/xapi-tutorial",
    mark: "O",
  },
  {
    name: "pbx-fields-refused",
    does: "Properties that the PBX writes (CompilationSucceeded, IsRegistered …) may be sent empty or unchanged, and are refused with FORBIDDEN_CHANGE otherwise.",
    evidence: "nothing was found",
    mark: "I",
    switches: ["pbxFieldsRefused"],
  },
  {
    name: "arrays-replace",
    does: "An array that is sent replaces the one that was there.",
    evidence: "azir and a WHMCS add-on, live; 3cx/xapi-tutorial",
    mark: "O",
  },
  {
    name: "group-rights-ignored",
    does: "GroupRights in a membership binds and does nothing; the role stands in Rights, and is users when absent.",
    evidence: "azir and a WHMCS add-on, live",
    mark: "L",
  },
  {
    name: "rights-beside-role",
    does: "Rights of a membership beside its role are kept and shown with it, and lost when a list that replaces does not bring them; the list keeps its order, whose first is the primary department.",
    evidence:
      "3CX's object model has overrides beside the role and reorders for the primary group; that a write drops them is inferred",
    mark: "I",
  },
  {
    name: "foreign-id-checked",
    does: "An id of something that is not there is refused with NOT_FOUND.",
    evidence: "a fleet export tool and a WHMCS add-on, live; the status is inferred",
    mark: "L",
  },
  {
    name: "trunk-by-id",
    does: "A trunk is bound by its Id; the Number beside it may be absent but not another one's.",
    evidence:
      "nothing was found for call flow apps; azir writes TrunkDN of inbound rules with both",
    mark: "I",
    switches: ["trunkByNumber"],
  },
  {
    name: "two-sided-membership",
    does: "A membership can be written from the extension (Groups) and from the department (Members).",
    evidence: "3cx/xapi-tutorial users and groups",
    mark: "O",
  },
  {
    name: "department-with-members",
    does: "A department with members cannot be deleted, the default one never; DeleteCompanyById takes the members out first.",
    evidence: "a WHMCS add-on, live; 3CX's REST API page",
    mark: "L",
  },
  {
    name: "user-create-refuses",
    does: "POST Users takes the body that 3CX documents, VMEmailOptions included; it cannot bind Groups, TranscriptionMode, VMEnabled and VMPIN.",
    evidence:
      "3CX's REST API page for what it takes; a WHMCS add-on, live, for what it refuses; against that, a body of the console of 2024 had them",
    mark: "L",
  },
  {
    name: "primary-group-after-membership",
    does: "PrimaryGroupId of a department the user is no member of is refused with NOT_FOUND.",
    evidence: "a WHMCS add-on, live",
    mark: "L",
  },
  {
    name: "email-in-use",
    does: "The email address of another user is refused with ALREADY_IN_USE.",
    evidence: "azir refusal_test.go, captured live",
    mark: "L",
  },
  {
    name: "destination-completed",
    does: "A destination written as To and Number reads back with Name, Type and Tags wherever it stands; a number that nobody has, or that something of another kind has, is refused with NOT_FOUND.",
    evidence:
      "a topology app's live inbound rule; a department's routes on 3CX's REST API page; that the kind is checked is inferred",
    mark: "L",
  },
  {
    name: "outbound-rule-rewritten",
    does: "An outbound rule reads back with neighbouring prefixes as a range, a single DNRange without To, and five routes.",
    evidence: "a WHMCS add-on, live",
    mark: "L",
  },
  {
    name: "emergency-rule-empty-answer",
    does: "Creating an emergency rule is answered without a body.",
    evidence: "a WHMCS add-on, live",
    mark: "L",
  },
  {
    name: "location-of-new",
    does: "A create is answered with 201, the entity and a Location header that leads to it.",
    evidence: "3CX's REST API page, for departments and users",
    mark: "O",
  },
  {
    name: "empty-refused-by-update",
    does: "What a create must have, an update cannot empty.",
    evidence: "nothing was found",
    mark: "I",
    switches: ["updatesMayEmpty"],
  },
  {
    name: "form-of-numbers",
    does: "The number of an extension has letters, digits and *, and may start with #.",
    evidence: "3CXCallControlAPI_v20, help for route points",
    mark: "O",
  },
  {
    name: "recurrent-holiday",
    does: "A recurrent holiday reads back with the year 0.",
    evidence: "a WHMCS add-on and a prompt-upload script, live",
    mark: "L",
  },
  {
    name: "trunk-from-template",
    does: "InitTrunk gives an object that POST Trunks takes as it is.",
    evidence: "3cx/xapi-tutorial trunks",
    mark: "O",
  },
  {
    name: "app-files",
    does: "GetFiles lists the audio files of an app, DeleteFile removes one.",
    evidence: "3CX's OpenAPI file; GetFiles is used live by one client",
    mark: "O",
  },
] as const satisfies readonly Behaviour[];
