import { describeType, namesOf } from "./describe.ts";
import type { ObjectType } from "./types.ts";

const DN = "Groups:>UserGroup[] Id:int! Number:string TranscriptionMode:TranscriptionType";
const CLICK_TO_CALL = `${DN} CallUsEnableChat:bool CallUsEnablePhone:bool CallUsEnableVideo:bool CallUsRequirement:Authentication ClickToCallId:string`;
const ROUTES = "BreakRoute:Route HolidaysRoute:Route OutOfOfficeRoute:Route";

/** Types of entities, property by property as the API documents them. */
export const ENTITY_TYPES: readonly ObjectType[] = [
  describeType(
    "CallFlowApp",
    DN,
    "Name:string RoutingType:CfaRoutingType Trunk:>Trunk ScriptCode:string",
    "CompilationSucceeded:bool= CompilationResult:string= CompilationLastSuccess:date=",
    "InvalidScript:bool= RejectedCode:string= IsRegistered:bool=",
  ),
  describeType("CallFlowScript", "Description:string Help:string Id:string! Versions:string[]"),
  describeType(
    "Defs",
    "Codecs:>Codec[] GatewayParameters:>GatewayParameter[]",
    "GatewayParameterValues:>GatewayParameterValue[] Id:int! TimeZones:>TimeZone[]",
  ),
  describeType(
    "DidNumber",
    "Number:string! RoutingRule:>InboundRule TemplateFileName:string TrunkId:int!",
  ),
  describeType("FirstAvailableNumber", "Number:string"),
  describeType(
    "Group",
    CLICK_TO_CALL,
    ROUTES,
    "AllowCallService:bool AnswerAfter:int BreakTime:Schedule CallHandlingMode:CallHandlingFlags[]",
    "CurrentGroupHours:GroupHoursMode CustomOperator:Destination CustomPrompt:string",
    "DisableCustomPrompt:bool GloballyVisible:bool HasMembers:bool= Hours:Schedule IsDefault:bool=",
    "Language:string LastLoginTime:date= Members:>UserGroup[] MusicOnHold:string Name:string",
    "OfficeHolidays:>Holiday[] OfficeRoute:Route OverrideExpiresAt:date OverrideHolidays:bool",
    "PromptSet:string Props:GroupProps Rights:>Rights[] TimeZoneId:string",
  ),
  describeType(
    "Holiday",
    "Day:byte! DayEnd:byte! Group:string HolidayPrompt:string Id:int! IsRecurrent:bool Month:byte!",
    "MonthEnd:byte! Name:string! TimeOfEndDate:duration! TimeOfStartDate:duration! Year:int! YearEnd:int!",
  ),
  describeType(
    "InboundRule",
    "AlterDestinationDuringHolidays:bool AlterDestinationDuringOutOfOfficeHours:bool",
    "CallType:RuleCallTypeType Condition:RuleConditionType CustomData:string Data:string",
    "HolidaysDestination:Destination Hours:Schedule Id:int! OfficeHoursDestination:Destination",
    "OutOfOfficeHoursDestination:Destination RuleName:string TrunkDN:>Peer",
  ),
  describeType(
    "OutboundRule",
    "DNRanges:DNRange[] EmergencyRule:bool GroupIds:int[] GroupNames:string[] Id:int! Name:string",
    "NumberLengthRanges:string Prefix:string Priority:int Routes:OutboundRoute[]",
  ),
  describeType("Parameter", "Description:string Id:int! Name:string Value:string"),
  describeType(
    "Peer",
    "Hidden:bool Id:int! MemberOf:>PeerGroup[] Name:string Number:string Tags:UserTag[] Type:PeerType",
  ),
  describeType(
    "Queue",
    CLICK_TO_CALL,
    ROUTES,
    namesOf(
      "bool",
      "AgentAvailabilityMode AnnounceEstimatedWaitTime AnnounceQueuePosition CallbackOfferOnly ComfortPromptsEnabled EnableIntro MaxWaitStrategyEnabled PlayFullPrompt PriorityQueue ResetStatisticsScheduleEnabled SkillBasedRingAllCumulativePollingEnabled StopBackgroundWhenPrompt",
    ),
    namesOf(
      "int",
      "AnnounceEstimatedWaitTimeInterval AnnouncementInterval AutoLogoutMissedCalls CallbackEnableTime ComfortPromptsInterval MasterTimeout MaxCallersInQueue RingTimeout SLATime WrapUpTime",
    ),
    namesOf(
      "string",
      "CallbackOfferPrompt CallbackPrefix DestinationNoAnswerPrompt GreetingFile IntroFile Name OnHoldFile PromptSet VMEmailList",
    ),
    "Agents:>QueueAgent[] Managers:>QueueManager[] ComfortPrompts:string[] ForwardNoAnswer:Destination",
    "IsRegistered:bool= MaxWaitTimeSkillGroupValues:int[] NotifyCodes:QueueNotifyCode[]",
    "PollingStrategy:PollingStrategyType Recording:QueueRecording",
    "ResetQueueStatisticsSchedule:ResetQueueStatisticsSchedule",
    "TypeOfChatOwnershipType:TypeOfChatOwnershipType VMEmailOptions:VMEmailOptionsType",
  ),
  describeType(
    "Receptionist",
    DN,
    ROUTES,
    "Forwards:>ReceptionistForward[] ForwardSmsTo:string InvalidKeyForwardDN:string",
    "IsRegistered:bool= IVRType:IVRType Name:string PromptFilename:string PromptSet:string",
    "Timeout:int TimeoutForwardDN:string TimeoutForwardPeerType:PeerType",
    "TimeoutForwardType:IVRForwardType TransferEnable:bool UseMSExchange:bool",
  ),
  describeType(
    "RingGroup",
    CLICK_TO_CALL,
    ROUTES,
    "ForwardNoAnswer:Destination GreetingFile:string IsRegistered:bool= Members:>RingGroupMember[]",
    "MulticastAddress:string MulticastCodec:string MulticastPacketTime:int MulticastPort:int",
    "Name:string RingStrategy:StrategyType RingTime:int VMEmailList:string VMEmailOptions:VMEmailOptionsType",
  ),
  describeType(
    "SystemParameters",
    namesOf(
      "string",
      "AIVersion Custom1Name Custom2Name FQDN GlobalACPRMSET GlobalLanguage IpV6 PbxExternalHost StaticIp StunIp Version",
    ),
    namesOf(
      "int",
      "ENL FirstExternalPort HttpPort HttpsPort MaxDIDPerTrunk ProcessorCount SipPort SipsPort TunnnelPort WebrtcLastPort",
    ),
    namesOf(
      "bool",
      "EmRuleCreationAllowed Is3CXFQDN IsChatLogEnabled IsHosted IsHosted3CX IsMulticompanyMode IsRemoteBackup IsStaticIp IsTranscriptionEnabled RpsEnabled",
    ),
    "ENLRange:ENL License:License RemoteStorageStatus:RemoteStorageStatus",
  ),
  describeType(
    "SystemStatus",
    namesOf(
      "bool",
      "Activated AutoUpdateEnabled BackupScheduled DBMaintenanceInProgress HasNotRunningServices HasUnregisteredSystemExtensions IsAuditLogEnabled IsChatLogEnabled IsRecordingArchiveEnabled LicenseActive LocalIpValid RecordingQuotaReached RecordingStopped RemoteConfigurationRequired RemoteStorageEnabled Support VoicemailQuotaReached VoicemailStopped",
    ),
    namesOf(
      "int",
      "CallsActive DiskUsage ExtensionsRegistered ExtensionsTotal MaxSimCalls MaxUserExtensions OutboundRules TrunksRegistered TrunksTotal UserExtensions",
    ),
    namesOf(
      "number",
      "ChatUsedSpace FreeDiskSpace LogUsedSpace RecordingQuota RecordingUsedSpace TotalDiskSpace",
    ),
    namesOf(
      "string",
      "AvailableLocalIps CurrentLocalIp FQDN Ip IpV4 IpV6 LicenseKey ProductCode ResellerName Version",
    ),
    namesOf(
      "date",
      "ExpirationDate LastBackupDateTime LastCheckForUpdates LastSuccessfulUpdate MaintenanceExpiresAt",
    ),
    "Id:int! OS:XOperatingSystemType RemoteStorageStatus:RemoteStorageStatus",
  ),
  describeType(
    "Trunk",
    DN,
    namesOf(
      "string",
      "AuthID Certificate CertificateExpirationDate CertificateName ConfigurationIssue E164CountryCode ExternalNumber OutboundCallerID PublicIPinSIP RemoteMyPhoneUriHost RemotePBXPreffix ScriptName SecondaryRegistrar SeparateAuthId TunnelRemoteAddr",
    ),
    namesOf(
      "bool",
      "DisableCallTransfer DisableVideo DiversionHeader E164ProcessIncomingNumber EnableInboundCalls EnableOutboundCalls PublishInfo ReceiveInfo TunnelEnabled UseSeparateAuthId",
    ),
    "AuthPassword:ConcealedPassword DidNumbers:string[] Direction:DirectionType",
    "EmergencyGeoLocations:>EmergencyGeoTrunkLocation[] Gateway:Gateway InCIDFormatting:CIDFormatting[]",
    "IPRestriction:TypeOfIPRestriction IsOnline:bool= Messaging:TrunkMessaging",
    "OutCIDFormatting:CIDFormatting[] PublicInfoGroups:string[] ReceiveExtensions:>Peer[]",
    "RoutingRules:>InboundRule[] SimultaneousCalls:int Tags:UserTag[]",
    "TransportRestriction:TypeOfTransportRestriction TrunkRegTimes:Variable[] TunnelRemotePort:int",
  ),
  describeType(
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
  ),
];
