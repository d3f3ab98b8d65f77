import assert from "node:assert/strict";
import type { TlsVersion } from "@fairlead/tls";
import type { EngineClientOptions, EngineServerOptions, TlsEngine, TlsEngineLibrary } from "@fairlead/tls/engine";
import { goodHost, type Certificates } from "./certificates.ts";

/** Two engines that have shaken hands, without a stream between them. */
export interface EnginePair extends Disposable {
  readonly client: TlsEngine;
  readonly server: TlsEngine;
}

/** Makes both, and carries their handshake; a client admits whoever it meets. */
export function enginePair(library: TlsEngineLibrary, certificates: Certificates, version: TlsVersion): EnginePair {
  const client = library.client(clientOptions(certificates, version));
  const server = library.server(serverOptions(certificates, version));
  const close = (): void => {
    client.close();
    server.close();
  };
  try {
    shakeHands(client, server);
  } catch (error) {
    close();
    throw error;
  }
  return { client, server, [Symbol.dispose]: close };
}

/** A client of the good host. */
export function clientOptions({ trust }: Certificates, version?: TlsVersion): EngineClientOptions {
  return {
    ...commonOptions(version),
    host: goodHost,
    serverName: goodHost,
    anchors: trust.type === "anchors" ? trust.certificates : [],
    identity: undefined,
    session: undefined,
    asksForIdentity: false,
    psk: undefined,
    earlyData: false,
  };
}

/** The good host. */
export function serverOptions({ good }: Certificates, version?: TlsVersion): EngineServerOptions {
  return {
    ...commonOptions(version),
    identity: good,
    ticketKeys: undefined,
    clientCertificates: undefined,
    psk: undefined,
    maxEarlyBytes: 0,
  };
}

function commonOptions(version: TlsVersion | undefined) {
  return {
    alpnProtocols: [],
    minVersion: version ?? "TLSv1.2",
    maxVersion: version ?? "TLSv1.3",
    keepsKeyLog: false,
  } as const;
}

function shakeHands(client: TlsEngine, server: TlsEngine): void {
  const done = new Set<TlsEngine>();
  while (done.size < 2) {
    let moved = false;
    for (const [engine, other] of [
      [client, server],
      [server, client],
    ] as const) {
      const step = done.has(engine) ? "need-data" : engine.handshake();
      if (step === "done") done.add(engine);
      if (step === "need-verdict") engine.admit();
      const bytes = engine.take();
      if (bytes !== undefined) other.feed(bytes);
      moved ||= step !== "need-data" || bytes !== undefined;
    }
    assert.ok(moved, "neither goes on");
  }
}
