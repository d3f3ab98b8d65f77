import { createHmac, type KeyObject } from "node:crypto";

/** Names that are kept at hand, twice: those used lately, and those used before them. */
const namesLimit = 4_096;
/** Bytes of a name's digest that are kept: no two names of a store are ever the same by chance. */
const nameBytes = 16;

/**
 * Hides names behind a key: whoever has it finds a name again, and nobody else learns one.
 *
 * A look-up asks for the same few names again and again (HSTS for each label of each host), so they are remembered.
 *
 * @see RFC 2104
 */
export class HiddenNames {
  readonly #key: KeyObject;
  #recent = new Map<string, string>();
  #older = new Map<string, string>();

  constructor(key: KeyObject) {
    this.#key = key;
  }

  /** @param place what the name is one of; holds no NUL. */
  of(place: string, name: string): string {
    const full = `${place}\0${name}`;
    let hidden = this.#recent.get(full);
    if (hidden !== undefined) return hidden;
    hidden = this.#older.get(full) ?? this.#digest(full);
    if (this.#recent.size >= namesLimit) {
      this.#older = this.#recent;
      this.#recent = new Map();
    }
    this.#recent.set(full, hidden);
    return hidden;
  }

  #digest(full: string): string {
    return createHmac("sha256", this.#key).update(full).digest().toString("base64url", 0, nameBytes);
  }
}
