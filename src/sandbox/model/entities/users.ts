import { textOf } from "../../json.ts";
import type { Json } from "../../json.ts";
import { warnOf } from "../../refusal.ts";
import { describeType, namesOf } from "../describe.ts";
import { CLICK_TO_CALL } from "../extension.ts";
import { ALL_VERBS } from "../extension.ts";
import { contained, MISSING, nameOf } from "../links.ts";
import { memberships, membershipsOf } from "../memberships.ts";
import type { EntitySet } from "../types.ts";

const TYPE = describeType(
  "User",
  CLICK_TO_CALL,
  namesOf(
    "bool",
    "AIAgent AllowLanOnly AllowOwnRecordings BlockTunnel CallScreening DatevEnabled Enable2FA Enabled EnableHotdesking ForbidRecording GoogleCalendarEnabled GoogleContactsEnabled GoogleSignInEnabled HideInPhonebook Internal MS365CalendarEnabled MS365ContactsEnabled MS365SignInEnabled MS365TeamsEnabled MyPhoneAllowDeleteRecordings MyPhoneHideForwardings MyPhonePush MyPhoneShowRecordings PbxDeliversAudio PinProtected RecordCalls RecordEmailNotify RecordExternalCallsOnly Require2FA SendEmailMissedCalls VMDisablePinAuth VMEnabled VMPlayCallerID WebMeetingApproveParticipants",
  ),
  namesOf(
    "string",
    "AccessPassword AuthID AuthPassword Blfs ContactImage CurrentProfileName DeskphonePassword DisplayName EmailAddress EmergencyAdditionalInfo EmergencyLocationId FirstName HotdeskingAssignment Language LastName Mobile OutboundCallerID PromptSet SIPID VMPIN WebMeetingFriendlyName",
  ),
  "AgentSettings:any BreakTime:Schedule ForwardingExceptions:>ExtensionRule[]",
  "ForwardingProfiles:>ForwardingProfile[] Greetings:>Greeting[] Hours:Schedule IsRegistered:bool=",
  "OfficeHoursProps:OfficeHoursBits[] Phones:>Phone[] PinProtectTimeout:int PrimaryGroupId:int",
  "QueueStatus:QueueStatusType SRTPMode:SRTPModeType Tags:UserTag[]",
  "VMEmailOptions:VMEmailOptionsType VMPlayMsgDateTime:VMPlayMsgDateTimeType",
);

export const USERS: EntitySet = {
  name: "Users",
  type: TYPE,
  key: "Id",
  alternateKey: "Number",
  verbs: ALL_VERBS,
  peerType: "Extension",
  links: {
    Groups: memberships(true),
    ForwardingExceptions: contained(),
    ForwardingProfiles: contained(true),
    Greetings: contained(true),
    Phones: contained(),
  },
  defaults: {
    Enabled: true,
    IsRegistered: false,
    VMEnabled: true,
    ForwardingProfiles: makeProfiles(),
  },
  createRefuses: ["Groups", "TranscriptionMode", "VMEnabled", "VMPIN"],
  compute: (_records, row) => ({ DisplayName: textOf(row["DisplayName"]) || nameOf(row) }),
  // 100 is the owner of a fresh PBX: 3CX's tutorial takes it for granted that no new user gets it.
  numbers: { prefix: "", from: 101, width: 3 },
  rewrite: (records, row, changed) => {
    const { EmailAddress: email, PrimaryGroupId: primary } = row;
    const joined = membershipsOf(row).some(({ GroupId }) => GroupId === primary);
    if (changed.has("PrimaryGroupId") && primary !== null && !joined)
      throw warnOf("PrimaryGroupId", MISSING);
    const taken =
      changed.has("EmailAddress") &&
      email !== "" &&
      records
        .list("Users")
        .some((user) => user["EmailAddress"] === email && user["Id"] !== row["Id"]);
    if (taken) throw warnOf("EmailAddress", "WARNINGS.XAPI.ALREADY_IN_USE");
  },
};

/** The five states that a person can be in; their names are the same on every system. */
function makeProfiles(): Json {
  return ["Available", "Away", "Out of office", "Custom 1", "Custom 2"].map((name, index) => ({
    Id: index + 1,
    Name: name,
    CustomName: "",
    CustomMessage: "",
    NoAnswerTimeout: 20,
    AcceptMultipleCalls: false,
    BlockPushCalls: false,
    DisableRingGroupCalls: false,
    OfficeHoursAutoQueueLogOut: false,
    RingMyMobile: false,
  }));
}
