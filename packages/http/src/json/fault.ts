/** The first thing that is wrong with a JSON text. */
export interface JsonFault {
  readonly type: "syntax" | "depth" | "duplicate";
  /** In UTF-16 code units, from 0; the length of the text where it is cut. */
  readonly offset: number;
}

/** What of JSON's freedoms a reader does not take. */
export interface JsonRules {
  /** Arrays and objects within one another, at the most. */
  readonly depthLimit: number;
  /** Whether two members of one object may have the same name. */
  readonly duplicates: "refuse" | "last";
}

/**
 * Finds what is wrong with a JSON text, and where: slower than `JSON.parse`, which it agrees with about syntax, and without
 * recursion.
 *
 * @see RFC 8259
 */
export function findJsonFault(text: string, { depthLimit, duplicates }: JsonRules): JsonFault | undefined {
  const scan = new Scan(text);
  /** For each array and object that is open, the names that it has; an array has none. */
  const open: (Set<string> | undefined)[] = [];
  let due: Due = "value";
  for (;;) {
    scan.skipSpace();
    const offset = scan.at;
    const character = text.charAt(offset);
    switch (due) {
      case "item or end":
      case "value":
        if (due === "item or end" && character === "]") {
          due = "end of value";
          continue;
        }
        if (character === "{" || character === "[") {
          if (open.length === depthLimit) return { type: "depth", offset };
          open.push(character === "{" ? new Set() : undefined);
          scan.at += 1;
          due = character === "{" ? "name or end" : "item or end";
          continue;
        }
        if (!scan.skipScalar(character)) break;
        due = "end of value";
        continue;
      case "name or end":
      case "name": {
        if (due === "name or end" && character === "}") {
          due = "end of value";
          continue;
        }
        if (character !== '"' || !scan.skipString()) break;
        if (duplicates === "refuse") {
          const names = open.at(-1);
          const name = nameOf(text.slice(offset, scan.at));
          if (names?.has(name) === true) return { type: "duplicate", offset };
          names?.add(name);
        }
        scan.skipSpace();
        if (text.charAt(scan.at) !== ":") break;
        scan.at += 1;
        due = "value";
        continue;
      }
      case "end of value": {
        if (open.length === 0) {
          if (offset === text.length) return undefined;
          break;
        }
        const isObject = open.at(-1) !== undefined;
        if (character === ",") due = isObject ? "name" : "value";
        else if (character === (isObject ? "}" : "]")) open.pop();
        else break;
        scan.at += 1;
        continue;
      }
    }
    return { type: "syntax", offset: scan.at };
  }
}

type Due = "value" | "item or end" | "name" | "name or end" | "end of value";

/** What two spellings of a name have in common. */
function nameOf(quoted: string): string {
  return quoted.includes("\\") ? String(JSON.parse(quoted)) : quoted.slice(1, -1);
}

const HEXADECIMAL = /^[\da-fA-F]{4}$/;

/** Passes over one token at a time. What is none leaves it where the fault is. */
class Scan {
  at = 0;
  readonly #text: string;

  constructor(text: string) {
    this.#text = text;
  }

  skipSpace(): void {
    while (" \t\n\r".includes(this.#text.charAt(this.at)) && this.at < this.#text.length) this.at += 1;
  }

  /** Passes over a string, number or word that begins with this character. @returns whether it is one, and whole. */
  skipScalar(character: string): boolean {
    if (character === '"') return this.skipString();
    return character === "-" || isDigit(character) ? this.#skipNumber() : this.#skipWord();
  }

  skipString(): boolean {
    for (this.at += 1; this.at < this.#text.length; this.at += 1) {
      const character = this.#text.charAt(this.at);
      if (character === '"') {
        this.at += 1;
        return true;
      }
      if (character < " ") return false;
      if (character === "\\" && !this.#skipEscape()) return false;
    }
    return false;
  }

  /** To the last character of it. */
  #skipEscape(): boolean {
    const character = this.#text.charAt(this.at + 1);
    const isCode = character === "u" && HEXADECIMAL.test(this.#text.slice(this.at + 2, this.at + 6));
    if (!isCode && (character === "" || !'"\\/bfnrt'.includes(character))) return false;
    this.at += isCode ? 5 : 1;
    return true;
  }

  #skipNumber(): boolean {
    if (this.#is("-")) this.at += 1;
    if (this.#is("0")) this.at += 1;
    else if (!this.#skipDigits()) return false;
    if (this.#is(".")) {
      this.at += 1;
      if (!this.#skipDigits()) return false;
    }
    if (this.#is("e") || this.#is("E")) {
      this.at += 1;
      if (this.#is("+") || this.#is("-")) this.at += 1;
      if (!this.#skipDigits()) return false;
    }
    return true;
  }

  #skipWord(): boolean {
    const word = ["true", "false", "null"].find((known) => this.#text.startsWith(known, this.at));
    this.at += word?.length ?? 0;
    return word !== undefined;
  }

  #skipDigits(): boolean {
    const start = this.at;
    while (isDigit(this.#text.charAt(this.at))) this.at += 1;
    return this.at > start;
  }

  #is(character: string): boolean {
    return this.#text.charAt(this.at) === character;
  }
}

function isDigit(character: string): boolean {
  return character >= "0" && character <= "9";
}
