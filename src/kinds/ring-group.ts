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
import { people } from "./declare/fields/people.ts";
import { choice } from "./declare/fields/plain.ts";
import { optional, seconds, whole } from "./declare/fields/scalars.ts";

/** A ring group: several extensions that ring for one number. */
export const ringGroup = defineKind({
  name: "RingGroup",
  collection: "RingGroups",
  noun: "ring group",
  about:
    "One ring group of a 3CX phone system: extensions that ring together, or one after the other.",
  key: extensionNumber("ring group", ["810"]),
  titleField: "name",
  since: "20.0.10",
  evidence:
    "3CX's API description 20.0.10; members and routes written live by RUNNER and RC on V20",
  fields: {
    ...common("ring group", "Sales"),
    ringStrategy: choice(
      "Whose telephones ring.",
      {
        Hunt: "One after the other, in the order of members.",
        RingAll: "All at once.",
        Paging: "All are spoken to at once, without answering.",
      },
      { default: "RingAll", examples: ["Hunt"] },
    ),
    ringTime: seconds("How long they ring before forwardNoAnswer.", { default: 20 }),
    members: people("The extensions that ring.", {
      ordered: { field: "ringStrategy", values: ["Hunt"] },
    }),
    forwardNoAnswer: destination("Where a call goes that nobody has answered."),
    ...specialTimes(),
    ...voicemail(),
    multicastAddress: optional("With Paging: the multicast address to send to.", {
      examples: ["224.1.2.3"],
    }),
    multicastPort: whole("With Paging: the port to send to.", {
      maximum: 65535,
      instead: { off: 0 },
      examples: [5004],
    }),
    multicastCodec: optional("With Paging: the codec to send with.", { examples: ["PCMU"] }),
    multicastPacketTime: whole("With Paging: the length of a packet. In milliseconds.", {
      instead: { off: 0 },
      examples: [20],
    }),
    ...clickToCall("ring group"),
  },
  status: REGISTERED,
  leaves: CLICK_TO_CALL_ID,
  example: {
    metadata: { number: "810", labels: { team: "sales" } },
    spec: {
      name: "Sales",
      ringStrategy: "Hunt",
      ringTime: 25,
      members: ["100", "101"],
      forwardNoAnswer: { to: "VoiceMail", number: "100" },
      outOfOfficeRoute: { to: "External", external: "+442079460100", prompt: "closed.wav" },
      groups: [{ name: "DEFAULT" }],
    },
  },
});
