/** Buffers that are used again and again: fresh memory costs more than what is written to it. */
export interface SlabPool {
  /** A buffer of at least so many bytes, with anything in them. */
  lend(minBytes: number): Buffer;
  /** The same for good, so that a part of it is not taken back. */
  take(minBytes: number): Buffer;
  /**
   * Takes a buffer that was lent, or a part of one, when nobody refers to it any more; or another that is all of its
   * memory. The rest is ignored: small buffers of Node.js share theirs with strangers.
   */
  giveBack(bytes: Buffer): void;
}

/** Keeps up to eight slabs of each size. */
export function slabPool(): SlabPool {
  const kept = sizes.map((): ArrayBuffer[] => []);
  const lent = new WeakSet<ArrayBufferLike>();
  const take = (minBytes: number): Buffer => {
    const index = sizes.findIndex((size) => size >= minBytes);
    const slab = kept[index]?.pop();
    return slab === undefined ? Buffer.allocUnsafeSlow(sizes[index] ?? minBytes) : Buffer.from(slab);
  };
  return {
    take,
    lend(minBytes) {
      const bytes = take(minBytes);
      lent.add(bytes.buffer);
      return bytes;
    },
    giveBack({ buffer, length }) {
      const isOurs = lent.delete(buffer) || length === buffer.byteLength;
      const slabs = kept[sizes.indexOf(buffer.byteLength)];
      if (!isOurs || slabs === undefined || slabs.length === maxKept || !(buffer instanceof ArrayBuffer)) return;
      // Lent to two at once, it would mix their bytes.
      if (!slabs.includes(buffer)) slabs.push(buffer);
    },
  };
}

/** A message, one record, what Node.js reads at once, and the records of 64 and of 256 KiB. */
const sizes = [4_096, 17_408, 65_536, 68_608, 266_240];
const maxKept = 8;
