import { isCodedError } from "@fairlead/core";
import type { WebSocketRole } from "@fairlead/transport/websocket";
import { deflateRawSync } from "node:zlib";
import { onTheWire, type WireFrame } from "./cases/case.ts";
import { openAgainstBytes } from "./ends.ts";

/** Numbers by chance, the same for the same seed. */
export class Random {
  #state: number;

  constructor(seed: number) {
    this.#state = seed >>> 0;
  }

  /** A whole number from 0 to below `bound`. Mulberry32. */
  below(bound: number): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), this.#state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * bound);
  }

  pick<Value>(first: Value, ...others: readonly Value[]): Value {
    return [first, ...others][this.below(others.length + 1)] ?? first;
  }
}

const messageBytes = 20_000;
const DESTROYED = "destroyed";

/**
 * Sends frames by chance, good ones and bad ones, to an endpoint of either role, cut anywhere and slowly or at once, while
 * the endpoint does things by chance too.
 *
 * @returns the code that it ended with: of its error, or of the Close.
 * @throws Error when it ends in no documented way, or keeps more than it may.
 */
export async function fuzzWebSocket(seed: number): Promise<string> {
  const random = new Random(seed);
  const role: WebSocketRole = random.pick("client", "server");
  const compresses = random.below(2) === 0;
  const { end, peer } = openAgainstBytes(role, {
    deflate: compresses
      ? {
          serverNoContextTakeover: random.below(2) === 0,
          clientNoContextTakeover: random.below(2) === 0,
          serverMaxWindowBits: 8 + random.below(8),
          clientMaxWindowBits: 8 + random.below(8),
        }
      : undefined,
    deflateFromBytes: random.below(200),
    limits: { messageBytes, fragments: 50 },
    onMessage: (data, socket) => {
      if (data.length > messageBytes) throw new Error("more than the limit");
      act(random, socket);
    },
  });
  const bytes = Buffer.concat(framesByChance(random, compresses).map((frame) => onTheWire(frame, role)));
  for (let mutations = random.pick(0, 0, 1, 2); mutations > 0; mutations -= 1) {
    if (bytes.length > 0) bytes[random.below(bytes.length)] = random.below(256);
  }
  for (let at = 0; at < bytes.length; ) {
    const length = 1 + random.below(random.pick(3, 200, 100_000));
    peer.write(bytes.subarray(at, at + length));
    at += length;
    if (random.below(3) === 0) await new Promise(setImmediate);
  }
  peer.end();
  end.socket.resume();
  const { code, wasClean, error } = await end.closed;
  if (wasClean) return String(code);
  if (error === DESTROYED) return DESTROYED;
  if (isCodedError(error)) return error.code;
  throw new Error(`seed ${String(seed)} ended with ${String(error)}`, { cause: error });
}

/** Frames by chance, most of them in an order that is right. */
function framesByChance(random: Random, compresses: boolean): readonly WireFrame[] {
  let isWithinMessage = false;
  return Array.from({ length: 1 + random.below(30) }, () => {
    const isWrong = random.below(60) === 0;
    const isData = random.below(4) !== 0;
    const data = isWithinMessage ? 0 : random.pick(1, 2);
    const opcode = isWrong ? random.below(16) : isData ? data : random.pick(9, 9, 10, 10, 10, 10, 10, 8);
    const isFinal = !isData || random.below(3) !== 0;
    if (isData) isWithinMessage = !isFinal;
    const isCompressed = compresses && isData && data !== 0 && random.below(2) === 0;
    const octets = octetsByChance(random);
    const payload = isCompressed ? deflateRawSync(octets, { finishFlush: 2 }).subarray(0, -4) : octets;
    return {
      first: (isFinal ? 0x80 : 0) | (isCompressed ? 0x40 : 0) | opcode,
      payload: opcode === 8 ? Buffer.of(0x03, 0xe8) : isData ? payload : payload.subarray(0, random.below(126)),
      wrongMask: random.below(200) === 0,
      key: Buffer.of(random.below(256), 0, random.below(256), 1),
    };
  });
}

function octetsByChance(random: Random): Buffer {
  const text = random.pick("", "text", "é€😀".repeat(random.below(30)), "long ".repeat(random.below(3_000)));
  return random.below(30) === 0 ? Buffer.of(0xff, 0xfe) : Buffer.from(text);
}

/** What an application may do in the middle of anything. */
function act(random: Random, socket: ReturnType<typeof openAgainstBytes>["end"]["socket"]): void {
  switch (random.below(12)) {
    case 0:
      socket.pause();
      setImmediate(() => {
        socket.resume();
      });
      break;
    case 1:
      socket.send("answer ".repeat(random.below(100)));
      break;
    case 2:
      socket.send(Buffer.alloc(random.below(30_000)));
      break;
    case 3:
      socket.ping();
      break;
    case 4:
      if (random.below(5) === 0) socket.close(1000);
      break;
    case 5:
      if (random.below(10) === 0) socket.destroy(DESTROYED);
      break;
    default:
  }
}
