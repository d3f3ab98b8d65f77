import { createHash, pbkdf2 } from "node:crypto";
import { promisify } from "node:util";
import { MalformedDer } from "../path/protocol/der-node.ts";

/** Hashes that PKCS #12 files are made with. */
export type Pkcs12Hash = "sha1" | "sha224" | "sha256" | "sha384" | "sha512";

/** What a derived key is for. RFC 7292 appendix B.3. */
export type KeyUse = "key" | "iv" | "mac";

/**
 * Counts iterations: a file says how much work its passphrase is, and a hostile one would say all there is.
 *
 * @throws MalformedDer when more is asked for than any tool writes.
 */
export class DerivationBudget {
  #left = maxIterations;

  spend(iterations: number): void {
    this.#left -= iterations;
    if (iterations < 1 || this.#left < 0) throw new MalformedDer("its passphrase takes too many iterations");
  }
}

/** Tools write 1,000 to 1,000,000 for each part of a file. */
const maxIterations = 5_000_000;

/** Derives a key in the old way of PKCS #12; the passphrase as `bmpPassphrase` writes it. RFC 7292 appendix B.2. */
export async function derivePkcs12Key(
  hash: Pkcs12Hash,
  passphrase: Uint8Array,
  salt: Uint8Array,
  { use, iterations, length }: { readonly use: KeyUse; readonly iterations: number; readonly length: number },
): Promise<Buffer> {
  const block = hash === "sha384" || hash === "sha512" ? 128 : 64;
  const diversifier = Buffer.alloc(block, uses[use]);
  const input = Buffer.concat([repeat(salt, block), repeat(passphrase, block)]);
  const parts: Buffer[] = [];
  for (let have = 0; have < length; ) {
    let part = createHash(hash).update(diversifier).update(input).digest();
    for (let round = 1; round < iterations; round++) {
      part = createHash(hash).update(part).digest();
      // Others have a turn meanwhile.
      if (round % 10_000 === 0) await new Promise((resolve) => setImmediate(resolve));
    }
    parts.push(part);
    have += part.length;
    const addend = repeat(part, block).subarray(0, block);
    for (let at = 0; at < input.length; at += block) add(input.subarray(at, at + block), addend);
  }
  return Buffer.concat(parts).subarray(0, length);
}

/** Derives a key by PBKDF2. RFC 8018 section 5.2. */
export const derivePbkdf2Key = /* @__PURE__ */ promisify(pbkdf2);

/** UTF-16, big-endian, with two zeros at its end. RFC 7292 appendix B.1. */
export function bmpPassphrase(passphrase: string): Buffer {
  return Buffer.from(`${passphrase}\0`, "utf16le").swap16();
}

const uses: Readonly<Record<KeyUse, number>> = { key: 1, iv: 2, mac: 3 };

/** Repeats bytes to a whole number of blocks; nothing stays nothing. */
function repeat(bytes: Uint8Array, block: number): Buffer {
  const length = Math.ceil(bytes.length / block) * block;
  return length === 0 ? Buffer.alloc(0) : Buffer.alloc(length, bytes);
}

/** Adds `addend` and one to a number of as many octets, which wraps around. */
function add(number: Buffer, addend: Buffer): void {
  let carry = 1;
  for (let index = number.length - 1; index >= 0; index--) {
    const sum = (number[index] ?? 0) + (addend[index] ?? 0) + carry;
    number[index] = sum & 0xff;
    carry = sum >> 8;
  }
}
