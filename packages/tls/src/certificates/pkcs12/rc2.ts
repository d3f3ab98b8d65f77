/**
 * Decrypts RC2 in CBC mode, padding and all. Broken for decades (40 bits), and still what some systems put around the
 * certificates in a PKCS #12 file, which are no secret; OpenSSL 3 has it in a provider that Node does not load.
 *
 * @param effectiveBits what the key is cut down to.
 * @returns `undefined` when the padding is wrong, as it is with another key.
 * @see RFC 2268
 */
export function decryptRc2Cbc(
  key: Uint8Array,
  effectiveBits: number,
  iv: Uint8Array,
  encrypted: Uint8Array,
): Buffer | undefined {
  if (encrypted.length === 0 || encrypted.length % blockBytes !== 0 || iv.length !== blockBytes) return undefined;
  const words = expandKey(key, effectiveBits);
  const plain = Buffer.from(encrypted);
  let previous = iv;
  for (let at = 0; at < encrypted.length; at += blockBytes) {
    const block = encrypted.subarray(at, at + blockBytes);
    const decrypted = decryptBlock(words, block);
    for (let index = 0; index < blockBytes; index++)
      plain[at + index] = (decrypted[index] ?? 0) ^ (previous[index] ?? 0);
    previous = block;
  }
  const padding = plain.at(-1) ?? 0;
  const good = padding > 0 && padding <= blockBytes && plain.subarray(-padding).every((byte) => byte === padding);
  return good ? plain.subarray(0, -padding) : undefined;
}

const blockBytes = 8;
const rotations = [1, 2, 3, 5] as const;

/** RFC 2268 section 2. */
function expandKey(key: Uint8Array, effectiveBits: number): Uint16Array {
  const bytes = new Uint8Array(128);
  bytes.set(key);
  for (let index = key.length; index < 128; index++) {
    bytes[index] = substitute((bytes[index - 1] ?? 0) + (bytes[index - key.length] ?? 0));
  }
  const effectiveBytes = Math.ceil(effectiveBits / 8);
  const mask = 0xff >> (8 * effectiveBytes - effectiveBits);
  bytes[128 - effectiveBytes] = substitute((bytes[128 - effectiveBytes] ?? 0) & mask);
  for (let index = 127 - effectiveBytes; index >= 0; index--) {
    bytes[index] = substitute((bytes[index + 1] ?? 0) ^ (bytes[index + effectiveBytes] ?? 0));
  }
  const view = new DataView(bytes.buffer);
  return Uint16Array.from({ length: 64 }, (_, index) => view.getUint16(2 * index, true));
}

/** RFC 2268 section 4. */
function decryptBlock(words: Uint16Array, block: Uint8Array): Uint8Array {
  const view = new DataView(block.buffer, block.byteOffset, blockBytes);
  const registers = Uint16Array.from({ length: 4 }, (_, index) => view.getUint16(2 * index, true));
  const register = (index: number): number => registers[index & 3] ?? 0;
  let next = 63;
  const unmix = (rounds: number): void => {
    for (let step = 4 * rounds - 1; step >= 0; step--) {
      const index = step & 3;
      const value = register(index);
      const rotation = rotations[index] ?? 0;
      const rotated = (value >> rotation) | (value << (16 - rotation));
      const [a, b, c] = [register(index - 1), register(index - 2), register(index - 3)];
      registers[index] = rotated - (words[next] ?? 0) - (a & b) - (~a & c);
      next--;
    }
  };
  const unmash = (): void => {
    for (let index = 3; index >= 0; index--) {
      registers[index] = register(index) - (words[register(index - 1) & 63] ?? 0);
    }
  };
  unmix(5);
  unmash();
  unmix(6);
  unmash();
  unmix(5);
  const plain = new Uint8Array(blockBytes);
  const out = new DataView(plain.buffer);
  registers.forEach((value, index) => {
    out.setUint16(2 * index, value, true);
  });
  return plain;
}

function substitute(value: number): number {
  return table[value & 0xff] ?? 0;
}

/** A permutation made of the digits of pi. */
const table = /* @__PURE__ */ Buffer.from(
  "d978f9c419ddb5ed28e9fd794aa0d89dc67e37832b76538e624c6488448bfba2179a59f587b34f1361456d8d09817d32" +
    "bd8f40eb86b77b0bf09521225c6b4e8254d66593ce60b21c7356c014a78cf1dc1275ca1f3bbee4d1423dd430a33cb626" +
    "6fbf0eda4669075727f21d9bbc944303f811c7f690ef3ee706c3d52fc8661ed708e8eade8052eef784aa72ac354d6a2a" +
    "961ad2715a1549744b9fd05e0418a4ecc2e0416e0f51cbcc2491af50a1f47039997c3a8523b8b47afc02365b25559731" +
    "2d5dfa98e38a92ae05df2910676cbac9d300e6cfe19ea82c6316013f58e289a90d38341bab33ffb0bb480c5fb9b1cd2e" +
    "c5f3db47e5a59c770aa62068fe7fc1ad",
  "hex",
);
