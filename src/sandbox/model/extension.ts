/** What the types of extensions have in common, in the notation of `describeType`. */
export const DN = "Groups:>UserGroup[] Id:int! Number:string TranscriptionMode:TranscriptionType";

export const CLICK_TO_CALL = `${DN} CallUsEnableChat:bool CallUsEnablePhone:bool CallUsEnableVideo:bool CallUsRequirement:Authentication ClickToCallId:string`;

export const ROUTES = "BreakRoute:Route HolidaysRoute:Route OutOfOfficeRoute:Route";

/** Of collections that can be written to. */
export const ALL_VERBS = ["create", "update", "remove"] as const;
