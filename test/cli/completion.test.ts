import { Command } from "commander";
import * as fc from "fast-check";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import { readCompletion, readPlaceholder, SOURCES } from "../../src/cli/completion.ts";
import { createProgram } from "../../src/cli/program.ts";
import type { Context } from "../../src/cli/context.ts";

/** A program small enough to say all of what should be offered. */
function makeProgram(): Command {
  const program = new Command("tool").option("--no-color", "no colours");
  program
    .command("plan [paths...]")
    .description("what would change")
    .option("--target <names>", "which")
    .option("--only <numbers>", "some")
    .option("--project <dir>", "where")
    .option("-o, --out <file>", "save")
    .option("--ref <ref>", "since")
    .option("--yes", "do not ask")
    .addOption(program.createOption("--format <format>", "form").choices(["text", "json"]));
  program.command("schema [kind]").description("one schema");
  program.command("init [dir]").description("begin");
  program.command("targets").description("list");
  program.command("__complete [words...]", { hidden: true });
  return program;
}

const wanted = (...words: string[]) => readCompletion(makeProgram(), words).wanted;
const offered = (...words: string[]): readonly string[] => {
  const found = wanted(...words);
  if (found.from !== "words") throw new Error(`asks for ${found.from}`);
  return found.words.map(({ value }) => found.lead + value);
};

describe("the end of an unfinished command line", () => {
  it("is a command first, and no hidden one", () => {
    expect(offered("")).toEqual(["plan", "schema", "init", "targets", "help"]);
    expect(offered()).toEqual(offered(""));
    expect(offered("p")).toEqual(["plan"]);
    expect(offered("--no-color", "pl")).toEqual(["plan"]);
    expect(wanted("p")).toMatchObject({ words: [{ meaning: "what would change" }] });
  });

  it("is a flag of that command where it starts with a dash", () => {
    expect(offered("plan", "--f")).toEqual(["--format"]);
    expect(offered("plan", "x.yaml", "--yes", "-")).toContain("--target");
    expect(offered("schema", "--t")).toEqual([]);
    expect(offered("--")).toEqual(["--no-color", "--help"]);
  });

  it("is one of the choices of a flag", () => {
    expect(offered("plan", "--format", "")).toEqual(["text", "json"]);
    expect(offered("plan", "--format", "j")).toEqual(["json"]);
    expect(offered("plan", "--format=j")).toEqual(["--format=json"]);
  });

  it("is what the flag before it asks for", () => {
    expect(wanted("plan", "--target", "pro")).toEqual({ from: "targets", typed: "pro", lead: "" });
    expect(wanted("plan", "--only", "80")).toEqual({ from: "numbers", typed: "80", lead: "" });
    expect(wanted("plan", "--project", "")).toEqual({ from: "folders", typed: "", lead: "" });
    expect(wanted("plan", "--out", "p")).toEqual({ from: "files", typed: "p", lead: "" });
    expect(wanted("plan", "-o", "p")).toEqual({ from: "files", typed: "p", lead: "" });
    expect(wanted("plan", "--ref", "")).toEqual({ from: "nothing", typed: "", lead: "" });
  });

  it("keeps what stands before it in the same word", () => {
    expect(wanted("plan", "--only=80")).toEqual({ from: "numbers", typed: "80", lead: "--only=" });
    expect(wanted("plan", "--only", "806,8")).toEqual({
      from: "numbers",
      typed: "8",
      lead: "806,",
    });
    const both = { from: "targets", typed: "s", lead: "--target=berlin," };
    expect(wanted("plan", "--target=berlin,s")).toEqual(both);
  });

  it("is found also where bash has taken --flag=value apart", () => {
    expect(wanted("plan", "--only", "=", "80")).toEqual({ from: "numbers", typed: "80", lead: "" });
    expect(wanted("plan", "--only", "=")).toEqual({ from: "numbers", typed: "", lead: "" });
    expect(wanted("plan", "--only", "=", "806", "")).toMatchObject({ from: "files" });
  });

  it("is an operand otherwise, and nothing where no more are taken", () => {
    expect(wanted("plan", "")).toEqual({ from: "files", typed: "", lead: "" });
    expect(wanted("plan", "a.yaml", "b")).toEqual({ from: "files", typed: "b", lead: "" });
    expect(wanted("plan", "--yes", "b")).toEqual({ from: "files", typed: "b", lead: "" });
    expect(wanted("plan", "--only=806", "b")).toEqual({ from: "files", typed: "b", lead: "" });
    expect(wanted("schema", "P")).toEqual({ from: "kinds", typed: "P", lead: "" });
    expect(offered("schema", "Plan", "")).toEqual([]);
    expect(offered("targets", "")).toEqual([]);
    expect(wanted("init", "")).toMatchObject({ from: "folders" });
  });

  it("is an operand after --, whatever it looks like", () => {
    expect(wanted("plan", "--", "--format")).toEqual({
      from: "files",
      typed: "--format",
      lead: "",
    });
    expect(wanted("plan", "--", "--only=8")).toMatchObject({ from: "files" });
  });

  it("knows what was said before it of project and target", () => {
    const { given } = readCompletion(makeProgram(), [
      ...["plan", "--project", "pbx", "--target=berlin", "--yes", "--only", ""],
    ]);
    expect(given).toEqual({ project: "pbx", target: "berlin" });
  });

  it("always has an answer, whatever is typed", () => {
    const word = fc.oneof(
      fc.constantFrom(
        "plan",
        "--target",
        "--only",
        "=",
        "--",
        "-",
        "",
        "--x=",
        "__complete",
        "help",
      ),
      fc.string(),
    );
    fc.assert(
      fc.property(fc.array(word), (words) => {
        const found = wanted(...words);
        const known = ["words", ...Object.values(SOURCES)];
        expect(known).toContain(found.from);
        const last = words.at(-1) ?? "";
        if (found.from === "words")
          for (const { value } of found.words)
            expect((found.lead + value).startsWith(last === "=" ? "" : last)).toBe(true);
      }),
    );
  });
});

describe("the flags and operands of Callform", () => {
  it("all have a value that can be completed, or is known to be nothing a shell could know", async () => {
    const program = await catchProgram();
    const asked = new Set(
      program.commands.flatMap((command) => [
        ...command.options
          .filter(({ argChoices }) => argChoices === undefined)
          .flatMap(({ flags }) => readPlaceholder(flags) ?? []),
        ...command.registeredArguments
          .filter(({ argChoices }) => argChoices === undefined)
          .map((argument) => argument.name()),
      ]),
    );
    asked.delete("words");
    expect([...asked].toSorted()).toEqual(Object.keys(SOURCES).toSorted());
  });

  it("are described, each of them", async () => {
    const program = await catchProgram();
    for (const command of program.commands.filter((one) => !one.name().startsWith("__"))) {
      expect([command.name(), command.description()]).not.toContain("");
      for (const { flags, description } of command.options)
        expect([flags, description]).not.toContain("");
    }
  });

  it("are offered command by command, without what is hidden", async () => {
    const program = await catchProgram();
    const names = program.commands.map((command) => command.name());
    const { wanted: found } = readCompletion(program, [""]);
    const values = found.from === "words" ? found.words.map(({ value }) => value) : [];
    expect(values).toEqual([...names.filter((name) => name !== "__complete"), "help"]);
    for (const name of names) {
      const { wanted: flags } = readCompletion(program, [name, "--"]);
      expect(flags.from).toBe("words");
    }
  });
});

/** The program itself, as the hidden command is handed it. */
async function catchProgram(): Promise<Command> {
  const parsing = vi.spyOn(Command.prototype, "parseAsync").mockImplementation(vi.fn());
  onTestFinished(() => parsing.mockRestore());
  const console = { out: () => undefined, err: () => undefined };
  await createProgram({ console } as unknown as Context, []);
  const [program] = parsing.mock.contexts;
  if (!(program instanceof Command)) throw new Error("no program was made");
  return program;
}
