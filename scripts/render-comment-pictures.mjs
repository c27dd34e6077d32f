// Draws docs/images: what the Action writes in a pull request and in an issue. Nothing is made up: the built Action runs against
// the sandbox and a listener that takes down what it sends to GitHub, and Chromium shows that as GitHub would.
//   npm run build && node scripts/render-comment-pictures.mjs
// Chromium is /usr/bin/chromium or $CHROMIUM; what draws the diagrams comes from npm, as it does on GitHub.
import { execFileSync, spawn } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import path from "node:path";
import { marked } from "marked";
import { chromium } from "playwright-core";
import { startSandbox } from "../dist/lib/index.js";

const ROOT = path.resolve(import.meta.dirname, "..");
const MERMAID = "mermaid@12.3.0";
const WIDTH = 880;

const place = mkdtempSync(path.join(tmpdir(), "callform-pictures-"));
const repository = path.join(place, "repository");
const git = (...args) =>
  execFileSync("git", ["-c", "user.name=a", "-c", "user.email=a@example.com", ...args], {
    cwd: repository,
    encoding: "utf8",
  }).trim();

/** GitHub, as far as a run asks it; remembers what it is given. */
async function startGithub() {
  const given = { comments: [], issues: [], checks: [], deployments: [] };
  const pull = { merged: undefined };
  const app = { id: 15_368, slug: "github-actions" };
  const keep = (list, item) => list[list.push({ id: list.length + 1, ...item }) - 1];
  const routes = [
    ["POST", /\/check-runs$/, (body) => keep(given.checks, { app, output: {}, ...body })],
    ["PATCH", /\/check-runs\/(\d+)$/, (body, id) => Object.assign(given.checks[id - 1], body)],
    ["GET", /\/check-runs$/, () => ({ check_runs: given.checks })],
    ["POST", /\/issues\/1\/comments$/, (body) => keep(given.comments, body)],
    ["POST", /\/issues$/, (body) => keep(given.issues, { number: 2, ...body })],
    ["POST", /\/deployments$/, (body) => keep(given.deployments, { sha: body.ref, ...body })],
    ["GET", /\/deployments$/, () => given.deployments],
    ["POST", /\/deployments\/\d+\/statuses$/, (body) => body],
    ["GET", /\/deployments\/\d+\/statuses$/, () => [{ state: "success" }]],
    ["GET", /\/commits\/\w+\/pulls$/, () => (pull.merged === undefined ? [] : [pull.merged])],
    ["GET", /\/(comments|issues)$/, () => []],
  ];
  const server = createServer(async (request, response) => {
    let text = "";
    for await (const chunk of request) text += chunk;
    const [address] = request.url.split("?");
    const [, pattern, answer] = routes.find(
      ([method, known]) => method === request.method && known.test(address),
    ) ?? ["", /^/, undefined];
    response.writeHead(answer === undefined ? 403 : 200, { "content-type": "application/json" });
    const [, id] = pattern.exec(address);
    const told = answer?.(text === "" ? {} : JSON.parse(text), id) ?? { message: "no" };
    response.end(JSON.stringify(told));
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  return { given, pull, url: `http://127.0.0.1:${server.address().port}`, server };
}

/** Runs the Action in the repository as it is checked out. Throws unless it ends with the code. */
async function runAction(github, pbx, event, payload, { inputs = {}, ends = 0 } = {}) {
  const eventFile = path.join(place, "event.json");
  writeFileSync(eventFile, JSON.stringify(payload));
  for (const file of ["output", "summary"]) writeFileSync(path.join(place, file), "");
  const named = Object.entries({ "github-token": "x", "digest-key": "any", ...inputs });
  const child = spawn(process.execPath, [path.join(ROOT, "dist/action/main.js")], {
    cwd: repository,
    stdio: ["ignore", "pipe", "inherit"],
    env: {
      PATH: process.env.PATH,
      PBX_URL: pbx.url,
      PBX_CLIENT_ID: pbx.clientId,
      PBX_CLIENT_SECRET: pbx.clientSecret,
      ...Object.fromEntries(named.map(([name, value]) => [`INPUT_${name.toUpperCase()}`, value])),
      GITHUB_API_URL: github.url,
      GITHUB_EVENT_NAME: event,
      GITHUB_EVENT_PATH: eventFile,
      GITHUB_OUTPUT: path.join(place, "output"),
      GITHUB_STEP_SUMMARY: path.join(place, "summary"),
      GITHUB_REPOSITORY: "example/phones",
      GITHUB_REF_NAME: "main",
      GITHUB_RUN_ID: "1",
      GITHUB_SHA: git("rev-parse", "HEAD"),
      RUNNER_TEMP: place,
    },
  });
  let log = "";
  child.stdout.on("data", (chunk) => (log += chunk));
  const code = await new Promise((resolve) => child.once("close", resolve));
  if (code !== ends) throw new Error(`${event} ended with ${code}:\n${log}`);
}

const edit = (name, change) => {
  const file = path.join(repository, name);
  writeFileSync(file, change(readFileSync(file, "utf8")));
};

/** A review, its merge and a morning after, at the support desk of the examples. Gives the texts by picture. */
async function playStory(github, pbx) {
  cpSync(path.join(ROOT, "examples/support-desk"), repository, { recursive: true });
  rmSync(path.join(repository, "apps/waiting.yaml"));
  git("init", "-q", "-b", "main");
  const commit = (message) => (
    git("add", "-A"),
    git("commit", "-qm", message),
    git("rev-parse", "HEAD")
  );
  const push = () => ({
    ref: "refs/heads/main",
    repository: { default_branch: "main" },
    head_commit: { message: "" },
  });
  const base = commit("start");
  await runAction(github, pbx, "push", push(), { inputs: { "require-approved-plan": "false" } });

  await pbx.console.edit("807", { TranscriptionMode: "Both" });
  await pbx.console.edit("808", { Name: "emergency line" });
  cpSync(
    path.join(ROOT, "examples/support-desk/apps/waiting.yaml"),
    path.join(repository, "apps/waiting.yaml"),
  );
  edit("apps/after-hours.cs", (text) =>
    text.replace(
      "[DayOfWeek.Friday] = (new TimeSpan(8, 0, 0), new TimeSpan(16, 0, 0))",
      "[DayOfWeek.Friday] = (new TimeSpan(8, 0, 0), new TimeSpan(14, 0, 0)),\n                [DayOfWeek.Saturday] = (new TimeSpan(9, 0, 0), new TimeSpan(12, 0, 0))",
    ),
  );
  edit("apps/after-hours.yaml", (text) =>
    text.replace("transcriptionMode: Inherit", "transcriptionMode: Voicemail"),
  );
  const head = commit("open on Saturdays");
  const whole = { full_name: "example/phones" };
  const side = {
    number: 1,
    user: { login: "octocat" },
    head: { sha: head, repo: whole },
    base: { sha: base, repo: whole },
  };
  await runAction(github, pbx, "pull_request", { action: "opened", pull_request: side });

  github.pull.merged = {
    number: 1,
    merged_at: "2026-01-05T08:00:00Z",
    merge_commit_sha: head,
    head: { sha: head, repo: whole },
    base: { ref: "main", repo: whole },
  };
  await runAction(github, pbx, "push", push());

  rmSync(path.join(repository, "apps/emergency.yaml"));
  edit("apps/vip.cs", (text) => text.replace(/;$/m, ""));
  const wrong = { ...side, base: side.head, head: { sha: commit("tidy up"), repo: whole } };
  const opened = { action: "opened", pull_request: wrong };
  await runAction(github, pbx, "pull_request", opened, { inputs: { strict: "true" }, ends: 1 });
  git("checkout", "-q", head);

  await pbx.console.edit("809", { TranscriptionMode: "Recordings" });
  await pbx.console.edit("810", { Name: "call me back" });
  await runAction(github, pbx, "schedule", {});
  const [plan, apply, refused] = github.given.comments;
  return {
    "plan-comment": plan.body,
    "apply-comment": apply.body,
    "refused-comment": refused.body,
    "drift-issue": github.given.issues[0].body,
  };
}

const STYLE = `
  body { margin: 0; background: #fff; font: 14px/1.5 "Liberation Sans", Arial, sans-serif; color: #1f2328; }
  #card { width: ${WIDTH - 42}px; margin: 4px; padding: 16px; border: 1px solid #d1d9e0; border-radius: 6px; }
  h2, h3 { margin: 0 0 12px; font-weight: 600; } h2 { font-size: 20px; padding-bottom: 6px; border-bottom: 1px solid #d1d9e0; }
  h3 { font-size: 16px; margin-top: 18px; } p, ul, pre, table, details { margin: 0 0 12px; }
  code, pre { font: 12px/1.45 "Liberation Mono", monospace; background: #f1f3f5; border-radius: 6px; }
  code { padding: 2px 5px; } pre { padding: 12px; overflow: hidden; } pre code { padding: 0; background: none; }
  table { border-collapse: collapse; } td, th { border: 1px solid #d1d9e0; padding: 5px 12px; text-align: left; }
  tr:nth-child(2n) td { background: #f6f8fa; } a { color: #0969da; } sub { font-size: 11px; color: #59636e; }
  .plus { background: #dafbe1; display: block; } .minus { background: #ffebe9; display: block; }
  .mermaid { text-align: center; background: none; }
`;

/** Markdown as GitHub shows it, with the first details open and a diff in its colours. */
function writePage(markdown) {
  const html = marked
    .parse(markdown.replace(/^<!--.*-->\n/, ""))
    .replaceAll(
      /<pre><code class="language-mermaid">([^]*?)<\/code><\/pre>/g,
      '<pre class="mermaid">$1</pre>',
    )
    .replaceAll(
      /<code class="language-diff">([^]*?)<\/code>/g,
      (_, lines) => `<code>${colour(lines)}</code>`,
    )
    .replace("<details>", "<details open>");
  return `<!doctype html><meta charset="utf-8"><style>${STYLE}</style><div id="card">${html}</div>`;
}

function colour(lines) {
  const marks = { "+": "plus", "-": "minus" };
  return lines
    .split("\n")
    .map((line) =>
      line[0] in marks ? `<span class="${marks[line[0]]}">${line}</span>` : `${line}\n`,
    )
    .join("");
}

async function draw(texts) {
  execFileSync("npm", ["pack", "--silent", "--pack-destination", place, MERMAID], { cwd: place });
  execFileSync("tar", ["-xzf", `${MERMAID.replace("@", "-")}.tgz`, "package/dist/mermaid.min.js"], {
    cwd: place,
  });
  const browser = await chromium.launch({
    executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
    args: ["--no-sandbox"],
  });
  try {
    const page = await browser.newPage({ viewport: { width: WIDTH, height: 400 } });
    for (const [name, text] of Object.entries(texts)) {
      await page.setContent(writePage(text));
      await page.addScriptTag({ path: path.join(place, "package/dist/mermaid.min.js") });
      await page.evaluate("mermaid.initialize({ startOnLoad: false }); mermaid.run()");
      const card = page.locator("body");
      await card.screenshot({ path: path.join(ROOT, `docs/images/${name}.png`) });
    }
  } finally {
    await browser.close();
  }
}

const github = await startGithub();
const pbx = await startSandbox({
  seed: {
    departments: [{ name: "SUPPORT" }],
    trunks: [{ number: "10001", name: "Example Telecom" }],
    compile: { delay: 30 },
  },
});
try {
  const texts = await playStory(github, pbx);
  mkdirSync(path.join(ROOT, "docs/images"), { recursive: true });
  await draw(texts);
} finally {
  await pbx.close();
  github.server.close();
  rmSync(place, { recursive: true, force: true });
}
