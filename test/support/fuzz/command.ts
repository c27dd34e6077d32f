/** The line for a shell that repeats one test with a seed; `names` are the titles around it, and its own. */
export function writeCommand(seed: string, file: string, names: readonly string[]): string {
  return `npm run fuzz -- --seed ${seed} ${quote(file)} -t ${quote(writePattern(names))}`;
}

/** What vitest's `-t` matches with that test alone. */
export function writePattern(names: readonly string[]): string {
  return `^${names.join(" ").replaceAll(/[\\^$.*+?()[\]{}|]/g, String.raw`\$&`)}$`;
}

function quote(text: string): string {
  return /^[\w./-]+$/.test(text) ? text : `'${text.replaceAll("'", String.raw`'\''`)}'`;
}
