import { describe, expect, it } from "vitest";
import { checkScript } from "../../src/script/check.ts";
import { wrapBody, wrapMembers } from "./samples.ts";

async function listMessages(text: string): Promise<string[]> {
  return (await checkScript(text)).map(({ message }) => message);
}

/** By the version of C# that brought it. What is sound must never be reported. */
const STATEMENTS: readonly (readonly [version: number, code: string])[] = [
  [1, "for (var i = 0; i < 3; i++) { if (i == 1) continue; break; }"],
  [1, "do { a(); } while (!b); while (c) d(); lock (e) { }"],
  [1, "switch (x) { case 1: case 2: y(); break; default: return; }"],
  [1, "try { a(); } catch (IOException e) { throw; } finally { b(); }"],
  [1, "goto end; end: a();"],
  [1, "var c = '\\u0041'; var d = '\\''; var e = '\"'; var n = 0x1FL; var m = 1.5e-3f;"],
  [2, "List<Dictionary<string, int[]>> a = null; Func<int> f = delegate { return 1; };"],
  [2, "var t = typeof(Dictionary<,>); var d = default(int); global::System.Console.Beep();"],
  [3, "var q = from a in b where a.X > 1 orderby a.Y descending group a by a.Z into g select g;"],
  [3, "var o = new Foo { A = 1, B = { C = 2 } }; var l = new[] { 1, 2 }; var n = new { o.A };"],
  [3, "F(x => x + 1); G((a, b) => { return a; }); H(a < b, c > (d));"],
  [4, "F(name: 1, other: 2); dynamic d = e; d.Any();"],
  [5, "await Task.WhenAny(a, Task.Delay(5)); var x = await b.ConfigureAwait(false);"],
  [
    6,
    'var s = $"{a,10:F2} {{b}} {(c ? "d" : "e")}"; var n = nameof(List<int>.Count); a?.b?[0]?.c();',
  ],
  [6, "try { } catch (Exception e) when (e is IOException) { } var d = new D { [1] = 2 };"],
  [7, "var (a, b) = (1, 2); (int X, string Y) t = default; F(out var r); F(out _);"],
  [7, "if (o is int i && i > 3) { } switch (o) { case string { Length: 0 }: break; }"],
  [7, "int Local(int n) => n < 2 ? n : Local(n - 1); var b = 0b1010_0101; ref var x = ref y;"],
  [8, "var y = x switch { 1 => a, _ => throw new Exception() }; a ??= b; var z = c!.D;"],
  [
    8,
    "using var c = new HttpClient(); await foreach (var f in g) { } var q = a[^1]; var r = a[1..^2];",
  ],
  [8, 'var p = $@"c:\\{a}\\b"; var q = @$"{a}""b"; static void F() { }'],
  [9, "Foo f = new() { A = 1 }; var g = f with { A = 2 }; var y = x is not null and (> 3 or < 1);"],
  [9, "F(static x => x); Action<int, int> a = (_, _) => { };"],
  [10, "var f = int (x) => x; (a, var b) = c; if (o is { A.B: 1 }) { }"],
  [11, 'var s = """a "b" c"""; var t = $"""{a}"""; var u = $$"""{{a}} {b}"""; var v = "x"u8;'],
  [11, "if (x is [1, _, ..]) { } if (x is [var first, .. var rest]) { } x >>>= 2;"],
  [12, "int[] a = [1, 2, .. b]; var f = (int x = 3) => x;"],
  [13, 'var e = "\\e[0m";'],
];

const MEMBERS: readonly (readonly [version: number, code: string])[] = [
  [1, 'private const string A = "a", B = "b"; static readonly int[] C = { 1, 2, };'],
  [1, '[Obsolete("x", true)] public int this[int i] { get { return i; } set { } }'],
  [1, "event Action E { add { } remove { } } ~Flow() { } static Flow() { }"],
  [1, "[Flags] enum Mode : byte { None = 0, Both = 1 << 0 | 2, } struct S { int x; }"],
  [1, "public static implicit operator Flow(int x) { return null; } delegate void D(ref int x);"],
  [2, "T F<T>(T x) where T : class, new() { return x; } int? n; partial class P { }"],
  [6, 'public string Name { get; } = "x"; public int Twice => 2 * X; void F() => G();'],
  [8, "#nullable enable\nstring? s; List<string?>? l;\n#nullable restore"],
  [9, "public record R(int X, string Y) { public int Z { get; init; } }"],
  [10, "public readonly record struct P(int X, int Y);"],
  [11, "public required string N { get; init; } [Foo<int>] void F() { } file class X { }"],
  [12, 'class Q(int x, string y = "z") { int X => x; } void F(ref readonly int a) { }'],
  [
    13,
    "void F(params ReadOnlySpan<int> a, scoped Span<int> b) { } partial class R { partial int X { get; } }",
  ],
  [14, "public string N { get => field; set => field = value.Trim(); }"],
];

describe("the C# that scripts are written in", () => {
  it.each(STATEMENTS)("has no findings in statements of version %d: %s", async (_, code) => {
    expect(await listMessages(wrapBody(code))).toEqual([]);
  });

  it.each(MEMBERS)("has no findings in members of version %d: %s", async (_, code) => {
    expect(await listMessages(wrapMembers(code))).toEqual([]);
  });

  it("may begin with directives, aliases and attributes", async () => {
    const head = [
      "#define TRACE",
      "#nullable disable",
      "#pragma warning disable CS0168 // it's fine",
      "extern alias Old;",
      "global using System.Linq;",
      "using static System.Math;",
      "using Pair = (int A, int B);",
      '[assembly: System.Reflection.AssemblyTitle("x")]',
    ];
    expect(await listMessages(`${head.join("\r\n")}\r\n${wrapBody("a();")}`)).toEqual([]);
  });
});

describe("the C# that the grammar does not know yet", () => {
  // When one of these starts to pass, the grammar has caught up and the line can move to the lists above.
  it.each([
    ["null-conditional assignment (14)", wrapBody("a?.b = c;")],
    [
      "extension blocks (14)",
      wrapMembers("static class E { extension(string s) { public int L => 1; } }"),
    ],
    ["allows ref struct (13)", wrapMembers("void F<T>() where T : allows ref struct { }")],
  ])("still gives a finding: %s", async (_, text) => {
    expect((await checkScript(text)).map(({ code }) => code)).toContain("script-syntax");
  });
});
