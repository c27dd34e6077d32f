import { QUEUE_DEFAULTS } from "../defaults.ts";
import { describeType, namesOf } from "../describe.ts";
import { ALL_VERBS, CLICK_TO_CALL, ROUTES } from "../extension.ts";
import { extensionList } from "../links.ts";
import { memberships } from "../memberships.ts";
import type { EntitySet } from "../types.ts";

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
