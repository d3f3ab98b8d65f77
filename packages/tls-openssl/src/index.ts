/** TLS by the OpenSSL inside the Node.js executable, over any byte stream. */
import { TlsError } from "@fairlead/core";
import { descriptorOpener } from "@fairlead/descriptor";
import type { TlsBackend } from "@fairlead/tls";
import type { DatagramEngineLibrary } from "@fairlead/tls/datagram";
import { engineBackend, type TlsEngineLibrary } from "@fairlead/tls/engine";
import { openSslDatagramLibrary } from "./dtls/dtls-library.ts";
import { openSslLibrary } from "./openssl-library.ts";

/** How connections are carried. */
export interface OpensslOptions {
  /**
   * `descriptor`, the default, reads and writes a plain socket by its descriptor, which is faster and takes a second one;
   * whatever is no plain socket goes through its stream all the same. `stream` always does.
   */
  readonly carrier?: "descriptor" | "stream" | undefined;
}

/**
 * Makes the TLS backend on the OpenSSL that this executable exports. It is bound once; a second call with the same options
 * returns the same backend.
 *
 * @throws TlsError TLS_LIBRARY_UNAVAILABLE where it exports none: Electron and Bun are built with BoringSSL.
 *
 * @example
 * const tls = loadOpensslTls();
 * const socket = await tls.connect(await connectTcp({ host, port: 443 }), { host, alpnProtocols: ["http/1.1"] });
 */
export function loadOpensslTls({ carrier = "descriptor" }: OpensslOptions = {}): TlsBackend {
  engines ??= load();
  const known = backends.get(carrier) ?? backendOf(engines, carrier);
  backends.set(carrier, known);
  return known;
}

interface Engines {
  readonly streams: TlsEngineLibrary;
  readonly datagrams: DatagramEngineLibrary;
}

let engines: Engines | undefined;
const backends = new Map<"descriptor" | "stream", TlsBackend>();

function backendOf({ streams, datagrams }: Engines, carrier: "descriptor" | "stream"): TlsBackend {
  const descriptors = carrier === "descriptor" ? descriptorOpener() : undefined;
  return engineBackend({ ...streams, descriptors }, datagrams);
}

function load(): Engines {
  try {
    return { streams: openSslLibrary(), datagrams: openSslDatagramLibrary() };
  } catch (cause) {
    throw new TlsError("TLS_LIBRARY_UNAVAILABLE", {
      operation: "load",
      detail: `OpenSSL inside ${process.execPath}: ${cause instanceof Error ? cause.message : String(cause)}`,
      remedy: "run on an official build of Node.js, or use the backend 'node'",
      cause,
    });
  }
}
