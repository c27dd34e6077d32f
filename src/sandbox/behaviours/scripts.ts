import type { Behaviour } from "./behaviour.ts";

/** The compilation of a call flow app's script. */
export const SCRIPTS = [
  {
    name: "invalid-at-birth",
    does: "A new app has InvalidScript true before anything was compiled.",
    evidence: "a WHMCS add-on, live",
    mark: "L",
  },
  {
    name: "compiles-later",
    does: "A write is answered at once; the compiler's verdict shows after a while, 300 ms unless the seed says otherwise.",
    evidence: "a WHMCS add-on polls for it each second, live",
    mark: "L",
  },
  {
    name: "sent-text-shows-at-once",
    does: "While a text is compiled, ScriptCode is that text already, with the last verdict beside it.",
    evidence: "a WHMCS add-on waits for the text, the verdict and a new time together",
    mark: "I",
    switches: ["sentTextShowsAtOnce"],
  },
  {
    name: "refused-first-script",
    does: "A refused script of an app that never had a good one stays in ScriptCode; InvalidScript is true and nothing runs.",
    evidence: "3CX's sample OMSamples ScriptDevelopment (V18)",
    mark: "O",
  },
  {
    name: "rejected-code",
    does: "RejectedCode holds the refused text in either case, because CompilationResult speaks of it.",
    evidence: "OMSamples ScriptDevelopment shows the result against it whenever compilation failed",
    mark: "I",
    switches: ["rejectedCodeOnFirstRefusal"],
  },
  {
    name: "old-code-keeps-running",
    does: "A refused later script leaves the old one running and in ScriptCode; CompilationSucceeded and InvalidScript are both false.",
    evidence: "OMSamples ScriptDevelopment; what ScriptCode holds is inferred",
    mark: "O",
  },
  {
    name: "identical-text",
    does: "Sending the text that ScriptCode has starts no compilation, not even after a refusal.",
    evidence: "OMSamples ScriptDevelopment adds a blank to force one",
    mark: "O",
  },
  {
    name: "success-has-its-time",
    does: "CompilationLastSuccess is another time after every success.",
    evidence: "a WHMCS add-on tells successes apart by it",
    mark: "L",
  },
  {
    name: "result-form",
    does: "CompilationResult has for each diagnostic a line :[start..end)S: and its message on the next; S is E, W or H. Offsets count characters from 1.",
    evidence: "reconstructed from OMSamples ScriptDevelopment and a WHMCS add-on's parser",
    mark: "I",
    switches: ["spanBase", "severityLetter"],
  },
  {
    name: "hidden-lines",
    does: "Unneeded using directives are reported as hidden (H), repeated ones as warnings (W), among the errors and without them.",
    evidence: "OMSamples ScriptDevelopment colours H, W and E",
    mark: "O",
  },
  {
    name: "text-as-sent",
    does: "The PBX keeps a script byte for byte; some may give it back with CRLF.",
    evidence: "a WHMCS add-on strips carriage returns from what it reads",
    mark: "I",
    switches: ["textReadBack"],
  },
] as const satisfies readonly Behaviour[];
