import assert from "node:assert/strict";
import type { Duplex } from "node:stream";
import { setImmediate as nextTurn } from "node:timers/promises";
import { isCodedError } from "@fairlead/core";
import type { TlsBackend, TlsSocket, TlsVersion } from "@fairlead/tls";
import { EngineFailure } from "@fairlead/tls/engine";
import { closing, interposedPair } from "../../stream/index.ts";
import { goodHost } from "../certificates.ts";
import { chooseFeatures, type FuzzedPeers } from "./features.ts";
import { chooseMutation } from "./mutation.ts";
import type { Random } from "./random.ts";

/** What one connection is made of. */
export interface FuzzedConnection extends FuzzedPeers {
  readonly client: TlsBackend;
  readonly server: TlsBackend;
  /** A session of an earlier connection, for one that resumes. */
  readonly session: Uint8Array | undefined;
  readonly ticketKeys: Uint8Array;
}

/** How it ended. */
export interface FuzzOutcome {
  /** Codes of the errors of both sides; of none where all went well. */
  readonly codes: readonly string[];
  readonly session: Uint8Array | undefined;
}

/**
 * Runs one connection whose bytes are changed on their way, until both ends are closed. It throws when what has to hold
 * whatever a peer sends does not: errors have names, nobody unverified is let in, and what is received was sent.
 */
export async function fuzzConnection(connection: FuzzedConnection, random: Random): Promise<FuzzOutcome> {
  const { certificates, session, ticketKeys } = connection;
  const mutations = Array.from({ length: random.below(4) }, () => chooseMutation(random));
  const wire = { moved: 0 };
  const below = interposedPair(async function* (bytes, from) {
    let passed = 0;
    for await (const chunk of bytes) {
      wire.moved += 1;
      let rest: Buffer | undefined = chunk;
      for (const { at, from: side, change } of mutations) {
        if (side !== from || at < passed || at >= passed + chunk.length || rest.length === 0) continue;
        const place = Math.min(at - passed, rest.length);
        const changed: Buffer | undefined = change(rest.subarray(place));
        if (changed === undefined) return;
        rest = Buffer.concat([rest.subarray(0, place), changed]);
      }
      passed += chunk.length;
      const size = random.chance(0.2) ? 1 + random.below(2_000) : rest.length;
      for (let start = 0; start < rest.length; start += size) yield rest.subarray(start, start + size);
    }
  });
  const closed = Promise.all(below.map(closing));
  const isBad = random.chance(0.2);
  const identity = isBad ? certificates.faulty[random.below(certificates.faulty.length)]?.identity : undefined;
  const codes: string[] = [];
  let gained: Uint8Array | undefined;

  const version = random.pick<TlsVersion>(["TLSv1.2", "TLSv1.3"]);
  const features = chooseFeatures(connection, random);
  const client = connection.client.connect(below[0], {
    host: goodHost,
    trust: certificates.trust,
    alpnProtocols: random.pick([[], ["a"], ["b", "a"]]),
    maxVersion: version,
    session,
    onSession: (bytes) => (gained = bytes),
    ...features.connect,
  });
  const server = connection.server.accept(below[1], {
    identity: identity ?? certificates.good,
    alpnProtocols: random.pick([[], ["a"]]),
    ticketKeys,
    ...features.accept,
  });
  const sent = { client: random.bytes(random.below(4_096)), server: random.bytes(random.below(4_096)) };
  // Repeated: making random bytes is what takes the longest.
  const times = random.pick([1, 1, 4, 16]);
  const [ends] = await Promise.all([
    Promise.all([
      run(client, Buffer.concat(Array<Buffer>(times).fill(sent.client)), random, codes),
      run(server, Buffer.concat(Array<Buffer>(times).fill(sent.server)), random, codes),
    ]),
    cutWhenQuiet(wire, below),
    closed,
  ]);
  const [clientEnd, serverEnd] = ends;
  const byKey = features.connect?.psk !== undefined;
  if (isBad && session === undefined && !byKey) assert.equal(clientEnd, undefined, "an unverified server was let in");
  for (const [end, other] of [
    [clientEnd, Buffer.concat(Array<Buffer>(times).fill(sent.server))],
    [serverEnd, Buffer.concat(Array<Buffer>(times).fill(sent.client))],
  ] as const) {
    if (end === undefined) continue;
    assert.ok(other.subarray(0, end.length).equals(end), "something was received that nobody sent");
  }
  return { codes, session: isBad ? undefined : gained };
}

/** Uses one end as long as it lasts, and returns what it received; `undefined` when it was never secure. */
async function run(
  starting: Promise<TlsSocket>,
  sent: Buffer,
  random: Random,
  codes: string[],
): Promise<Buffer | undefined> {
  let socket: TlsSocket;
  try {
    socket = await starting;
  } catch (error) {
    codes.push(nameOf(error));
    return undefined;
  }
  const received: Buffer[] = [];
  const closed = closing(socket);
  socket.on("error", (error) => codes.push(nameOf(error)));
  socket.on("data", (chunk: Buffer) => received.push(chunk));
  if (random.chance(0.1)) socket.once("data", () => socket.destroy());
  socket.write(sent.subarray(0, sent.length / 2));
  if (random.chance(0.1)) socket.destroy();
  else socket.end(sent.subarray(sent.length / 2));
  await closed;
  return Buffer.concat(received);
}

/** Cuts the connection when nothing has moved for a while: what was changed may have both wait for the other. */
async function cutWhenQuiet(wire: { readonly moved: number }, below: readonly Duplex[]): Promise<void> {
  let seen = wire.moved;
  for (let quiet = 0; quiet < quietTurns; quiet = wire.moved === seen ? quiet + 1 : 0) {
    seen = wire.moved;
    await nextTurn();
    if (below.every(({ closed }) => closed)) return;
  }
  for (const stream of below) stream.destroy();
}

const quietTurns = 40;

/** The name that an error goes by. One that ours or Node's streams do not know is a defect. */
function nameOf(error: unknown): string {
  assert.ok(!(error instanceof EngineFailure), `an engine's own failure got out: ${String(error)}`);
  if (isCodedError(error)) return error.code;
  const code = error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : undefined;
  assert.match(code ?? String(error), /^(ECONNRESET|EPIPE|ECANCELED|ERR_STREAM_[A-Z_]+)$/, String(error));
  return code ?? "";
}
