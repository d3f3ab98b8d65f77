import type { Forgetful, ForgetScope } from "../forget/scope.ts";
import type { LostLessons } from "../memory/lost-lessons.ts";
import { hostsOfUrls } from "../memory/readers/hosts.ts";
import type { AskedBy } from "./asked-by.ts";
import { sameCredentials } from "./credentials.ts";
import type { OnAuthenticate } from "./question.ts";
import type { ProtectionSpace } from "./protection-space.ts";
import type { StoredCredentials } from "./stored-credentials.ts";

/** Servers and proxies whose spaces are kept, each partition on its own; past this the oldest is forgotten. */
const ASKERS_LIMIT = 1_024;
/** Spaces of each: a server could name a new realm in every response. */
const SPACES_LIMIT = 32;

/** The credentials that a manager remembers: in memory, and in the store those for which that was asked. */
export class CredentialMemory implements Forgetful {
  readonly #spaces = new Map<string, Known>();
  readonly #stored: StoredCredentials | undefined;
  readonly #lessons: LostLessons;

  readonly #now: () => number;

  /** @param stored `undefined` where nothing is stored. */
  constructor(stored: StoredCredentials | undefined, lessons: LostLessons, now: () => number) {
    this.#stored = stored;
    this.#lessons = lessons;
    this.#now = now;
    for (const { by, space } of stored?.recall() ?? []) this.remember(by, space);
    stored?.follow({
      changed: (by, space) => {
        this.#adopt(by, space);
      },
      gone: (by, asker, realm) => {
        if (this.find(by, asker, realm)?.credentials?.lifetime === "store") this.#drop(by, asker, realm);
      },
    });
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
    const spaces = [space, ...(others ?? [])].slice(0, SPACES_LIMIT);
    this.#spaces.set(key, { by, spaces, learnedAt: this.#now() });
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
    for (const [key, { by }] of [...this.#spaces]) if (by.origin === origin) this.#spaces.delete(key);
  }

  /** Drops what servers and proxies were answered, where it is to be forgotten; what is stored has been, before. */
  forgetWithin(scope: ForgetScope): number {
    let forgotten = 0;
    for (const [key, { by, spaces, learnedAt }] of [...this.#spaces]) {
      const isCovered = scope.covers(hostsOfUrls(by.origin, by.partition), learnedAt);
      const kept = spaces.filter((space) => (isStored(space) ? this.#stored?.holds(by, space) === true : !isCovered));
      forgotten += spaces.filter((space) => !isStored(space) && !kept.includes(space)).length;
      if (kept.length === 0) this.#spaces.delete(key);
      else this.#spaces.set(key, { by, spaces: kept, learnedAt });
    }
    return forgotten;
  }

  /** Another process was answered. Who was answered the same here goes on with that. */
  #adopt(by: AskedBy, space: ProtectionSpace): void {
    const own = this.find(by, space.asker, space.realm);
    const isSame = own?.credentials && space.credentials && sameCredentials(own.credentials, space.credentials);
    if (own === undefined || isSame !== true) this.remember(by, space);
    else for (const scope of space.scopes) own.include(scope);
  }

  #drop(by: AskedBy, asker: OnAuthenticate, realm: string): void {
    const known = this.#spaces.get(keyOf(by));
    const spaces = known?.spaces.filter((space) => space.asker !== asker || space.realm !== realm) ?? [];
    if (known !== undefined && spaces.length > 0) this.#spaces.set(keyOf(by), { ...known, spaces });
    else this.#spaces.delete(keyOf(by));
  }
}

/** What one server or proxy was answered, and when it was last. */
interface Known {
  readonly by: AskedBy;
  readonly spaces: readonly ProtectionSpace[];
  readonly learnedAt: number;
}

/** Whether a record tells of it. */
function isStored({ credentials, isProven }: ProtectionSpace): boolean {
  return credentials?.lifetime === "store" && isProven;
}

/** No part can hold a space. */
function keyOf({ role, origin, partition, isExcepted }: AskedBy): string {
  return `${role}${isExcepted ? " excepted" : ""} ${origin} ${partition}`;
}
