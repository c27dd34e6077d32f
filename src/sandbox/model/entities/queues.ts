import { describeType, namesOf } from "../describe.ts";
import { leadNowhere } from "../destination.ts";
import { ALL_VERBS, CLICK_TO_CALL, ROUTE_DEFAULTS, ROUTES } from "../extension.ts";
import { extensionList } from "../links.ts";
import { memberships } from "../memberships.ts";
import type { EntitySet, Row } from "../types.ts";

const TYPE = describeType(
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
);

/** As a queue of a live system was read (3CX-Tools-Suite); the strategy is the object model's default. */
const QUEUE_DEFAULTS: Row = {
  ...ROUTE_DEFAULTS,
  AgentAvailabilityMode: false,
  AnnounceEstimatedWaitTime: false,
  AnnounceEstimatedWaitTimeInterval: 60,
  AnnounceQueuePosition: false,
  AnnouncementInterval: 60,
  AutoLogoutMissedCalls: 0,
  CallbackEnableTime: -1,
  CallbackOfferOnly: false,
  CallbackOfferPrompt: "",
  CallbackPrefix: "",
  ComfortPromptsEnabled: false,
  ComfortPromptsInterval: 0,
  DestinationNoAnswerPrompt: "",
  EnableIntro: false,
  ForwardNoAnswer: leadNowhere(),
  GreetingFile: "",
  IntroFile: "",
  IsRegistered: true,
  MasterTimeout: 60,
  MaxCallersInQueue: 0,
  MaxWaitStrategyEnabled: false,
  Name: "",
  OnHoldFile: "onhold.wav",
  PlayFullPrompt: false,
  PollingStrategy: "HuntRandomStart",
  PriorityQueue: false,
  PromptSet: "",
  Recording: "Disabled",
  ResetStatisticsScheduleEnabled: false,
  RingTimeout: 30,
  SkillBasedRingAllCumulativePollingEnabled: false,
  SLATime: 0,
  StopBackgroundWhenPrompt: false,
  TypeOfChatOwnershipType: "TakeManually",
  VMEmailList: "",
  VMEmailOptions: "None",
  WrapUpTime: 2,
};

export const QUEUES: EntitySet = {
  name: "Queues",
  type: TYPE,
  key: "Id",
  alternateKey: "Number",
  verbs: ALL_VERBS,
  peerType: "Queue",
  links: {
    Groups: memberships(),
    Agents: extensionList("SkillGroup"),
    Managers: extensionList(),
  },
  defaults: QUEUE_DEFAULTS,
  numbers: { prefix: "", from: 800, width: 3 },
};
