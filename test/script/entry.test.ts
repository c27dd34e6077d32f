import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { checkScript } from "../../src/script/check.ts";
import { SOUND } from "./samples.ts";

async function listCodes(text: string): Promise<string[]> {
  return (await checkScript(text)).map(({ code }) => code);
}

const START = "public override void Start() { }";

describe("the class the PBX runs", () => {
  it.each([
    ["directly", `class A : ScriptBase<A> { ${START} }`],
    ["by a qualified name", `class A : CallFlow.ScriptBase<A> { ${START} }`],
    ["by a name from the root", `class A : global::CallFlow.ScriptBase<A> { ${START} }`],
    ["by the root alone", `class A : global::ScriptBase<A> { ${START} }`],
    ["beside interfaces", `class A : ScriptBase<A>, ICallflow, IDisposable { ${START} }`],
    ["as a record", `record A : ScriptBase<A> { ${START} }`],
    ["as a record with parameters", `record A(int X) : ScriptBase<A>(X) { ${START} }`],
    ["with a primary constructor", `class A(int x) : ScriptBase<A>(x) { ${START} }`],
    ["nested in another class", `class B { class A : ScriptBase<A> { ${START} } }`],
    [
      "in a namespace",
      `namespace dummy { namespace x.y { class A : ScriptBase<A> { ${START} } } }`,
    ],
    ["in a file-scoped namespace", `namespace dummy; class A : ScriptBase<A> { ${START} }`],
    ["as a generic class", `class A<T> : ScriptBase<A<T>> where T : new() { ${START} }`],
    [
      "through a class of the script",
      `abstract class B<T> : ScriptBase<T> { } class A : B<A> { ${START} }`,
    ],
    ["after its descendant", `class A : B { ${START} } class B : ScriptBase<B> { }`],
    ["in parts", `partial class A : ScriptBase<A> { } partial class A { ${START} }`],
    [
      "among other classes",
      `class X { } enum E { A } class A : ScriptBase<A> { ${START} } class Y { }`,
    ],
    ["under a condition", `#if DEBUG\nclass A : ScriptBase<A> { ${START} }\n#endif\n`],
  ])("may derive from ScriptBase %s", async (_, text) => {
    expect(await checkScript(text)).toEqual([]);
  });

  it.each([
    ["an empty script", ""],
    ["a script of comments", "// class A : ScriptBase<A> { }\n"],
    ["a class without a base", `class A { void Start() { } }`],
    ["another base", `class A : Other<A> { ${START} }`],
    ["a base without type argument", `class A : ScriptBase { ${START} }`],
    ["a member of the name", `class A : ScriptBase<A>.Inner { ${START} }`],
    ["an interface", `interface A : ScriptBase<A> { void Start(); }`],
    ["a circle of classes", `class A : B { ${START} } class B : A { }`],
    ["the words in a string", `class A { string s = "class A : ScriptBase<A> { ${START} }"; }`],
  ])("is missed in %s", async (_, text) => {
    expect(await listCodes(text)).toEqual(["script-class-missing"]);
  });

  it("is asked for where a class stands, with that class's name", async () => {
    const text = "namespace dummy;\nclass Lobby { }\n";
    const [finding] = await checkScript(text);
    expect(text.slice(finding?.start, finding?.end)).toBe("Lobby");
    expect(finding?.message).toContain('"public class Lobby : ScriptBase<Lobby>"');
  });
});

describe("the method the PBX calls", () => {
  it.each([
    "public override void Start() { }",
    "public override async void Start() { await X(); }",
    "public override async Task Start() => await X();",
    "public override Task Start() { return X(); }",
    "public sealed override void Start() { }",
    "public override async Task<bool> StartAsync() { return await X(); }",
    "[Obsolete] public override void Start() { }",
    "#if DEBUG\npublic override void Start() { }\n#endif\n",
    "void Start(int x) { } public override void Start() { }",
  ])("may be %s", async (method) => {
    expect(await checkScript(`class A : ScriptBase<A> {\n${method}\n}`)).toEqual([]);
  });

  it.each([
    ["nothing is there", "int x;"],
    ["it is named otherwise", "public override void start() { }"],
    ["it takes an argument", "public override void Start(int x) { }"],
    ["it belongs to a class inside", `class B { ${START} }`],
    ["it is a function inside a method", "void Run() { void Start() { } }"],
    ["it is a property", "public override int Start => 1;"],
    ["it implements an interface", "void IFlow.Start() { }"],
  ])("is missed when %s", async (_, member) => {
    const text = `class Lobby : ScriptBase<Lobby> { ${member} }`;
    const findings = await checkScript(text);
    expect(findings.map(({ code }) => code)).toEqual(["script-start-missing"]);
    expect(text.slice(findings[0]?.start, findings[0]?.end)).toBe("Lobby");
  });

  it("is told apart from a Start that overrides nothing", async () => {
    const [finding] = await checkScript("class A : ScriptBase<A> { public void Start() { } }");
    expect(finding?.code).toBe("script-start-missing");
    expect(finding?.message).toContain('without "override"');
  });
});

describe("after a syntax mistake", () => {
  it("an entry the mistake has swallowed is not called missing", async () => {
    for (const { index } of SOUND.matchAll(/[;(){}<>:,]|\bclass\b|\boverride\b|\bvoid\b/g)) {
      const text = `${SOUND.slice(0, index)}@${SOUND.slice(index + 1)}`;
      const codes = new Set(await listCodes(text));
      codes.delete("script-syntax");
      // Without its `<` the base is another class, and that is then the mistake.
      expect([...codes].filter(() => /ScriptBase</.test(text))).toEqual([]);
    }
  });

  it("an entry that was never there is reported as well, in offsets of the text that came", async () => {
    const text = "using System\nclass Lobby\n{\n    void Run() { a() }\n    int b = 1\n}\n";
    const findings = await checkScript(text);
    expect(findings.map(({ code, start }) => [code, start])).toEqual([
      ["script-syntax", text.indexOf("\nclass")],
      ["script-syntax", text.indexOf(" }\n")],
      ["script-syntax", text.indexOf("\n}")],
      ["script-class-missing", text.indexOf("Lobby")],
    ]);
    expect(findings.at(-1)?.end).toBe(text.indexOf("Lobby") + "Lobby".length);
  });
});

describe("the entry rules", () => {
  it("find a script among any other declarations, in any order", async () => {
    const others = fc.constantFrom(
      "class X { void Start() { } }",
      "enum E { A, B }",
      "struct S { }",
      "interface I { void Start(); }",
      "record R(int X);",
      "abstract class Y<T> : Other<T> { public override void Start() { } }",
      "delegate void D();",
    );
    await fc.assert(
      fc.asyncProperty(
        fc.array(others, { maxLength: 6 }),
        fc.array(others, { maxLength: 6 }),
        fc.boolean(),
        async (before, after, present) => {
          const script = present ? [`class A : ScriptBase<A> { ${START} }`] : ["class Z { }"];
          const codes = await listCodes([...before, ...script, ...after].join("\n"));
          expect(codes).toEqual(present ? [] : ["script-class-missing"]);
        },
      ),
    );
  });
});
