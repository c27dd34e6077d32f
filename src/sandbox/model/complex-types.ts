import { describeType, namesOf } from "./describe.ts";
import type { ObjectType } from "./types.ts";

/** Types that have no collection of their own: they stand inside entities. */
export const COMPLEX_TYPES: readonly ObjectType[] = [
  describeType("CIDFormatting", namesOf("string", "ReplacePattern SourcePattern")),
  describeType("Choice", "Key:string! Value:string!"),
  describeType("Codec", "Id:int! Name:string RfcName:string"),
  describeType("ConcealedPassword", "Concealed:bool Value:string"),
  describeType("DNRange", "From:string To:string"),
  describeType(
    "Destination",
    "External:string Name:string Number:string Tags:UserTag[] To:DestinationType Type:PeerType",
  ),
  describeType(
    "EmergencyGeoTrunkLocation",
    "Id:string! Location:any! ProviderUri:string! TrunkDn:string",
  ),
  describeType("ENL", "From:int! To:int!"),
  describeType(
    "ExtensionRule",
    "CallType:RuleCallTypeType Condition:RuleConditionType Data:string Destination:Destination",
    "Enabled:bool Hours:Schedule Id:int!",
  ),
  describeType(
    "ForwardingProfile",
    "AcceptMultipleCalls:bool AvailableRoute:any AwayRoute:any BlockPushCalls:bool",
    "CustomMessage:string CustomName:string DisableRingGroupCalls:bool Id:int! Name:string",
    "NoAnswerTimeout:int OfficeHoursAutoQueueLogOut:bool RingMyMobile:bool",
  ),
  describeType(
    "Gateway",
    "Codecs:string[] DeliverAudio:bool DestNumberInRemotePartyIDCalled:bool",
    "DestNumberInRequestLineURI:bool DestNumberInTo:bool Host:string Id:int",
    "InboundParams:GatewayParameterBinding[] Internal:bool",
    "IPInRegistrationContact:IPInRegistrationContactType IsCustom:bool Lines:int",
    "MatchingStrategy:MatchingStrategyType Name:string OutboundCallerID:string",
    "OutboundParams:GatewayParameterBinding[] Port:int ProxyHost:string ProxyPort:int",
    "RequireRegistrationFor:RequireRegistrationForType",
    "SourceIdentification:GatewayParameterBinding[] SpecifiedIPForRegistrationContact:string",
    "SRTPMode:SRTPModeType SupportReinvite:bool SupportReplaces:bool TemplateFilename:string",
    "TimeBetweenReg:int Type:GatewayType UseIPInContact:bool VariableChoices:Choice[]",
  ),
  describeType(
    "GatewayParameter",
    "CanHaveDID:bool Description:string Id:int! InboundPossibleValues:string[] Name:string",
    "OutboundPossibleValues:string[] SourceIDPossibleValues:string[]",
  ),
  describeType("GatewayParameterBinding", "Custom:string ParamId:int! ValueId:int!"),
  describeType("GatewayParameterValue", "Description:string Id:int! Name:string"),
  describeType("Greeting", "DisplayName:string Filename:string Type:ProfileType!"),
  describeType(
    "GroupProps",
    namesOf(
      "int",
      "DectMaxCount DepartmentContactsMaxCount LiveChatMaxCount OutboundRulesMaxCount PersonalContactsMaxCount PromptsMaxCount SbcMaxCount TrunksMaxCount",
    ),
    namesOf(
      "string",
      "Fqdn ResellerId ResellerName StartupOwnerEmail Subscription SubscriptionType SystemNumberFrom SystemNumberTo TrunkNumberFrom TrunkNumberTo UserNumberFrom UserNumberTo",
    ),
    "SubcriptionExpireDate:date StartupLicense:StartupLicense",
  ),
  describeType(
    "License",
    "CountryCode:string IsBrandingEnabled:bool IsCfdEnabled:bool IsEnterprise:bool",
    "IsMaintainceExpired:bool IsProfessional:bool MaxSimCalls:int ProductCode:string",
  ),
  describeType(
    "OutboundRoute",
    "Append:string CallerID:string Prepend:string StripDigits:byte TrunkId:int TrunkName:string",
  ),
  describeType(
    "PeerGroup",
    "GroupID:int! IsPrimary:bool Name:string Number:string RoleName:string",
  ),
  describeType("Period", "DayOfWeek:DayOfWeek Start:time Stop:time"),
  describeType(
    "Phone",
    "Id:int! Interface:string MacAddress:string Name:string ProvisioningLinkExt:string",
    "ProvisioningLinkLocal:string Settings:any TemplateName:string",
  ),
  describeType("QueueAgent", "Id:int Name:string Number:string! SkillGroup:string Tags:UserTag[]"),
  describeType("QueueManager", "Id:int Name:string Number:string! Tags:UserTag[]"),
  describeType(
    "ReceptionistForward",
    "CustomData:string ForwardDN:string ForwardType:IVRForwardType! Id:int! Input:string PeerType:PeerType",
  ),
  describeType(
    "ResetQueueStatisticsSchedule",
    "Day:DayOfWeek Frequency:ResetQueueStatisticsFrequency Time:time",
  ),
  describeType(
    "Rights",
    namesOf(
      "bool",
      "AllowIVR AllowParking AllowToChangePresence AllowToManageCompanyBook AssignClearOperations CanBargeIn CanIntercom CanSeeGroupCalls CanSeeGroupMembers CanSeeGroupRecordings Invalid PerformOperations ShowMyCalls ShowMyPresence ShowMyPresenceOutside",
    ),
    "RoleName:string!",
  ),
  describeType("RingGroupMember", "Id:int! Name:string Number:string Tags:UserTag[]"),
  describeType("Route", "IsPromptEnabled:bool Prompt:string Route:Destination"),
  describeType("Schedule", "IgnoreHolidays:bool Periods:Period[] Type:RuleHoursType!"),
  describeType("SetRoute", "DID:string! DisplayName:string TrunkId:int!"),
  describeType("SetRouteRequest", "Id:int! Routes:SetRoute[]"),
  describeType("TimeZone", namesOf("string!", "IanaName Id Name WindowsName")),
  describeType(
    "TrunkMessaging",
    "Enabled:bool NumberLength:int NumberLengthEnabled:bool Provider:string Webhook:string",
  ),
  describeType(
    "UserGroup",
    "CanDelete:bool GroupId:int GroupRights:>Rights Id:int MemberName:string Name:string",
    "Number:string Rights:>Rights Tags:UserTag[] TranscriptionMode:TranscriptionType Type:PeerType",
  ),
  describeType("UserDeleteError", "Error:string ExtensionNumber:string"),
  describeType("Variable", "Name:string! Value:string!"),
  describeType("FirstAvailableNumber", "Number:string"),
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
];
