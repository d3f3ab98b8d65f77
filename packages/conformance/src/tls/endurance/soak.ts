import { setTimeout as delay } from "node:timers/promises";
import { getHeapStatistics } from "node:v8";
import type { TlsBackend } from "@fairlead/tls";
import { memoryPair } from "@fairlead/transport";
import { closing } from "../../stream/index.ts";
import { mintCertificates, type Certificates } from "../certificates.ts";
import { refuse, secure, type TlsPairing } from "../pairing.ts";

/** What many connections left behind. */
export interface SoakReport {
  readonly connections: number;
  /** How much the process grew after the first fifth of them. */
  readonly grownBytes: number;
}

/**
 * The body of a program that opens and closes connections one after the other, full and resumed ones, and every tenth
 * refused, aborted or cut. Needs `--expose-gc`.
 */
export async function soakConnections(backend: TlsBackend, connections: number): Promise<SoakReport> {
  const certificates = await mintCertificates();
  const pairing: TlsPairing = { client: backend, server: backend, reportsTruncation: true };
  const state: SoakState = { pairing, certificates, ticketKeys: new Uint8Array(48).fill(7), session: undefined };
  let base = 0;
  for (let index = 0; index < connections; index += 1) {
    await (index % 10 === 9 ? failOnce(state, index) : connectOnce(state, index % 2 === 0));
    if (index === Math.floor(connections / 5)) base = await residentBytes();
  }
  return { connections, grownBytes: (await residentBytes()) - base };
}

interface SoakState {
  readonly pairing: TlsPairing;
  readonly certificates: Certificates;
  readonly ticketKeys: Uint8Array;
  session: Uint8Array | undefined;
}

async function connectOnce(state: SoakState, resumes: boolean): Promise<void> {
  const { pairing, certificates, ticketKeys } = state;
  using pair = await secure(pairing, certificates, memory, {
    connect: {
      session: resumes ? state.session : undefined,
      onSession: (session) => (state.session = session),
    },
    accept: { ticketKeys },
  });
  pair.server.resume().end("answer");
  pair.client.resume().end("question");
  await Promise.all([closing(pair.client), closing(pair.server)]);
}

async function failOnce({ pairing, certificates }: SoakState, index: number): Promise<void> {
  switch (index % 3) {
    case 0:
      await refuse(pairing, certificates, memory, { connect: { host: "other.test" } });
      return;
    case 1:
      await refuse(pairing, certificates, memory, { connect: { signal: AbortSignal.abort() } });
      return;
    default: {
      using pair = await secure(pairing, certificates, memory);
      const closed = closing(pair.client);
      for (const end of [pair.client, pair.server]) end.on("error", () => undefined);
      pair.client.resume();
      for (const stream of pair.below) stream.destroy();
      await closed;
    }
  }
}

/**
 * What is left once the collector has nothing more to give: objects, and what is resident outside of their heap. Pages that
 * the heap has and does not use are nobody's loss, and when its threads give them back is theirs to choose.
 */
async function residentBytes(): Promise<number> {
  let least = Infinity;
  for (let quiet = 0; quiet < 5; quiet += 1) {
    globalThis.gc?.();
    await delay(10);
    const { used_heap_size: used, total_physical_size: heap } = getHeapStatistics();
    const resident = process.memoryUsage.rss() - heap + used;
    if (resident < least) quiet = 0;
    least = Math.min(least, resident);
  }
  return least;
}

async function memory(): Promise<ReturnType<typeof memoryPair>> {
  return memoryPair({ allowHalfOpen: true });
}
