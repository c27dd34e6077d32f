/** One `#if` that is still open. */
interface Branch {
  /** Whether the text around it is compiled. */
  readonly outer: boolean;
  /** Whether one of its branches was kept already. */
  taken: boolean;
  active: boolean;
}

const LINE = /[^\r\n]+/g;
const DIRECTIVE = /^[ \t\uFEFF]*#[ \t]*([a-z]+)(.*)$/;
const NEVER = /^[\s(]*false[\s)]*(\/\/.*)?$/;

function blank(line: string): string {
  return " ".repeat(line.length);
}

/**
 * The text with every preprocessor directive blanked, and of every `#if` all branches but the first that
 * is not `#if false`. Same length, so offsets stay true. When the directives do not pair up the text comes back as
 * it is. Meant for texts that do not parse as they stand: the grammar knows `#if` only between whole statements.
 */
export function blankDirectives(text: string): string {
  const open: Branch[] = [];
  let paired = true;
  const blanked = text.replace(LINE, (line) => {
    const [, word, condition = ""] = DIRECTIVE.exec(line) ?? [];
    const branch = open.at(-1);
    const active = branch?.active ?? true;
    if (word === undefined) return active ? line : blank(line);
    if (word === "if") {
      const taken = !NEVER.test(condition);
      open.push({ outer: active, taken, active: active && taken });
    } else if (word === "elif" || word === "else" || word === "endif") {
      if (branch === undefined) paired = false;
      else if (word === "endif") open.pop();
      else {
        branch.active = branch.outer && !branch.taken && !NEVER.test(condition);
        branch.taken ||= branch.active;
      }
    }
    return blank(line);
  });
  return paired && open.length === 0 ? blanked : text;
}
