import {
  backwards,
  BLOCK_ENTRIES,
  HEADER_BYTES,
  INDEX_ENTRY_BYTES,
  MAGIC,
  NAME_LIMIT,
  SHARED_LIMIT,
  TOP_BIT,
  type PreloadEntry,
} from "./format.ts";

/** A-labels in lower case; underscores occur in names that are no host's. */
const NAME = /^[a-z0-9_-]{1,63}(?:\.[a-z0-9_-]{1,63})*$/;

/**
 * Writes a list in the compact form that `PreloadList` reads. The order of the names does not matter.
 *
 * @throws RangeError for a name that is none, or that occurs twice.
 */
export function encodePreloadList(names: Iterable<readonly [host: string, entry: PreloadEntry]>): Uint8Array {
  const sorted = [...names].map(([host, entry]) => ({ name: backwards(checked(host)), entry })).sort(byName);
  const blocks: number[] = [];
  const index: number[] = [];
  for (const [position, { name, entry }] of sorted.entries()) {
    const before = sorted[position - 1]?.name;
    if (name === before) throw new RangeError(`${backwards(name)} is there twice`);
    const opensBlock = position % BLOCK_ENTRIES === 0;
    if (opensBlock) index.push(blocks.length);
    const shared = opensBlock || before === undefined ? 0 : sharedCharacters(before, name);
    blocks.push(shared | (entry.includeSubDomains ? TOP_BIT : 0));
    for (let at = shared; at < name.length; at++) {
      blocks.push(name.charCodeAt(at) | (at === name.length - 1 ? TOP_BIT : 0));
    }
  }
  return assemble(sorted.length, index, blocks);
}

function assemble(count: number, index: readonly number[], blocks: readonly number[]): Uint8Array {
  const bytes = new Uint8Array(HEADER_BYTES + index.length * INDEX_ENTRY_BYTES + blocks.length);
  const view = new DataView(bytes.buffer);
  bytes.set(MAGIC);
  view.setUint32(8, count);
  view.setUint32(12, blocks.length);
  for (const [block, offset] of index.entries()) view.setUint32(HEADER_BYTES + block * INDEX_ENTRY_BYTES, offset);
  bytes.set(blocks, HEADER_BYTES + index.length * INDEX_ENTRY_BYTES);
  return bytes;
}

function checked(host: string): string {
  if (host.length > NAME_LIMIT || !NAME.test(host)) throw new RangeError(`${JSON.stringify(host)} is no host name`);
  return host;
}

/** By the values of the characters, all of which are ASCII; a name comes before those that go on. */
function byName(one: { readonly name: string }, other: { readonly name: string }): number {
  return one.name < other.name ? -1 : one.name > other.name ? 1 : 0;
}

function sharedCharacters(before: string, name: string): number {
  let shared = 0;
  while (shared < SHARED_LIMIT && shared < before.length && before[shared] === name[shared]) shared++;
  return shared;
}
