import { defineKind } from "./declare/define-kind.ts";
import { extensionNumber } from "./declare/extension.ts";
import { destination } from "./declare/fields/destination.ts";
import {
  CLICK_TO_CALL_ID,
  clickToCall,
  common,
  REGISTERED,
  specialTimes,
  voicemail,
} from "./declare/fields/extension.ts";
import { choices, lines, wholes } from "./declare/fields/lists.ts";
import { people } from "./declare/fields/people.ts";
import { choice } from "./declare/fields/plain.ts";
import { flag, optional, prompt, seconds, whole } from "./declare/fields/scalars.ts";
import { recurrence } from "./declare/fields/statistics.ts";
import { CHAT_OWNERS, NOTICES, POLLING, RECORDING } from "./queue-words.ts";

const OFF = { instead: { off: 0 } };
const ORDERED = ["Hunt", "HuntBy3s", "First3Available"];

/** A queue: callers wait in it for agents. */
export const queue = defineKind({
  name: "Queue",
  collection: "Queues",
  noun: "queue",
  about: "One call queue of a 3CX phone system: callers wait in it until an agent is free.",
  key: extensionNumber("queue", ["800"]),
  titleField: "name",
  since: "20.0.10",
  evidence:
    "3CX's API description 20.0.10; defaults as a queue of a live 20.0.8.1109 was read (REDI)",
  fields: {
    ...common("queue", "Support"),
    pollingStrategy: choice("In which order agents are rung.", POLLING, { examples: ["Hunt"] }),
    agents: people("The extensions that answer.", {
      skilled: true,
      ordered: { field: "pollingStrategy", values: ORDERED },
    }),
    managers: people("The extensions that may watch the queue."),
    ringTimeout: seconds("How long one agent's phone rings.", { default: 30 }),
    masterTimeout: seconds("How long a caller waits before forwardNoAnswer.", { default: 60 }),
    forwardNoAnswer: destination("Where a call goes that nobody has answered."),
    destinationNoAnswerPrompt: prompt("What a caller hears on the way there."),
    ...specialTimes(),
    maxCallersInQueue: whole("How many may wait.", { instead: { unlimited: 0 }, examples: [10] }),
    wrapUpTime: seconds("How long an agent rests after a call.", { default: 2 }),
    slaTime: seconds("How long a caller should wait at most.", { property: "SLATime", ...OFF }),
    priorityQueue: flag("Whether its callers go before those of other queues."),
    agentAvailabilityMode: flag("Whether agents say themselves when they are free again."),
    autoLogoutMissedCalls: whole("After how many missed calls an agent is logged out.", OFF),
    enableIntro: flag("Whether introFile is played."),
    introFile: prompt("What callers hear first."),
    playFullPrompt: flag("Whether it is played to its end before agents are rung."),
    onHoldFile: prompt("What callers hear while they wait.", { examples: ["onhold.wav"] }),
    stopBackgroundWhenPrompt: flag("Whether that stops while something is announced."),
    comfortPromptsEnabled: flag("Whether comfortPrompts are played."),
    comfortPrompts: lines("Files that are played to callers who wait, in their order.", {
      examples: [["patience.wav"]],
    }),
    comfortPromptsInterval: seconds("How often they are played.", OFF),
    promptSet: optional("The id of the language that is spoken.", {
      empty: "system",
      examples: ["system"],
    }),
    announceQueuePosition: flag("Whether callers hear how many are before them."),
    announcementInterval: seconds("How often they hear it.", { default: 60 }),
    announceEstimatedWaitTime: flag("Whether callers hear how long they may have to wait."),
    announceEstimatedWaitTimeInterval: seconds("How often they hear that."),
    callbackEnableTime: seconds("After how long a call back is offered.", {
      minimum: -1,
      instead: { off: -1 },
      default: "off",
    }),
    callbackOfferOnly: flag("Whether a call back is only offered, not given by a key at any time."),
    callbackOfferPrompt: prompt("What offers it."),
    callbackPrefix: optional("What the PBX dials before a caller's number.", { examples: ["9"] }),
    recording: choice("Whether calls are recorded.", RECORDING, { default: "Disabled" }),
    maxWaitStrategyEnabled: flag("Whether callers pass on to the next skill group after a time."),
    maxWaitTimeSkillGroupValues: wholes("After how long, for each skill group, in seconds.", {
      examples: [[30, 60]],
    }),
    skillBasedRingAllCumulativePollingEnabled: flag("Whether skill groups that were rung ring on."),
    notifyCodes: choices("What managers are told of by email.", NOTICES),
    resetStatisticsScheduleEnabled: flag("Whether statistics start anew by a schedule."),
    resetQueueStatisticsSchedule: recurrence("When they do."),
    typeOfChatOwnershipType: choice("How agents get a chat.", CHAT_OWNERS),
    ...voicemail(),
    ...clickToCall("queue"),
  },
  status: REGISTERED,
  leaves: CLICK_TO_CALL_ID,
  example: {
    metadata: { number: "800", labels: { team: "support" } },
    spec: {
      name: "Support",
      pollingStrategy: "Hunt",
      agents: [{ number: "100", skillGroup: "1" }, "101"],
      ringTimeout: 20,
      masterTimeout: 300,
      callbackEnableTime: "off",
      forwardNoAnswer: { to: "RingGroup", number: "810" },
      groups: [{ name: "DEFAULT" }],
    },
  },
});
