/** TLS by the OpenSSL inside the Node.js executable, over any byte stream. */
import { TlsError } from "@fairlead/core";
import type { TlsBackend } from "@fairlead/tls";
import { engineBackend } from "@fairlead/tls/engine";
import { openSslDatagramLibrary } from "./dtls/dtls-library.ts";
import { openSslLibrary } from "./openssl-library.ts";

/**
 * Makes the TLS backend on the OpenSSL that this executable exports. It is bound once; a second call returns the same
 * backend.
 *
 * @throws TlsError TLS_LIBRARY_UNAVAILABLE where it exports none: Electron and Bun are built with BoringSSL.
 *
 * @example
 * const tls = loadOpensslTls();
 * const socket = await tls.connect(await connectTcp({ host, port: 443 }), { host, alpnProtocols: ["http/1.1"] });
 */
export function loadOpensslTls(): TlsBackend {
  loaded ??= load();
  return loaded;
}

let loaded: TlsBackend | undefined;

function load(): TlsBackend {
  try {
    return engineBackend(openSslLibrary(), openSslDatagramLibrary());
  } catch (cause) {
    throw new TlsError("TLS_LIBRARY_UNAVAILABLE", {
      operation: "load",
      detail: `OpenSSL inside ${process.execPath}: ${cause instanceof Error ? cause.message : String(cause)}`,
      remedy: "run on an official build of Node.js, or use the backend 'node'",
      cause,
    });
  }
}
