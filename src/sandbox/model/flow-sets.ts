import { isObject } from "../json.ts";
import { asList, contained, extensionList, reference } from "./links.ts";
import { memberships } from "./memberships.ts";
import type { EntitySet } from "./types.ts";

const ALL = ["create", "update", "remove"] as const;

/** Where calls go: apps, ring groups, queues, receptionists. */
export const FLOW_SETS: readonly EntitySet[] = [
  {
    name: "CallFlowApps",
    type: "CallFlowApp",
    key: "Id",
    verbs: ALL,
    peerType: "RoutePoint",
    links: {
      Groups: memberships(),
      Trunk: reference("Trunks", (records) => records.quirks.trunkByNumber),
    },
    defaults: {
      RoutingType: "DialCode",
      TranscriptionMode: "Inherit",
      IsRegistered: true,
    },
    needs: ["Number", "Name"],
    createTakes: ["Number", "Name"],
    onlySelected: ["ScriptCode", "RejectedCode"],
  },
  {
    name: "CallFlowScripts",
    type: "CallFlowScript",
    verbs: [],
  },
  {
    name: "RingGroups",
    type: "RingGroup",
    key: "Id",
    alternateKey: "Number",
    verbs: ALL,
    peerType: "RingGroup",
    links: { Groups: memberships(), Members: extensionList() },
    defaults: { Name: "", RingStrategy: "RingAll", RingTime: 20, IsRegistered: true },
    numbers: { prefix: "", from: 800, width: 3 },
  },
  {
    name: "Queues",
    type: "Queue",
    key: "Id",
    alternateKey: "Number",
    verbs: ALL,
    peerType: "Queue",
    links: {
      Groups: memberships(),
      Agents: extensionList("SkillGroup"),
      Managers: extensionList(),
    },
    defaults: { Name: "", PollingStrategy: "Hunt", RingTimeout: 30, IsRegistered: true },
    numbers: { prefix: "", from: 800, width: 3 },
  },
  {
    name: "Receptionists",
    type: "Receptionist",
    key: "Id",
    alternateKey: "Number",
    verbs: ALL,
    peerType: "IVR",
    links: { Groups: memberships(), Forwards: contained(true) },
    defaults: { Name: "", IVRType: "Default", Timeout: 5, IsRegistered: true },
    numbers: { prefix: "", from: 800, width: 3 },
    // The ids of the keys are the PBX's: a client that adds one cannot know it.
    rewrite: (_records, row) => {
      row["Forwards"] = asList(row["Forwards"]).map((forward, index) =>
        isObject(forward) ? Object.assign({}, forward, { Id: index + 1 }) : forward,
      );
    },
  },
];
