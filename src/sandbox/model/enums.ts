import type { Enums } from "./types.ts";

const MEMBERS: Readonly<Record<string, string>> = {
  Authentication: "Both Name Email None",
  CallHandlingFlags: "WelcomeMessageForIncomingCalls HoldCall",
  CfaRoutingType: "DialCode Forward Trunk",
  DayOfWeek: "Sunday Monday Tuesday Wednesday Thursday Friday Saturday",
  DestinationType:
    "None VoiceMail Extension Queue RingGroup IVR External Fax Boomerang Deflect VoiceMailOfDestination Callback RoutePoint ProceedWithNoExceptions",
  DirectionType: "None Inbound Outbound Both",
  GatewayType: "Unknown Analog Provider BridgeMaster BridgeSlave BridgeSlaveOverTunnel BRI T1 E1",
  GroupHoursMode:
    "Default ForceOpened ForceClosed ForceBreak ForceCustomOperator ForceHoliday HasForcedMask",
  IPInRegistrationContactType: "External Internal Both Specified",
  IVRForwardType:
    "EndCall Extension RingGroup Queue IVR VoiceMail CallByName RepeatPrompt CustomInput",
  IVRType: "Default CodeBased ScriptBased Wakeup",
  MatchingStrategyType: "MatchAnyFields MatchAllFields",
  OfficeHoursBits: "GlobalSchedule AutoSwitchProfiles AutoQueueLogOut BlockOutboundCalls",
  PeerType:
    "None Extension Queue RingGroup IVR Fax Conference SpecialMenu Parking ExternalLine Group RoutePoint",
  PollingStrategyType:
    "Hunt RingAll HuntRandomStart NextAgent LongestWaiting LeastTalkTime FewestAnswered HuntBy3s First3Available SkillBasedRouting_RingAll SkillBasedRouting_HuntRandomStart SkillBasedRouting_RoundRobin SkillBasedRouting_FewestAnswered",
  ProfileType: "Default Available Away OutOfOffice Available2 OutOfOffice2",
  QueueNotifyCode: "Callback CallbackFail SLATimeBreached CallLost AgentAutoLogout",
  QueueRecording: "Disabled AllowToOptOut AskToOptIn",
  QueueStatusType: "LoggedOut LoggedIn",
  RemoteStorageStatus: "NotConfigured PartiallyConfigured Configured",
  RequireRegistrationForType: "Nothing IncomingCalls OutgoingCalls InOutCalls",
  ResetQueueStatisticsFrequency: "Disabled Daily Weekly Monthly",
  RuleCallTypeType: "AllCalls InternalCallsOnly ExternalCallsOnly",
  RuleConditionType: "NoAnswer PhoneBusy PhoneNotRegistered ForwardAll BasedOnCallerID BasedOnDID",
  RuleHoursType:
    "AllHours OfficeHours OutOfOfficeHours SpecificHours SpecificHoursExcludingHolidays OutOfSpecificHours OutOfSpecificHoursIncludingHolidays Never BreakTime",
  SRTPModeType: "SRTPDisabled SRTPEnabled SRTPEnforced",
  StartupLicense: "Free Pro",
  StrategyType: "Hunt RingAll Paging",
  TranscriptionType: "Nothing Voicemail Recordings Both Inherit",
  TypeOfChatOwnershipType: "TakeManually AutoAssign",
  TypeOfIPRestriction: "Any IPV4 IPV6",
  TypeOfTransportRestriction: "Any UDP TCP TLS",
  UserTag: "MS Teams Google WakeUp FaxServer Principal WeakID WeakPass WM AI",
  VMEmailOptionsType:
    "None Notification Attachment AttachmentAndDelete VmailToMembers EmailToExtrasOnly",
  VMPlayMsgDateTimeType: "None Play12Hr Play24Hr",
  XOperatingSystemType: "Other Linux Windows",
};

export const ENUMS: Enums = new Map(
  Object.entries(MEMBERS).map(([name, members]) => [name, new Set(members.split(" "))]),
);

/** The roles a member of a department can have. */
export const ROLES: ReadonlySet<string> = new Set([
  "users",
  "receptionists",
  "group_admins",
  "managers",
  "group_owners",
  "system_admins",
  "system_owners",
]);
