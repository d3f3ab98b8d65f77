import { parseNode, type ForwardedNode } from "./node.ts";

export type { ForwardedNode } from "./node.ts";

/** What one proxy says of the request as it came to it. RFC 7239 section 5. */
export interface ForwardedElement {
  /** Who made the request of it; `undefined` where it does not say, or says what is no node. */
  readonly for: ForwardedNode | undefined;
  readonly by: ForwardedNode | undefined;
  /** As the Host field came to it. */
  readonly host: string | undefined;
  readonly proto: "http" | "https" | undefined;
}

/**
 * Reads Forwarded from its end, where the last proxy has added what it knows: nothing further left, which a client may have
 * made up, can change how that is read. It ends before the first element that is malformed.
 *
 * @param lines the values of the field's lines, in order.
 * @see RFC 7239 section 4
 */
export function* readForwarded(lines: readonly string[]): Generator<ForwardedElement, void> {
  for (const line of lines.toReversed()) {
    const input = new Backwards(line);
    while (input.skip(/[ \t,;]/)) {
      const element = readElement(input);
      if (element === undefined) return;
      yield element;
    }
  }
}

function readElement(input: Backwards): ForwardedElement | undefined {
  const pairs = new Map<string, string>();
  do {
    const value = input.takeValue();
    if (value === undefined || !input.take("=")) return undefined;
    const name = input.takeWhile(/[\w!#$%&'*+.^`|~-]/).toLowerCase();
    // Each parameter is there once: section 4.
    if (name === "" || pairs.has(name)) return undefined;
    pairs.set(name, value);
    input.skip(/[ \t]/);
  } while (input.take(";") && input.skip(/[ \t;]/) && !input.isAt(","));
  if (!input.hasEnded && !input.isAt(",")) return undefined;
  const proto = pairs.get("proto")?.toLowerCase();
  return {
    for: parseNode(pairs.get("for") ?? ""),
    by: parseNode(pairs.get("by") ?? ""),
    host: pairs.get("host"),
    proto: proto === "http" || proto === "https" ? proto : undefined,
  };
}

/** Text that is read from its end. */
class Backwards {
  readonly #text: string;
  #end: number;

  constructor(text: string) {
    this.#text = text;
    this.#end = text.length;
  }

  get hasEnded(): boolean {
    return this.#end === 0;
  }

  isAt(character: string): boolean {
    return this.#text[this.#end - 1] === character;
  }

  take(character: string): boolean {
    if (!this.isAt(character)) return false;
    this.#end -= 1;
    return true;
  }

  takeWhile(characters: RegExp): string {
    const end = this.#end;
    while (this.#end > 0 && characters.test(this.#text[this.#end - 1] ?? "")) this.#end -= 1;
    return this.#text.slice(this.#end, end);
  }

  /** @returns whether anything is left. */
  skip(characters: RegExp): boolean {
    this.takeWhile(characters);
    return !this.hasEnded;
  }

  /** A quoted string, or a token; addresses are taken without quotes, too, as many send them. */
  takeValue(): string | undefined {
    if (this.isAt('"')) return this.#takeQuoted();
    const token = this.takeWhile(/[\w!#$%&'*+.^`|~:[\]-]/);
    return token === "" ? undefined : token;
  }

  /** Inside of a quoted string each quote has a backslash before it; the one that begins it has none. */
  #takeQuoted(): string | undefined {
    let start = this.#end - 2;
    while (start >= 0 && (this.#text[start] !== '"' || this.#text[start - 1] === "\\")) start -= 1;
    if (start < 0) return undefined;
    const quoted = this.#text.slice(start + 1, this.#end - 1);
    this.#end = start;
    return /^(?:[^"\\]|\\.)*$/.test(quoted) ? quoted.replace(/\\(.)/g, "$1") : undefined;
  }
}
