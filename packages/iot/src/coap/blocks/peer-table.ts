/** How much is kept for peers, and how long. */
export interface PeerTableLimits {
  readonly maxEntries: number;
  readonly maxEntriesPerPeer: number;
  readonly maxBytes: number;
  readonly maxBytesPerPeer: number;
  /** What nobody has asked for this long is forgotten. */
  readonly idleMilliseconds: number;
}

/** Whose an entry is. */
export interface PeerTableOwner {
  /** What tells one peer, as one identity, from all others. */
  readonly peerKey: string;
  /** Whether it has shown that it is where it says. Who has not can push out nobody who has. */
  readonly isReachable: boolean;
}

interface Slot<Entry> {
  readonly owner: PeerTableOwner;
  readonly entry: Entry;
  readonly bytes: number;
  readonly touchedAt: number;
}

/**
 * What is kept for peers between their messages, within limits: a peer's own oldest entries make room for its newer ones,
 * then those of peers that may be anybody, and those of others only for one of them. Has no timer: what is too old goes
 * when something new comes.
 */
export class PeerTable<Entry> {
  readonly #limits: PeerTableLimits;
  readonly #now: () => number;
  /** By key, the one touched last at the end. */
  readonly #strangers = new Map<string, Slot<Entry>>();
  readonly #reachable = new Map<string, Slot<Entry>>();
  readonly #peers = new Map<string, { readonly keys: Set<string>; bytes: number }>();
  #bytes = 0;

  /** @param now milliseconds of a clock that never goes back. */
  constructor(limits: PeerTableLimits, now: () => number) {
    this.#limits = limits;
    this.#now = now;
  }

  /** Entries that are kept. */
  get size(): number {
    return this.#strangers.size + this.#reachable.size;
  }

  /** What all entries take. */
  get bytes(): number {
    return this.#bytes;
  }

  /** Finds an entry, and keeps it as the newest. */
  get(owner: PeerTableOwner, key: string): Entry | undefined {
    this.#forgetOld();
    const slot = this.#find(whole(owner, key));
    if (slot !== undefined) this.#insert(whole(owner, key), { ...slot, owner, touchedAt: this.#now() });
    return slot?.entry;
  }

  /** Keeps an entry in the place of what was there; `false` when there is no room for it, and nothing is there then. */
  set(owner: PeerTableOwner, key: string, entry: Entry, bytes: number): boolean {
    const { maxEntries, maxEntriesPerPeer, maxBytes, maxBytesPerPeer } = this.#limits;
    const wholeKey = whole(owner, key);
    this.#remove(wholeKey);
    this.#forgetOld();
    if (bytes > Math.min(maxBytes, maxBytesPerPeer)) return false;
    for (;;) {
      const own = this.#peers.get(owner.peerKey);
      if (own === undefined || (own.keys.size < maxEntriesPerPeer && own.bytes + bytes <= maxBytesPerPeer)) break;
      this.#removeFirst(own.keys);
    }
    while (this.size >= maxEntries || this.#bytes + bytes > maxBytes) {
      if (this.#strangers.size > 0) this.#removeFirst(this.#strangers.keys());
      else if (owner.isReachable) this.#removeFirst(this.#reachable.keys());
      else return false;
    }
    this.#insert(wholeKey, { owner, entry, bytes, touchedAt: this.#now() });
    return true;
  }

  /** Forgets an entry. */
  delete(owner: PeerTableOwner, key: string): void {
    this.#remove(whole(owner, key));
  }

  #forgetOld(): void {
    const oldest = this.#now() - this.#limits.idleMilliseconds;
    for (const slots of [this.#strangers, this.#reachable]) {
      for (const [key, { touchedAt }] of slots) {
        if (touchedAt > oldest) break;
        this.#remove(key);
      }
    }
  }

  #find(key: string): Slot<Entry> | undefined {
    return this.#reachable.get(key) ?? this.#strangers.get(key);
  }

  #insert(key: string, slot: Slot<Entry>): void {
    this.#remove(key);
    const { peerKey, isReachable } = slot.owner;
    const peer = this.#peers.get(peerKey) ?? { keys: new Set<string>(), bytes: 0 };
    peer.keys.add(key);
    peer.bytes += slot.bytes;
    this.#peers.set(peerKey, peer);
    this.#bytes += slot.bytes;
    (isReachable ? this.#reachable : this.#strangers).set(key, slot);
  }

  #remove(key: string): void {
    const slot = this.#find(key);
    if (slot === undefined) return;
    this.#strangers.delete(key);
    this.#reachable.delete(key);
    this.#bytes -= slot.bytes;
    const peer = this.#peers.get(slot.owner.peerKey);
    if (peer === undefined) return;
    peer.keys.delete(key);
    peer.bytes -= slot.bytes;
    if (peer.keys.size === 0) this.#peers.delete(slot.owner.peerKey);
  }

  #removeFirst(keys: Iterable<string>): void {
    for (const key of keys) {
      this.#remove(key);
      return;
    }
  }
}

function whole({ peerKey }: PeerTableOwner, key: string): string {
  return `${peerKey}\n${key}`;
}
