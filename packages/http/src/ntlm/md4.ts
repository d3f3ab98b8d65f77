/**
 * Hashes bytes by MD4, which is broken and has one use left: NTLM keeps passwords by it. OpenSSL 3 no longer has it at hand.
 *
 * @see RFC 1320 section 3
 */
export function md4(message: Uint8Array): Uint8Array {
  const padded = new Uint8Array((((message.length + 8) >> 6) + 1) * 64);
  padded.set(message);
  padded[message.length] = 0x80;
  const words = new DataView(padded.buffer);
  words.setUint32(padded.length - 8, message.length << 3, true);
  words.setUint32(padded.length - 4, message.length >>> 29, true);
  let state: State = [0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476];
  for (let block = 0; block < padded.length; block += 64) {
    const before = state;
    for (const round of rounds) {
      state = runRound(state, round, (index) => words.getUint32(block + index * 4, true));
    }
    const after = state;
    state = [before[0] + after[0], before[1] + after[1], before[2] + after[2], before[3] + after[3]];
  }
  padded.fill(0);
  const digest = new Uint8Array(16);
  const view = new DataView(digest.buffer);
  state.forEach((word, index) => {
    view.setUint32(index * 4, word, true);
  });
  return digest;
}

type State = readonly [a: number, b: number, c: number, d: number];

interface Round {
  readonly mix: (x: number, y: number, z: number) => number;
  readonly constant: number;
  readonly order: readonly number[];
  readonly shifts: readonly [number, number, number, number];
}

const rounds: readonly Round[] = [
  {
    mix: (x, y, z) => (x & y) | (~x & z),
    constant: 0,
    order: [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15],
    shifts: [3, 7, 11, 19],
  },
  {
    mix: (x, y, z) => (x & y) | (x & z) | (y & z),
    constant: 0x5a827999,
    order: [0, 4, 8, 12, 1, 5, 9, 13, 2, 6, 10, 14, 3, 7, 11, 15],
    shifts: [3, 5, 9, 13],
  },
  {
    mix: (x, y, z) => x ^ y ^ z,
    constant: 0x6ed9eba1,
    order: [0, 8, 4, 12, 2, 10, 6, 14, 1, 9, 5, 13, 3, 11, 7, 15],
    shifts: [3, 9, 11, 15],
  },
];

/** Sixteen steps; after each, the four words change places. */
function runRound(start: State, { mix, constant, order, shifts }: Round, wordAt: (index: number) => number): State {
  let [a, b, c, d] = start;
  order.forEach((index, step) => {
    const sum = (a + mix(b, c, d) + wordAt(index) + constant) | 0;
    const shift = shifts[step % 4] ?? 0;
    [a, b, c, d] = [d, (sum << shift) | (sum >>> (32 - shift)), b, c];
  });
  return [a, b, c, d];
}
