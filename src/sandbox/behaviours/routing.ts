import type { Behaviour } from "./behaviour.ts";

/** Departments with their hours, inbound rules, and people: what decides where a call goes. */
export const ROUTING = [
  {
    name: "default-route",
    does: "Every trunk has one rule of the condition ForwardAll, made with it and gone with it, which GET InboundRules shows; a second one is refused, and so is its removal.",
    evidence:
      "a topology app and notes on a live 20.0.8.1121, live; that it can be neither doubled nor removed is inferred",
    mark: "L",
    switches: ["defaultRouteRemovable"],
  },
  {
    name: "bulk-delete-of-rules",
    does: "BulkInboundRulesDelete removes all of the rules with these ids, or none.",
    evidence: "3CX's OpenAPI file; getrav/3cx-cli; all or none is inferred",
    mark: "O",
  },
  {
    name: "routes-of-an-extension",
    does: "GetRoutes gives the numbers from outside that lead to an extension; SetRoutes replaces them, by rules that it makes, changes and removes.",
    evidence:
      "a script that copies numbers between trunks, live; what becomes of the rules is inferred",
    mark: "L",
  },
  {
    name: "holidays-of-a-department",
    does: "PATCH Groups takes OfficeHolidays and replaces the whole list; an entry with the Id of one that was there is that one, any other Id is replaced by a new one.",
    evidence:
      "a WHMCS add-on in production, and a script that copies lists with made-up ids, live; what becomes of the ids is inferred",
    mark: "L",
  },
  {
    name: "days-of-a-holiday",
    does: "A day that no year has is refused with OUT_OF_THE_RANGE; a DayEnd of 0 is taken, for a single day.",
    evidence: "3CXCallControlAPI_v20, help for holidays; the code is inferred",
    mark: "O",
  },
  {
    name: "fresh-department",
    does: "A new department reads the hours of the office (OfficeHours, no periods) and Default, and not null; its routes go on as if there were none.",
    evidence: "a topology app, verbatim from a live system; the object model's default for routes",
    mark: "L",
  },
  {
    name: "times-of-day",
    does: "A time of day reads back with seconds and seven decimals; one that no day has cannot be bound.",
    evidence:
      "a topology app took every department for closed because of them, live; the refusal is inferred",
    mark: "L",
  },
  {
    name: "office-hours",
    does: "OfficeHours is a single object that can be read and changed: the hours of the whole system and the holidays of no department.",
    evidence: "3CX's OpenAPI file; read live by a topology app",
    mark: "O",
  },
  {
    name: "unique-departments",
    does: "A second department of the same name is refused with DUPLICATE, by POST and by PATCH.",
    evidence: "3CX's REST API page; 3CXCallControlAPI_v20 calls the name unique",
    mark: "O",
  },
  {
    name: "membership-entries",
    does: "A membership has the member's number, name (last name first) and type, the department's name, and an id of its own.",
    evidence: "3CX's REST API page; 3CX-Tools-Suite notes, live",
    mark: "O",
  },
  {
    name: "fresh-user",
    does: "A new user has five forwarding profiles and a display name.",
    evidence: "the five states of the object model; the spelling of their names is inferred",
    mark: "I",
  },
  {
    name: "batch-delete-of-users",
    does: "Users/Pbx.BatchDelete takes ids or Ids and answers with the ones that it could not remove.",
    evidence:
      "3CX's OpenAPI file and REST API page, which spell it differently; used live by one server",
    mark: "O",
  },
  {
    name: "member-that-is-gone",
    does: "A member or agent whose extension is removed is no longer in the list.",
    evidence: "nothing was found",
    mark: "I",
    switches: ["goneMembersStay"],
  },
  {
    name: "emergency-rules-apart",
    does: "Emergency rules are not in OutboundRules, only in GetEmergencyOutboundRules.",
    evidence: "a WHMCS add-on, live",
    mark: "L",
  },
  {
    name: "values-instead-of-null",
    does: "Queues, ring groups and receptionists have a value for every setting from the start, and -1, 0 and empty texts where something is off.",
    evidence:
      "3CX-Tools-Suite, a queue of a live 20.0.8.1109; those of the other kinds are inferred",
    mark: "L",
  },
  {
    name: "reset-statistics",
    does: "Queues(id)/Pbx.ResetQueueStatistics is answered with 204 and changes no setting.",
    evidence: "3CX's OpenAPI file; 3CX-Tools-Suite",
    mark: "O",
  },
] as const satisfies readonly Behaviour[];
