import type { Random } from "./random.ts";

/** One change to the bytes of one direction. */
export interface Mutation {
  readonly kind: string;
  readonly from: "left" | "right";
  /** The change is made where so many bytes have passed. */
  readonly at: number;
  /** Returns what is sent for the rest of a chunk that the place is in; nothing follows an `undefined`. */
  readonly change: (rest: Buffer) => Buffer | undefined;
}

/** Chooses one: most in the handshake, some in the data. */
export function chooseMutation(random: Random): Mutation {
  const kind = random.pick(kinds);
  return {
    kind,
    from: random.pick(["left", "right"]),
    at: random.below(random.chance(0.7) ? 1_500 : 40_000),
    change: (rest) => changes[kind](rest, random),
  };
}

const changes = {
  "a bit": (rest, random) => {
    const bytes = Buffer.from(rest);
    bytes[0] = (bytes[0] ?? 0) ^ (1 << random.below(8));
    return bytes;
  },
  "some bytes": (rest, random) => {
    const bytes = Buffer.from(rest);
    random.bytes(1 + random.below(16)).copy(bytes);
    return bytes;
  },
  "bytes put in": (rest, random) => Buffer.concat([random.bytes(1 + random.below(64)), rest]),
  "bytes taken out": (rest, random) => rest.subarray(1 + random.below(64)),
  "bytes said twice": (rest, random) => Buffer.concat([rest.subarray(0, 1 + random.below(600)), rest]),
  "a record of its own": (rest, random) => Buffer.concat([record(random), rest]),
  "a flood of records": (rest, random) => {
    const one = record(random);
    return Buffer.concat([...Array.from({ length: 1 + random.below(200) }, () => one), rest]);
  },
  "a length of its own": (rest, random) => {
    const bytes = Buffer.from(rest);
    if (bytes.length >= 5) bytes.writeUInt16BE(random.below(65_536), 3);
    return bytes;
  },
  "nothing more": () => undefined,
} satisfies Record<string, (rest: Buffer, random: Random) => Buffer | undefined>;

// The keys of what is above.
const kinds = Object.keys(changes) as [keyof typeof changes, ...(keyof typeof changes)[]];

/** A record of any type with any content: alerts, tickets and renegotiation among them, as long as nothing is encrypted. */
function record(random: Random): Buffer {
  const type = random.chance(0.9) ? 20 + random.below(6) : random.below(256);
  const content = random.chance(0.3) ? wellKnown(random) : random.bytes(random.below(300));
  return Buffer.concat([Buffer.of(type, 3, random.below(5), content.length >> 8, content.length & 0xff), content]);
}

/** Alerts, a change of ciphers, an empty handshake message of any type, HelloRequest (0) included. */
function wellKnown(random: Random): Buffer {
  return random.pick([
    Buffer.of(1 + random.below(2), random.below(121)),
    Buffer.of(1),
    Buffer.of(random.below(25), 0, 0, 0),
    Buffer.alloc(0),
  ]);
}
