import { Buffer } from "node:buffer";
import { createPrivateKey, createPublicKey, generatePrime } from "node:crypto";
import type { KeyPair } from "./key-pair.ts";
import { integer, sequence } from "./protocol/der.ts";

const publicExponent = 65_537n;
/** As many as OpenSSL takes. */
const factorCount = 5;
const primeBits = 512;

/**
 * Makes an RSA key that is huge but not strong, in about a second where a strong one takes minutes. Its modulus has five
 * factors, each the product of primes that are found quickly. Who computes by the Chinese remainder theorem need not
 * know: the factors need only have no divisor in common.
 *
 * @see RFC 8017 section 3.2
 */
export async function generateHugeRsaKey(modulusBits: number): Promise<KeyPair> {
  for (;;) {
    const key = writePrivateKey(await findPrimes(modulusBits));
    if (key === undefined) continue;
    const privateKey = createPrivateKey({ key: Buffer.from(key), format: "der", type: "pkcs1" });
    return { privateKey, publicKey: createPublicKey(privateKey) };
  }
}

/** Primes whose product has exactly so many bits. */
async function findPrimes(modulusBits: number): Promise<readonly bigint[]> {
  const count = Math.ceil(modulusBits / primeBits);
  const size = Math.floor(modulusBits / count);
  const primes = await Promise.all(Array.from({ length: count - 1 }, () => findPrime(size)));
  const product = multiply(primes);
  for (;;) {
    const last = await findPrime(modulusBits - bitLength(product));
    if (bitLength(product * last) === modulusBits) return [...primes, last];
  }
}

async function findPrime(size: number): Promise<bigint> {
  return await new Promise((resolve, reject) => {
    // Without an error it is `undefined`, whatever its type says.
    generatePrime(size, { bigint: true }, (error: Error | null | undefined, prime) => {
      if (error === null || error === undefined) resolve(prime);
      else reject(error);
    });
  });
}

/** RSAPrivateKey, RFC 8017 appendix A.1.2; `undefined` where these primes make none. */
function writePrivateKey(primes: readonly bigint[]): Uint8Array | undefined {
  const factors = Array.from({ length: factorCount }, (_, index) => {
    const mine = primes.filter((_, at) => at % factorCount === index);
    return { value: multiply(mine), order: mine.map((prime) => prime - 1n).reduce(leastCommonMultiple, 1n) };
  });
  const order = factors.map((factor) => factor.order).reduce(leastCommonMultiple, 1n);
  if (new Set(primes).size !== primes.length || divisor(order, publicExponent) !== 1n) return undefined;
  const privateExponent = inverse(publicExponent, order);
  const [p, q, ...others] = factors.map((factor, index) => {
    const before = multiply(factors.slice(0, index).map(({ value }) => value));
    return { ...factor, exponent: privateExponent % factor.order, coefficient: inverse(before, factor.value) };
  });
  if (p === undefined || q === undefined) return undefined;
  const two = [p.value, q.value, p.exponent, q.exponent, inverse(q.value, p.value)];
  return sequence(
    ...[1n, multiply(primes), publicExponent, privateExponent, ...two].map(integer),
    sequence(
      ...others.map(({ value, exponent, coefficient }) => sequence(...[value, exponent, coefficient].map(integer))),
    ),
  );
}

function multiply(values: readonly bigint[]): bigint {
  return values.reduce((product, value) => product * value, 1n);
}

function bitLength(value: bigint): number {
  const hex = value.toString(16);
  return 4 * (hex.length - 1) + Math.floor(Math.log2(Number(`0x${hex.slice(0, 1)}`))) + 1;
}

function divisor(a: bigint, b: bigint): bigint {
  let [greater, lesser] = [a, b];
  while (lesser !== 0n) [greater, lesser] = [lesser, greater % lesser];
  return greater;
}

function leastCommonMultiple(a: bigint, b: bigint): bigint {
  return (a / divisor(a, b)) * b;
}

/** The number that makes 1 with this one, modulo another with which it has no divisor in common. */
function inverse(value: bigint, modulus: bigint): bigint {
  let [rest, next] = [modulus, value % modulus];
  let [factor, nextFactor] = [0n, 1n];
  while (next !== 0n) {
    const quotient = rest / next;
    [rest, next] = [next, rest - quotient * next];
    [factor, nextFactor] = [nextFactor, factor - quotient * nextFactor];
  }
  return factor < 0n ? factor + modulus : factor;
}
