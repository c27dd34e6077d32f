import { failure } from "../../domain/problem.ts";
import { kinds } from "../../kinds/index.ts";
import { suggestName } from "../../domain/text/nearest-name.ts";
import { joinNames } from "../../manifest/problems/names.ts";

/** Every kind of which all can be read. */
const ALL = "*";

/** The kinds that `--kind` names, in any case; `*` is every kind. Throws ProblemError for a name that is none. */
export function chooseKinds(names: readonly string[] | undefined): readonly string[] | undefined {
  if (names === undefined || names.length === 0) return undefined;
  const known = kinds.map(({ name }) => name);
  const chosen = names
    .flatMap((part) => part.split(","))
    .flatMap((name) => {
      if (name === ALL)
        return kinds.filter(({ scope }) => scope !== "named").map((kind) => kind.name);
      const found = known.find((one) => one.toLowerCase() === name.toLowerCase());
      if (found !== undefined) return [found];
      throw failure("kind-unknown", `there is no kind "${name}"`, {
        hint:
          suggestName(name, known) ??
          `kinds: ${joinNames(known).replace(/ or (?=[^ ]*$)/, " and ")}`,
      });
    });
  return [...new Set(chosen)];
}
