import { explainTopic } from "../../app/offline/explain.ts";
import { renderExplanation } from "../../render/reports/explanation.ts";
import type { Context } from "../context.ts";
import type { CommandFlags } from "../flags.ts";

/** `callform explain`: what a kind or one of its settings is. Touches neither files nor the network. */
export async function explain(
  { console }: Context,
  topic: string,
  { format }: CommandFlags,
): Promise<number> {
  const explanation = explainTopic(topic);
  console.out(
    format === "json"
      ? `${JSON.stringify(explanation, undefined, 2)}\n`
      : renderExplanation(explanation),
  );
  return 0;
}
