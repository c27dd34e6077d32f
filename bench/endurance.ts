// Half an hour of plan, edit, apply and drift against a PBX where things go wrong: nothing lost, nothing left open, memory flat.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { parseArgs } from "node:util";
import { endure, type Round } from "./endurance/endure.ts";
import { judgeRounds } from "./endurance/verdict.ts";
import { startPbx } from "./pbx.ts";

const { values } = parseArgs({
  options: {
    minutes: { type: "string", default: "30" },
    seed: { type: "string", default: "1" },
  },
});

const root = mkdtempSync(path.join(tmpdir(), "callform-endurance-"));
const until = performance.now() + Number(values.minutes) * 60_000;
const pbx = await startPbx({ options: { seed: { compile: { delay: 5 } } } });
const write = (bytes: number): string => `${(bytes / 2 ** 20).toFixed(1)} MB`;
const show = ({ number, heap, handles }: Round): void => {
  if (number % 20 === 0)
    process.stderr.write(`\rround ${number}: heap ${write(heap)}, ${handles} handles `);
};
const rounds = await endure({
  root,
  pbx,
  seed: Number(values.seed),
  goOn: (done) => done < 10 || performance.now() < until,
  onRound: show,
});
await pbx.close();
rmSync(root, { recursive: true, force: true });

const verdict = judgeRounds(rounds);
const { early, late, earlyHandles, lateHandles, flat, applies } = verdict;
process.stdout.write(
  `\n${rounds.length} rounds, ${applies} applies, seed ${values.seed}: nothing lost; heap ${write(early)} early, ${write(late)} late (${flat ? "flat" : "GROWING"}); handles ${earlyHandles} early, ${lateHandles} late.\n`,
);
process.exitCode = flat && lateHandles <= earlyHandles ? 0 : 1;
