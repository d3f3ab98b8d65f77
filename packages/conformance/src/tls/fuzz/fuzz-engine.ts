import assert from "node:assert/strict";
import { UsageError } from "@fairlead/core";
import { EngineFailure, type TlsEngine, type TlsEngineLibrary } from "@fairlead/tls/engine";
import { isInjected } from "../callback-watch.ts";
import type { Certificates } from "../certificates.ts";
import { clientOptions, serverOptions } from "../engine-pair.ts";
import type { Random } from "./random.ts";

/**
 * Calls the methods of a client's and a server's engine in any order, with bytes of the other and of nobody. It throws
 * when one of them throws anything but what the contract says; C may crash of it.
 */
export function fuzzEngines(library: TlsEngineLibrary, certificates: Certificates, random: Random): void {
  const psk = { identity: "sensor", key: Buffer.alloc(32, 7) };
  const asksClients = random.chance(0.3);
  const engines: readonly [TlsEngine, TlsEngine] = [
    library.client({
      ...clientOptions(certificates, random.pick(["TLSv1.2", "TLSv1.3", undefined])),
      psk: random.chance(0.2) ? psk : undefined,
      asksForIdentity: random.chance(0.2),
      keepsKeyLog: random.chance(0.3),
      earlyData: random.chance(0.3),
    }),
    library.server({
      ...serverOptions(certificates, random.pick(["TLSv1.2", "TLSv1.3", undefined])),
      psk: random.chance(0.2) ? () => psk.key : undefined,
      keepsKeyLog: random.chance(0.3),
      maxEarlyBytes: random.chance(0.3) && library.features.has("early-data") ? 1_000 : 0,
      clientCertificates: asksClients
        ? { anchors: anchorsOf(certificates), required: random.chance(0.5), rules: "fuzz" }
        : undefined,
    }),
  ];
  try {
    const calls = 4 + random.below(60);
    for (let call = 0; call < calls; call += 1) {
      const [engine, other] = random.chance(0.5) ? engines : ([engines[1], engines[0]] as const);
      const name = random.pick(methods);
      try {
        steps[name](engine, other, random);
      } catch (error) {
        const named = error instanceof EngineFailure || error instanceof UsageError || isInjected(error);
        assert.ok(named, `${name}: ${String(error)}`);
      }
    }
  } finally {
    for (const engine of engines) engine.close();
  }
}

type Step = (engine: TlsEngine, other: TlsEngine, random: Random) => unknown;

/** The way that it should go comes often enough to get through a handshake. */
const steps = {
  forward: (engine, other) => {
    const step = engine.handshake();
    if (step === "need-verdict") engine.admit();
    if (step === "need-identity") engine.identify(undefined);
    const bytes = engine.take();
    if (bytes !== undefined) other.feed(bytes);
  },
  feed: (engine, _, random) => engine.feed(random.bytes(random.below(100))),
  feedEnd: (engine) => engine.feedEnd(),
  take: (engine) => engine.take(),
  handshake: (engine) => engine.handshake(),
  admit: (engine) => engine.admit(),
  refuse: (engine, _, random) => engine.refuse(random.below(256)),
  send: (engine, _, random) => engine.send(random.bytes(random.below(5_000))),
  receive: (engine) => engine.receive(),
  end: (engine) => engine.end(),
  facts: (engine) => engine.facts(),
  peerChain: (engine) => engine.peerChain(),
  stapledResponse: (engine) => engine.stapledResponse(),
  updateKeys: (engine) => engine.updateKeys(),
  verification: (engine) => engine.verification(),
  exportKeyingMaterial: (engine, _, random) => engine.exportKeyingMaterial(random.below(100), "EXPORTER-x", undefined),
  sessions: (engine) => engine.sessions(),
  keyLog: (engine) => engine.keyLog(),
  identify: (engine) => engine.identify(undefined),
  clientCertificateRequest: (engine) => engine.clientCertificateRequest(),
  earlyCapacity: (engine) => engine.earlyCapacity(),
  sendEarly: (engine, _, random) => engine.sendEarly(random.bytes(random.below(100))),
  close: (engine, _, random) => {
    if (random.chance(0.1)) engine.close();
  },
} satisfies Record<string, Step>;

const ways = ["forward", "forward", "forward", "forward", "forward", "forward", "send", "receive", "receive"] as const;
// The keys of what is above.
const methods = [...ways, ...(Object.keys(steps) as (keyof typeof steps)[])] as const;

function anchorsOf({ trust }: Certificates): readonly string[] {
  return trust.type === "anchors" ? trust.certificates : [];
}
