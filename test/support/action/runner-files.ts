/** A line that GitHub's runner takes for a command. */
export interface WorkflowCommand {
  readonly name: string;
  readonly properties: Readonly<Record<string, string>>;
  readonly message: string;
}

/** What the runner makes of everything a step has written to its log. */
export interface RunnerLog {
  readonly commands: readonly WorkflowCommand[];
  /** Values of `add-mask`. */
  readonly masks: readonly string[];
  /** What a reader of the log sees before masking: the lines without those that add a mask, which the runner swallows. */
  readonly text: string;
}

// actions/runner src/Runner.Common/ActionCommand.cs: `::name props::message` after blanks at the start of
// a line, or `##[name props]message` anywhere in one.
const NEW_FORM = /^\s*::([A-Za-z][\w-]*)(?: (.*?))?::(.*)$/s;
const OLD_FORM = /##\[([A-Za-z][\w-]*)(?: (.*?))?\](.*)$/s;

/** Reads a log as the runner does. */
export function readRunnerLog(log: string): RunnerLog {
  const lines = log.split(/\r\n|\n|\r/);
  const read = lines.map((line) => ({ line, command: readCommand(line) }));
  const commands = read.flatMap(({ command }) => (command === undefined ? [] : [command]));
  return {
    commands,
    masks: commands.filter(({ name }) => name === "add-mask").map(({ message }) => message),
    text: read
      .filter(({ command }) => command?.name !== "add-mask")
      .map(({ line }) => line)
      .join("\n"),
  };
}

function readCommand(line: string): WorkflowCommand | undefined {
  const [, name, properties = "", message = ""] = NEW_FORM.exec(line) ?? OLD_FORM.exec(line) ?? [];
  if (name === undefined) return undefined;
  const pairs = properties
    .split(",")
    .filter((pair) => pair.includes("="))
    .map((pair) => {
      const [key = "", ...value] = pair.split("=");
      return [key.trim(), unescape(value.join("="))] as const;
    });
  return { name, properties: Object.fromEntries(pairs), message: unescape(message) };
}

function unescape(text: string): string {
  return text
    .replaceAll("%0D", "\r")
    .replaceAll("%0A", "\n")
    .replaceAll("%3A", ":")
    .replaceAll("%2C", ",")
    .replaceAll("%25", "%");
}

/**
 * The pairs of a GITHUB_OUTPUT or GITHUB_STATE file: `name=value`, or `name<<END`, lines, `END`. Throws an Error where the
 * runner would fail the step.
 */
export function readRunnerFile(text: string): Record<string, string> {
  const found: Record<string, string> = {};
  const lines = text.split("\n");
  for (let at = 0; at < lines.length; at += 1) {
    const line = lines[at] ?? "";
    if (line === "") continue;
    const [equals, heredoc] = [line.indexOf("="), line.indexOf("<<")];
    if (equals >= 0 && (heredoc < 0 || equals < heredoc)) {
      found[line.slice(0, equals)] = line.slice(equals + 1);
      continue;
    }
    if (heredoc < 0) throw new Error(`the runner cannot read the line ${JSON.stringify(line)}`);
    const end = lines.indexOf(line.slice(heredoc + 2), at + 1);
    if (end < 0) throw new Error(`${line.slice(0, heredoc)} has no end in ${JSON.stringify(text)}`);
    found[line.slice(0, heredoc)] = lines.slice(at + 1, end).join("\n");
    at = end;
  }
  return found;
}
