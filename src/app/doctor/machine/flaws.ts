/** What copying has left on a credential, as a clause; undefined where there is nothing. */
export function findFlaw(value: string): string | undefined {
  if (/[\r\n]$/.test(value)) return "ends with a line end";
  if (value !== value.trim()) return "has blanks around it";
  if (/^(["'`]).*\1$/s.test(value)) return "stands in quotes";
  if (/[\p{Cc}\p{Cf}\p{Z}]/u.test(value)) return "has a blank or an invisible character in it";
  return undefined;
}

/** The value without what {@link findFlaw} finds. */
export function mend(value: string): string {
  const bare = value.replaceAll(/[\p{Cc}\p{Cf}\p{Z}]/gu, "");
  return /^(["'`])(.*)\1$/s.exec(bare)?.[2] ?? bare;
}
