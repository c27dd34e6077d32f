import type { FieldDeclaration, Words } from "../declaration.ts";
import { memberships } from "./memberships.ts";
import { choice, line } from "./plain.ts";
import { prompt, flag, optional } from "./scalars.ts";
import { route } from "./route.ts";

type Fields = Readonly<Record<string, FieldDeclaration>>;

/** What everything with a number has: a name, departments, a transcription mode. `short` is what it is called. */
export function common(short: string, name: string): Fields {
  return {
    name: line(`The name of the ${short} in the admin console.`, {
      required: true,
      born: true,
      examples: [name],
    }),
    groups: memberships(short),
    transcriptionMode: choice(`What the PBX transcribes of calls to this ${short}.`, {
      Nothing: "Nothing is transcribed.",
      Voicemail: "Voicemail only.",
      Recordings: "Recordings only.",
      Both: "Voicemail and recordings.",
      Inherit: "What the department says.",
    }),
  };
}

/** Where calls go at times that are not like others. */
export function specialTimes(): Fields {
  const words: Words = {
    default: { to: "ProceedWithNoExceptions" },
    evidence:
      "of every number (3CX's object model, 20.0.1): ProceedWithNoExceptions is no redirection; the time is that of its primary department",
  };
  return {
    outOfOfficeRoute: route(
      "Where calls go outside office hours, and what is played first.",
      words,
    ),
    breakRoute: route("Where calls go in breaks, and what is played first.", words),
    holidaysRoute: route("Where calls go on holidays, and what is played first.", words),
  };
}

/** What happens to a voicemail that nobody in particular has got. */
export function voicemail(): Fields {
  return {
    greetingFile: prompt("What callers hear before they leave a message."),
    vmEmailOptions: choice(
      "What is sent by email when there is a message.",
      {
        None: "Nothing.",
        Notification: "A notification.",
        Attachment: "The message.",
        AttachmentAndDelete: "The message, which is deleted from the mailbox.",
        VmailToMembers: "The message goes to the mailboxes of the members.",
        EmailToExtrasOnly: "An email goes to the list alone.",
      },
      { property: "VMEmailOptions", title: "Voicemail by email" },
    ),
    vmEmailList: optional("The addresses that such emails go to besides.", {
      property: "VMEmailList",
      title: "Voicemail addresses",
      examples: ["desk@example.com"],
      hidden: true,
    }),
  };
}

/** Whether the PBX can be called from a web page. */
export function clickToCall(short: string): Fields {
  return {
    callUsRequirement: choice(`What a visitor of a web page says who calls the ${short} from it.`, {
      Both: "Name and email address.",
      Name: "The name.",
      Email: "The email address.",
      None: "Nothing.",
    }),
    callUsEnablePhone: flag("Whether visitors of a web page can call."),
    callUsEnableChat: flag("Whether visitors of a web page can chat."),
    callUsEnableVideo: flag("Whether visitors of a web page can call with video."),
  };
}

/** What the PBX says and makes of every number itself. */
export const REGISTERED = {
  isRegistered: { type: "boolean", why: "it says whether the PBX serves the number" },
} as const;

export const CLICK_TO_CALL_ID = {
  ClickToCallId: "it stands in links that the PBX makes, and web pages have been given",
};
