// Takes examples/support-desk to a simulated PBX and breaks a script on the way, showing what a user would see.
// Exits with 1 as soon as a step does not end as it should.
import { spawn } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "..");
const program = path.join(root, "dist/cli/main.js");
const example = path.join(root, "examples/support-desk");
const folder = mkdtempSync(path.join(tmpdir(), "callform-demo-"));

const say = (text) => console.log(`\n\u2014\u2014 ${text}`);

/** Starts the sandbox and gives what it prints when it listens, and a function that ends it. */
async function startSandbox() {
  const args = [
    program,
    "sandbox",
    "--port",
    "0",
    "--json",
    "--seed",
    path.join(example, "sandbox.yaml"),
  ];
  const child = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "inherit"] });
  const ended = new Promise((resolve) => child.once("exit", resolve));
  for await (const line of createInterface({ input: child.stdout }))
    return { ...JSON.parse(line), stop: () => (child.kill("SIGTERM"), ended) };
  throw new Error("the sandbox ended before it listened");
}

/** Runs one command as a user would and gives its output; throws when it does not end as expected. */
async function run(env, args, expected) {
  console.log(`\n$ callform ${args.join(" ")}`);
  const child = spawn(process.execPath, [program, ...args], {
    cwd: folder,
    env: { ...process.env, ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let text = "";
  for (const [stream, out] of [
    [child.stdout, process.stdout],
    [child.stderr, process.stderr],
  ])
    stream.on("data", (chunk) => {
      text += chunk;
      out.write(chunk);
    });
  const code = await new Promise((resolve) => child.once("close", resolve));
  if (code !== expected.code) throw new Error(`expected exit code ${expected.code}, got ${code}`);
  for (const part of expected.shows ?? [])
    if (!text.includes(part)) throw new Error(`expected the output to show: ${part}`);
  return text;
}

async function demonstrate(sandbox) {
  const env = {
    PBX_URL: sandbox.url,
    PBX_CLIENT_ID: sandbox.clientId,
    PBX_CLIENT_SECRET: sandbox.clientSecret,
  };
  const script = path.join(folder, "apps/after-hours.cs");

  say("The manifests are checked without any PBX.");
  await run(env, ["validate"], { code: 0, shows: ["Valid: 6 apps"] });

  say("The plan shows what would change, and writes nothing.");
  await run(env, ["plan"], { code: 0, shows: ["Plan: 6 to create, 0 to update, 0 to delete"] });

  say("Apply makes it so: every script is compiled by the PBX before anything else moves.");
  await run(env, ["apply", "--yes"], { code: 0, shows: ["Apply: 6 applied, 0 unchanged."] });

  say("A second plan has nothing left to do.");
  await run(env, ["plan", "--detailed-exitcode"], {
    code: 0,
    shows: ["No changes.", "6 unchanged"],
  });

  say("Now somebody edits a script and drops a semicolon.");
  const good = readFileSync(script, "utf8");
  const { text: broken, line } = breakScript(good);
  writeFileSync(script, broken);
  await run(env, ["apply", "--yes"], {
    code: 1,
    shows: [
      `apps/after-hours.cs:${line}:`,
      "script-refused",
      "the script before it is still running",
    ],
  });

  say("The PBX refused it, and the script from before still answers calls.");
  await run(env, ["status"], { code: 2, shows: ["still answers calls"] });

  say("With the semicolon back, Git and PBX agree again.");
  writeFileSync(script, good);
  await run(env, ["plan", "--detailed-exitcode"], { code: 0, shows: ["No changes."] });
}

/** Drops the semicolon of the first awaited statement, and says in which line. */
function breakScript(text) {
  const lines = text.split("\n");
  const at = lines.findIndex((line) => /^\s*await .*;\s*$/.test(line));
  if (at < 0) throw new Error("the example has no statement to break");
  lines[at] = lines[at].replace(/;(\s*)$/, "$1");
  return { text: lines.join("\n"), line: at + 1 };
}

let sandbox;
try {
  cpSync(example, folder, { recursive: true });
  sandbox = await startSandbox();
  say(`A simulated PBX listens at ${sandbox.url}.`);
  await demonstrate(sandbox);
  say("Every step ended as it should.");
} catch (error) {
  console.error(`\nThe demo failed: ${error.message}`);
  process.exitCode = 1;
} finally {
  await sandbox?.stop();
  rmSync(folder, { recursive: true, force: true });
}
