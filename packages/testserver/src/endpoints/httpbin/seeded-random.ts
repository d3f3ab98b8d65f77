const WORDS = 624;
const MIDDLE = 397;

/** Where random numbers come from: whole numbers below 2^32, each as likely. */
export type RandomWords = () => number;

/**
 * The generator MT19937, seeded as Python's `random.seed` does it, so that `?seed=0` gives the bytes that httpbin gives.
 *
 * @see M. Matsumoto, T. Nishimura: Mersenne Twister, ACM TOMACS 8 (1998), and its `init_by_array`
 */
export function mersenneTwister(seed: number): RandomWords {
  const state = seededState(splitSeed(seed));
  let at = WORDS;
  return () => {
    if (at === WORDS) {
      twist(state);
      at = 0;
    }
    let word = state[at] ?? 0;
    at += 1;
    word ^= word >>> 11;
    word ^= (word << 7) & 0x9d2c5680;
    word ^= (word << 15) & 0xefc60000;
    return (word ^ (word >>> 18)) >>> 0;
  };
}

/** Random bytes as httpbin draws them: nine bits at a time, until they are no more than 255. */
export function randomByte(words: RandomWords): number {
  for (;;) {
    const drawn = words() >>> 23;
    if (drawn < 256) return drawn;
  }
}

/** A number from 0 up to 1, of 53 bits, as Python's `random.random` makes it. */
export function randomFraction(words: RandomWords): number {
  const [high, low] = [words() >>> 5, words() >>> 6];
  return (high * 67_108_864 + low) / 9_007_199_254_740_992;
}

function splitSeed(seed: number): readonly number[] {
  const [low, high] = [seed >>> 0, Math.floor(seed / 2 ** 32)];
  return high === 0 ? [low] : [low, high];
}

function seededState(key: readonly number[]): Uint32Array {
  const state = new Uint32Array(WORDS);
  state[0] = 19_650_218;
  const mixed = (index: number): number => {
    const before = state[index - 1] ?? 0;
    return before ^ (before >>> 30);
  };
  for (let index = 1; index < WORDS; index += 1) state[index] = Math.imul(1_812_433_253, mixed(index)) + index;
  let index = 1;
  const next = (): void => {
    index += 1;
    if (index < WORDS) return;
    state[0] = state[WORDS - 1] ?? 0;
    index = 1;
  };
  for (let step = 0; step < WORDS; step += 1) {
    const place = step % key.length;
    state[index] = ((state[index] ?? 0) ^ Math.imul(mixed(index), 1_664_525)) + (key[place] ?? 0) + place;
    next();
  }
  for (let step = 1; step < WORDS; step += 1) {
    state[index] = ((state[index] ?? 0) ^ Math.imul(mixed(index), 1_566_083_941)) - index;
    next();
  }
  state[0] = 0x80000000;
  return state;
}

function twist(state: Uint32Array): void {
  for (let index = 0; index < WORDS; index += 1) {
    const mixed = ((state[index] ?? 0) & 0x80000000) | ((state[(index + 1) % WORDS] ?? 0) & 0x7fffffff);
    const odd = (mixed & 1) === 0 ? 0 : 0x9908b0df;
    state[index] = (state[(index + MIDDLE) % WORDS] ?? 0) ^ (mixed >>> 1) ^ odd;
  }
}
