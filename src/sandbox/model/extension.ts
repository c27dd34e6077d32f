import { passOn } from "./destination.ts";
import type { Row } from "./types.ts";

/** What the types of extensions have in common, in the notation of `describeType`. */
export const DN = "Groups:>UserGroup[] Id:int! Number:string TranscriptionMode:TranscriptionType";

export const CLICK_TO_CALL = `${DN} CallUsEnableChat:bool CallUsEnablePhone:bool CallUsEnableVideo:bool CallUsRequirement:Authentication ClickToCallId:string`;

export const ROUTES = "BreakRoute:Route HolidaysRoute:Route OutOfOfficeRoute:Route";

/** What an extension does with calls at its special times when nobody said otherwise: nothing of its own. */
export const ROUTE_DEFAULTS: Row = {
  BreakRoute: passOn(),
  HolidaysRoute: passOn(),
  OutOfOfficeRoute: passOn(),
  TranscriptionMode: "Nothing",
};

/** Of collections that can be written to. */
export const ALL_VERBS = ["create", "update", "remove"] as const;
