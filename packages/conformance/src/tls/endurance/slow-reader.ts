import assert from "node:assert/strict";
import { once } from "node:events";
import { setImmediate as nextTurn } from "node:timers/promises";
import type { TlsBackend, TlsSocket } from "@fairlead/tls";
import { tcpPair } from "../../stream/index.ts";
import { mintCertificates } from "../certificates.ts";
import { secure } from "../pairing.ts";

/** What a transfer took. */
export interface SlowReaderReport {
  readonly receivedBytes: number;
  /** The most that was accepted of the writer and not yet read. */
  readonly mostOnTheWayBytes: number;
  /** How much the process grew beyond what it was after the first part. */
  readonly grownBytes: number;
  /** How often the writer was told to wait. */
  readonly waits: number;
}

/**
 * The body of a program that sends 1 GiB over TCP to a reader that is slower than the writer, and that stops now and then
 * until nothing moves any more.
 */
export async function sendPastSlowReader(backend: TlsBackend): Promise<SlowReaderReport> {
  const certificates = await mintCertificates();
  const pairing = { client: backend, server: backend, reportsTruncation: true };
  using pair = await secure(pairing, certificates, () => tcpPair(true));
  const progress = { accepted: 0, received: 0, waits: 0 };
  const writing = write(pair.client, progress);
  let most = 0;
  let base = 0;
  let peak = 0;
  let nextStop = stopEveryBytes;
  while (!pair.server.readableEnded) {
    const chunk = pair.server.read(Math.min(readBytes, pair.server.readableLength) || undefined) as Buffer | null;
    progress.received += chunk?.length ?? 0;
    most = Math.max(most, progress.accepted - progress.received);
    if (progress.received >= nextStop) {
      await untilNothingMoves(progress);
      most = Math.max(most, progress.accepted - progress.received);
      nextStop += stopEveryBytes;
      const resident = process.memoryUsage.rss();
      if (base === 0) base = resident;
      peak = Math.max(peak, resident);
    } else {
      await nextTurn();
    }
  }
  await writing;
  assert.equal(progress.received, totalBytes);
  return {
    receivedBytes: progress.received,
    mostOnTheWayBytes: most,
    grownBytes: peak - base,
    waits: progress.waits,
  };
}

async function write(socket: TlsSocket, progress: { accepted: number; waits: number }): Promise<void> {
  const chunk = Buffer.alloc(chunkBytes, "all of it");
  for (let written = 0; written < totalBytes; written += chunkBytes) {
    const goOn = socket.write(chunk, () => {
      progress.accepted += chunkBytes;
    });
    if (goOn) continue;
    progress.waits += 1;
    await once(socket, "drain");
  }
  socket.end();
}

async function untilNothingMoves(progress: { readonly accepted: number }): Promise<void> {
  let seen = progress.accepted;
  for (let quiet = 0; quiet < 100; quiet = progress.accepted === seen ? quiet + 1 : 0) {
    seen = progress.accepted;
    await nextTurn();
  }
}

const totalBytes = 1_073_741_824;
const chunkBytes = 1_048_576;
const readBytes = 262_144;
const stopEveryBytes = 67_108_864;
