import { defineKind } from "./declare/define-kind.ts";
import { extensionNumber } from "./declare/extension.ts";
import { common, REGISTERED, specialTimes } from "./declare/fields/extension.ts";
import { menuKeys, menuTarget } from "./declare/fields/menu.ts";
import { choice } from "./declare/fields/plain.ts";
import { flag, number, optional, prompt, seconds } from "./declare/fields/scalars.ts";

const TYPES = {
  Default: "A menu of keys.",
  CodeBased: "The caller enters a code.",
  ScriptBased: "A script decides.",
  Wakeup: "Wake-up calls.",
};

/** A digital receptionist: a menu that callers choose from by keys. */
export const receptionist = defineKind({
  name: "Receptionist",
  collection: "Receptionists",
  noun: "digital receptionist",
  short: "menu",
  peerType: "IVR",
  about: "One digital receptionist of a 3CX phone system: a menu that callers choose from by keys.",
  key: extensionNumber("menu", ["820"]),
  titleField: "name",
  since: "20.0.10",
  evidence:
    "3CX's API description 20.0.10; read live by PROMPT and TOPO; nobody has shown a write of its keys",
  fields: {
    ...common("menu", "Welcome"),
    ivrType: choice("What sort of menu it is.", TYPES, {
      property: "IVRType",
      title: "Menu type",
      default: "Default",
      examples: ["Default"],
    }),
    promptFilename: prompt("What callers hear.", { title: "Prompt" }),
    promptSet: optional("The id of the language that is spoken.", {
      empty: "system",
      examples: ["system"],
    }),
    forwards: menuKeys("What each key does. No key can lead to a call flow app.", {
      title: "Keys",
      evidence:
        "read live (TOPO, PROMPT); a key is known by its input, as its Id says nothing; how a key leads to a call flow app, nobody has shown",
    }),
    timeout: seconds("How long the menu waits for a key.", { default: 5 }),
    timeoutForward: menuTarget("What happens when nobody presses a key.", { title: "On timeout" }),
    invalidKeyForwardDN: number("The number that a call goes to after a key that leads nowhere.", {
      title: "After a wrong key",
    }),
    ...specialTimes(),
    transferEnable: flag("Whether callers may dial the number of an extension."),
    useMSExchange: flag("Whether calls go to Microsoft Exchange's attendant.", {
      title: "Microsoft Exchange",
    }),
    forwardSmsTo: number("The number that text messages go to.", { title: "Text messages" }),
  },
  status: REGISTERED,
  leaves: {},
  example: {
    metadata: { number: "820", labels: { team: "support" } },
    spec: {
      name: "Welcome",
      promptFilename: "welcome.wav",
      forwards: [
        { input: "1", to: "Queue", number: "800" },
        { input: "2", to: "RingGroup", number: "810" },
        { input: "*", to: "RepeatPrompt" },
      ],
      timeout: 5,
      timeoutForward: { to: "Queue", number: "800" },
    },
  },
});
