/** Reads that are smaller come with enough objects of their own. */
const SMALL_BYTES = 4_096;
/** What is larger is no young object. */
const SLOTS_LIMIT = 8_192;
const BYTES_FOR_SLOT = 16;

/** Held until the next read, or it would not be made at all. */
let weight: readonly unknown[] = [];

/**
 * Makes what was read count in the young generation of V8's heap, by a short-lived object of half its size.
 *
 * The bytes that a socket reads are outside of the heap, and known to it by an object of a few words each. A download
 * therefore hardly fills the young generation, whose collection would free them in a moment; V8 instead finds much memory
 * held outside, and marks its whole heap to free it, over and over: of a fast download that was half of the CPU time.
 */
export function makeWeight(bytes: Uint8Array): void {
  if (bytes.length < SMALL_BYTES) return;
  weight = new Array<undefined>(Math.min(SLOTS_LIMIT, Math.floor(bytes.length / BYTES_FOR_SLOT)));
}

/** The object that was made last. @internal */
export function lastWeight(): readonly unknown[] {
  return weight;
}
