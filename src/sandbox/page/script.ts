/**
 * Runs in the browser. Everything shown goes through textContent, so no script or name of an app
 * can become markup; what is open or focused stays so when the state is read again.
 */
export const PAGE_SCRIPT = `
"use strict";
const find = document.getElementById("find");
const summary = document.getElementById("summary");
const apps = document.getElementById("apps");
const requests = document.getElementById("requests");
const CLASSES = { live: "live", compiling: "busy" };
const lines = new Map();

const make = (tag, text, className) => {
  const element = document.createElement(tag);
  if (text !== undefined) element.textContent = text;
  if (className) element.className = className;
  return element;
};
const setText = (element, text) => {
  if (element.textContent !== text) element.textContent = text;
};

async function fill(line) {
  const answer = await fetch("/sandbox/apps/" + encodeURIComponent(line.number));
  if (!answer.ok) return;
  const app = await answer.json();
  const parts = [
    ["Script", app.ScriptCode],
    ["Refused script", app.RejectedCode],
    ["Compiler", app.CompilationResult],
  ].filter(([, text]) => text);
  const key = JSON.stringify(parts);
  if (line.key === key) return;
  line.key = key;
  line.body.replaceChildren(
    ...(parts.length === 0 ? [make("p", "No script.")] : []),
    ...parts.flatMap(([title, text]) => {
      const box = make("pre", text);
      box.tabIndex = 0;
      box.setAttribute("role", "region");
      box.setAttribute("aria-label", title + " of " + line.number);
      return [make("h3", title), box];
    }),
  );
}

function lineFor(number) {
  const known = lines.get(number);
  if (known) return known;
  const box = make("details");
  const head = make("summary");
  const line = {
    number, box, body: make("div"),
    name: make("span", "", "name"), routing: make("span"), state: make("span"),
  };
  head.append(make("span", number, "number"), line.name, line.routing, line.state);
  box.append(head, line.body);
  box.addEventListener("toggle", () => box.open && fill(line).catch(lose));
  lines.set(number, line);
  return line;
}

function showApps(list) {
  const shown = list.map((app) => {
    const line = lineFor(app.number);
    setText(line.name, app.name);
    setText(line.routing, app.routing);
    setText(line.state, app.state);
    line.state.className = CLASSES[app.state] ?? "bad";
    return line;
  });
  const wanted = shown.map((line) => line.box);
  const same = wanted.length === apps.children.length && wanted.every((box, index) => apps.children[index] === box);
  if (!same) apps.replaceChildren(...wanted);
  for (const number of [...lines.keys()]) if (!list.some((app) => app.number === number)) lines.delete(number);
  return Promise.all(shown.filter((line) => line.box.open).map(fill));
}

function showRequests(list) {
  requests.replaceChildren(...list.map((request) => {
    const row = make("tr");
    const query = request.query ? "?" + request.query : "";
    row.append(
      make("td", new Date(request.sentAt).toLocaleTimeString()),
      make("td", request.status === 0 ? "none" : String(request.status), request.status >= 400 || request.status === 0 ? "bad" : "live"),
      make("td", request.method + " " + request.path + query),
    );
    return row;
  }));
}

function lose() {
  summary.className = "lost";
  setText(summary, "The sandbox does not answer.");
}

let lastRequests = "";
async function refresh() {
  const answer = await fetch("/sandbox/state?find=" + encodeURIComponent(find.value));
  const state = await answer.json();
  summary.className = "";
  const more = state.matching > state.apps.length ? ", the first " + state.apps.length + " shown" : "";
  setText(summary, state.matching + " of " + state.total + " apps" + more);
  await showApps(state.apps);
  const key = JSON.stringify(state.requests);
  if (key !== lastRequests) showRequests(state.requests);
  lastRequests = key;
}

let asked = 0;
function tick() {
  const mine = ++asked;
  refresh().catch(lose).finally(() => {
    if (mine === asked) setTimeout(tick, document.hidden ? 5000 : 1000);
  });
}
find.addEventListener("input", tick);
tick();
`;
