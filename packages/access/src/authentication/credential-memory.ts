import type { LostLessons } from "../memory/lost-lessons.ts";
import type { AskedBy } from "./asked-by.ts";
import type { OnAuthenticate } from "./question.ts";
import type { ProtectionSpace } from "./protection-space.ts";
import type { StoredCredentials } from "./stored-credentials.ts";

/** Servers and proxies whose spaces are kept, each partition on its own; past this the oldest is forgotten. */
const ASKERS_LIMIT = 1_024;
/** Spaces of each: a server could name a new realm in every response. */
const SPACES_LIMIT = 32;

/** The credentials that a manager remembers: in memory, and in the store those for which that was asked. */
export class CredentialMemory {
  readonly #spaces = new Map<string, { readonly origin: string; readonly spaces: readonly ProtectionSpace[] }>();

  readonly #stored: StoredCredentials | undefined;
  readonly #lessons: LostLessons;

  /** @param stored `undefined` where nothing is stored. */
  constructor(stored: StoredCredentials | undefined, lessons: LostLessons) {
    this.#stored = stored;
    this.#lessons = lessons;
    for (const { by, space } of stored?.recall() ?? []) this.remember(by, space);
  }

  get isEmpty(): boolean {
    return this.#spaces.size === 0;
  }

  /** Spaces in which a function answered, those of later answers first. */
  spacesOf(by: AskedBy, asker: OnAuthenticate): readonly ProtectionSpace[] {
    if (this.isEmpty) return [];
    return this.#spaces.get(keyOf(by))?.spaces.filter((space) => space.asker === asker) ?? [];
  }

  /** Names whose credentials a server is sent, within this process; empty for nobody's. */
  nameOf(by: AskedBy, asker: OnAuthenticate): string {
    return this.spacesOf(by, asker)
      .flatMap(({ credentials }) => (credentials === undefined ? [] : [credentials.id]))
      .join(" ");
  }

  /** The space of one realm. */
  find(by: AskedBy, asker: OnAuthenticate, realm: string): ProtectionSpace | undefined {
    return this.spacesOf(by, asker).find((space) => space.realm === realm);
  }

  /** Remembers a space in the place of the one that was of the same realm. */
  remember(by: AskedBy, space: ProtectionSpace): void {
    const key = keyOf(by);
    const others = this.#spaces
      .get(key)
      ?.spaces.filter(({ asker, realm }) => asker !== space.asker || realm !== space.realm);
    const [oldest] = others !== undefined || this.#spaces.size < ASKERS_LIMIT ? [] : this.#spaces.keys();
    if (oldest !== undefined) this.#spaces.delete(oldest);
    this.#spaces.set(key, { origin: by.origin, spaces: [space, ...(others ?? [])].slice(0, SPACES_LIMIT) });
  }

  /** The credentials of a space were accepted: from now on they go where they are wanted, without being asked for. */
  confirm(by: AskedBy, space: ProtectionSpace): void {
    space.isProven = true;
    // What was to be forgotten meanwhile is not written after that.
    if (this.find(by, space.asker, space.realm) !== space) return;
    this.#lessons.guard(() => this.#stored?.keep(by, space));
  }

  /** The credentials of a space were refused. How they were sent is remembered all the same. */
  refuse(by: AskedBy, space: ProtectionSpace): void {
    space.credentials = undefined;
    this.#lessons.guard(() => this.#stored?.drop(by, space));
  }

  /** Forgets what one origin, server or proxy, was answered, or all; in every partition. */
  forget(origin: string | undefined): void {
    this.#stored?.forget(origin);
    if (origin === undefined) this.#spaces.clear();
    for (const [key, known] of [...this.#spaces]) if (known.origin === origin) this.#spaces.delete(key);
  }
}

/** No part can hold a space. */
function keyOf({ role, origin, partition, isExcepted }: AskedBy): string {
  return `${role}${isExcepted ? " excepted" : ""} ${origin} ${partition}`;
}
