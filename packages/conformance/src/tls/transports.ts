import type { Duplex } from "node:stream";
import { setImmediate as nextTurn } from "node:timers/promises";
import { memoryPair } from "@fairlead/transport";
import { interposedPair, tcpPair, unixPair, type Interposer } from "../stream/index.ts";

/** Opens two connected streams that a TLS connection is put on; both half-open. */
export type OpenTransport = () => Promise<[Duplex, Duplex]>;

/** Everything that a TLS layer has to run over. */
export const transports: ReadonlyMap<string, OpenTransport> = new Map([
  ["tcp", (): Promise<[Duplex, Duplex]> => tcpPair(true)],
  ["a unix socket", () => unixPair(true)],
  ["a memory pair", async () => memoryPair({ allowHalfOpen: true })],
  ["a stream of single bytes", async () => interposedPair(singleBytes)],
  ["a stream that coalesces", async () => interposedPair(coalesced)],
  ["a stream that stalls", async () => interposedPair(stalled)],
]);

async function* singleBytes(bytes: AsyncIterable<Buffer>): ReturnType<Interposer> {
  for await (const chunk of bytes) {
    for (const byte of chunk) yield Buffer.of(byte);
  }
}

/** Collects while anything comes within two turns of the event loop. */
async function* coalesced(bytes: AsyncIterable<Buffer>): ReturnType<Interposer> {
  const iterator = bytes[Symbol.asyncIterator]();
  let next = iterator.next();
  for (;;) {
    const first = await next;
    if (first.done === true) return;
    const chunks: Buffer[] = [first.value];
    next = iterator.next();
    for (let more = await arrivesSoon(next); more?.done === false; more = await arrivesSoon(next)) {
      chunks.push(more.value);
      next = iterator.next();
    }
    yield Buffer.concat(chunks);
  }
}

async function arrivesSoon<T>(next: Promise<T>): Promise<T | undefined> {
  return Promise.race([next, nextTurn().then(() => nextTurn(undefined))]);
}

/** Passes everything on in halves, fifty turns apart. */
async function* stalled(bytes: AsyncIterable<Buffer>): ReturnType<Interposer> {
  for await (const chunk of bytes) {
    const middle = Math.ceil(chunk.length / 2);
    for (const part of [chunk.subarray(0, middle), chunk.subarray(middle)]) {
      for (let turn = 0; turn < 50; turn += 1) await nextTurn();
      if (part.length > 0) yield part;
    }
  }
}
