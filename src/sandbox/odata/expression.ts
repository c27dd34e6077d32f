import type { Json } from "../json.ts";
import { invalidQuery } from "../refusal.ts";
import { readTokens } from "./lexer.ts";
import type { Token } from "./lexer.ts";

export type Comparator = "eq" | "ne" | "gt" | "ge" | "lt" | "le";

export type Literal = { readonly is: "literal"; readonly type: LiteralType; readonly value: Json };
export type LiteralType = "string" | "number" | "bool" | "null" | "date" | "enum";

export type Expression =
  | { readonly is: "and" | "or"; readonly left: Expression; readonly right: Expression }
  | { readonly is: "not"; readonly of: Expression }
  | {
      readonly is: "compare";
      readonly by: Comparator;
      readonly left: Expression;
      readonly right: Expression;
    }
  | { readonly is: "in"; readonly left: Expression; readonly among: readonly Literal[] }
  | { readonly is: "call"; readonly name: string; readonly of: readonly Expression[] }
  | { readonly is: "path"; readonly names: readonly string[] }
  | Literal;

const COMPARATORS: ReadonlySet<string> = new Set(["eq", "ne", "gt", "ge", "lt", "le"]);
const MAX_DEPTH = 100;

/** Parses a $filter. Throws a Refusal (400) that names the position of what does not parse. */
export function parseFilter(text: string): Expression {
  const parser = new Parser(text);
  const expression = parser.readOr();
  parser.expectEnd();
  return expression;
}

function isComparator(word: string): word is Comparator {
  return COMPARATORS.has(word);
}

class Parser {
  readonly #text: string;
  readonly #tokens: readonly Token[];
  #next = 0;
  #depth = 0;

  constructor(text: string) {
    this.#text = text;
    this.#tokens = readTokens(text);
  }

  readOr(): Expression {
    let left = this.#readAnd();
    while (this.#takeName("or")) left = { is: "or", left, right: this.#readAnd() };
    return left;
  }

  expectEnd(): void {
    if (this.#peek() !== undefined) throw this.#syntaxError();
  }

  #readAnd(): Expression {
    let left = this.#readNot();
    while (this.#takeName("and")) left = { is: "and", left, right: this.#readNot() };
    return left;
  }

  #readNot(): Expression {
    if (!this.#takeName("not")) return this.#readComparison();
    return this.#deeper(() => ({ is: "not", of: this.#readNot() }));
  }

  #readComparison(): Expression {
    const left = this.#readOperand();
    const token = this.#peek();
    if (token?.kind !== "name") return left;
    if (token.text === "in") {
      this.#next++;
      return { is: "in", left, among: this.#readList() };
    }
    if (!isComparator(token.text)) return left;
    this.#next++;
    return { is: "compare", by: token.text, left, right: this.#readOperand() };
  }

  #readOperand(): Expression {
    if (this.#takeMark("(")) {
      const inner = this.#deeper(() => this.readOr());
      this.#expectMark(")");
      return inner;
    }
    const token = this.#peek();
    if (token?.kind === "name" && !isConstant(token.text)) {
      this.#next++;
      if (this.#takeMark("(")) return this.#readCall(token.text);
      if (this.#peek()?.kind !== "string") return { is: "path", names: token.text.split("/") };
      this.#next--;
    }
    return this.#readLiteral();
  }

  #readCall(name: string): Expression {
    const of: Expression[] = [];
    if (!this.#takeMark(")")) {
      do of.push(this.#deeper(() => this.readOr()));
      while (this.#takeMark(","));
      this.#expectMark(")");
    }
    return { is: "call", name, of };
  }

  #readList(): readonly Literal[] {
    this.#expectMark("(");
    const among: Literal[] = [];
    do among.push(this.#readLiteral());
    while (this.#takeMark(","));
    this.#expectMark(")");
    return among;
  }

  #readLiteral(): Literal {
    const token = this.#peek();
    if (token === undefined || token.kind === "mark") throw this.#syntaxError();
    this.#next++;
    if (token.kind === "string") return { is: "literal", type: "string", value: token.text };
    if (token.kind === "date") return { is: "literal", type: "date", value: token.text };
    if (token.kind === "number")
      return { is: "literal", type: "number", value: Number(token.text) };
    if (token.text === "null") return { is: "literal", type: "null", value: null };
    if (isConstant(token.text))
      return { is: "literal", type: "bool", value: token.text === "true" };
    // A member of an enum with its type in front: Pbx.PeerType'Queue'.
    const member = this.#peek();
    if (member?.kind !== "string") throw this.#syntaxError();
    this.#next++;
    return { is: "literal", type: "enum", value: member.text };
  }

  #deeper<T>(read: () => T): T {
    if (++this.#depth > MAX_DEPTH) throw invalidQuery("The node count limit has been exceeded.");
    const result = read();
    this.#depth--;
    return result;
  }

  #peek(): Token | undefined {
    return this.#tokens[this.#next];
  }

  #takeName(text: string): boolean {
    const token = this.#peek();
    if (token?.kind !== "name" || token.text !== text) return false;
    this.#next++;
    return true;
  }

  #takeMark(text: string): boolean {
    const token = this.#peek();
    if (token?.kind !== "mark" || token.text !== text) return false;
    this.#next++;
    return true;
  }

  #expectMark(text: string): void {
    if (!this.#takeMark(text)) throw this.#syntaxError();
  }

  #syntaxError(): Error {
    const at = this.#peek()?.at ?? this.#text.length;
    return invalidQuery(`Syntax error at position ${at} in '${this.#text}'.`);
  }
}

function isConstant(word: string): boolean {
  return word === "true" || word === "false" || word === "null";
}
