/**
 * The compact file. Names are stored backwards ("moc.elpmaxe"), which puts neighbours of one domain side by side, sorted
 * and in blocks of sixteen. Of each only what differs from its predecessor in the block is written.
 *
 * ```
 * file    magic (8 bytes)  number of names (4)  size of the blocks (4)  index  blocks
 * index   where each block begins (4 bytes each)
 * block   up to 16 entries
 * entry   1 byte: subdomains are included (top bit), characters shared with the predecessor (7 bits; none for the first)
 *         the other characters, at least one; the top bit marks the last
 * ```
 * Numbers are big-endian. What a driver writes around that, such as a digest, is its own business.
 */
export const MAGIC: readonly number[] = [0x46, 0x4c, 0x48, 0x53, 0x54, 0x53, 0x00, 0x01];
/** Before the index: magic, number of names, size of the blocks. */
export const HEADER_BYTES = 16;
/** Names of a block, the last one's excepted. */
export const BLOCK_ENTRIES = 16;
/** What the index takes for a block. */
export const INDEX_ENTRY_BYTES = 4;

/** Marks the last character of a name, and names whose subdomains are included. */
export const TOP_BIT = 0x80;
/** Characters that an entry can share with its predecessor at the most. */
export const SHARED_LIMIT = 0x7f;
/** Characters of a domain name without its trailing dot. RFC 1035 section 2.3.4. */
export const NAME_LIMIT = 253;

/** One listed name, as RFC 6797 keeps it. */
export interface PreloadEntry {
  /** Whether names below it are meant, too. */
  readonly includeSubDomains: boolean;
}

/** A name from its last character to its first, as the file has it. */
export function backwards(name: string): string {
  return Array.from(name).reverse().join("");
}
