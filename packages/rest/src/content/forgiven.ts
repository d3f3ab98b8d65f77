import type { Location, Token } from "@humanwhocodes/momoa";

/** Something in lenient JSON that JSON does not allow, and that was forgiven. */
export interface Forgiven {
  readonly what:
    | "byte-order-mark"
    | "comment"
    | "trailing-comma"
    | "single-quotes"
    | "unquoted-name"
    | "not-a-number"
    | "infinity"
    | "number-form"
    | "escape-form"
    | "white-space"
    | "duplicate-name";
  /** From 1; where it was met first. */
  readonly line: number;
  /** From 1, in UTF-16 code units. */
  readonly column: number;
  /** How often. */
  readonly count: number;
}

/** Counts what is forgiven. */
export class Forgiveness {
  readonly #forgiven = new Map<Forgiven["what"], Forgiven>();

  get all(): readonly Forgiven[] {
    return [...this.#forgiven.values()];
  }

  forgive(what: Forgiven["what"], { line, column }: Pick<Location, "column" | "line">): void {
    const before = this.#forgiven.get(what);
    this.#forgiven.set(
      what,
      before === undefined ? { what, line, column, count: 1 } : { ...before, count: before.count + 1 },
    );
  }

  /** Looks at all tokens of a text, and at what is between them. */
  forgiveTokens(text: string, tokens: readonly Token[]): void {
    let comma: Token | undefined;
    let end = 0;
    for (const token of tokens) {
      const { start } = token.loc;
      if (!ONLY_JSON_SPACE.test(text.slice(end, start.offset))) this.forgive("white-space", start);
      end = token.loc.end.offset;
      if (token.type === "LineComment" || token.type === "BlockComment") {
        this.forgive("comment", start);
        continue;
      }
      const closes = token.type === "RBrace" || token.type === "RBracket";
      if (comma !== undefined && closes) this.forgive("trailing-comma", comma.loc.start);
      comma = token.type === "Comma" ? token : undefined;
      for (const what of oddities(token, text)) this.forgive(what, start);
    }
    if (!ONLY_JSON_SPACE.test(text.slice(end))) this.forgive("white-space", tokens.at(-1)?.loc.end ?? START);
  }
}

/** Where a text begins. */
export const START = { line: 1, column: 1 } as const;

const ONLY_JSON_SPACE = /^[ \t\r\n]*$/;

function* oddities(token: Token, text: string): Generator<Forgiven["what"]> {
  const raw = text.slice(token.loc.start.offset, token.loc.end.offset);
  if (token.type === "Identifier") yield "unquoted-name";
  else if (token.type === "String") {
    if (raw.startsWith("'")) yield "single-quotes";
    if (hasOddCharacters(raw)) yield "escape-form";
  } else if (NUMBERS.has(token.type)) {
    if (raw.endsWith("NaN")) yield "not-a-number";
    else if (raw.endsWith("Infinity")) yield "infinity";
    if (raw.startsWith("+") || /^-?(?:0x|\.)|\.(?!\d)/i.test(raw)) yield "number-form";
  }
}

const NUMBERS: ReadonlySet<Token["type"]> = new Set(["Infinity", "NaN", "Number"]);

/** Characters that JSON has escaped, and escapes that it does not have. */
function hasOddCharacters(raw: string): boolean {
  if (/[\u0000-\u001f]/.test(raw)) return true;
  if (!raw.includes("\\")) return false;
  for (const [escape] of raw.matchAll(/\\[^]/g)) if (!'"\\/bfnrtu'.includes(escape.charAt(1))) return true;
  return false;
}
