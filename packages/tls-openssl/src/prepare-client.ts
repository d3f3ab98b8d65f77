import type { EngineClientOptions } from "@fairlead/tls/engine";
import type { CallbackPointers } from "./callback-pointers.ts";
import { earlyCapacity, EarlySender } from "./early-data.ts";
import type { EngineParts } from "./engine-parts.ts";
import { expectHost } from "./expected-host.ts";
import { addressOf, cString, type OpenSsl } from "./library.ts";
import { encodeAlpn } from "./protocol/alpn.ts";
import { OfferedPsk } from "./psk.ts";
import { requestStaple } from "./stapling.ts";

/** Tells OpenSSL whom to talk to, and what to offer. */
export function prepareClient(
  openssl: OpenSsl,
  ssl: number,
  callbacks: CallbackPointers,
  options: EngineClientOptions,
): Pick<EngineParts, "psk" | "early"> {
  const { host, serverName, alpnProtocols } = options;
  openssl.SSL_set_connect_state(ssl);
  expectHost(openssl, ssl, host);
  if (serverName !== undefined) openssl.SSL_ctrl(ssl, serverNameControl, 0, cString(serverName));
  if (alpnProtocols.length > 0) {
    const list = encodeAlpn(alpnProtocols);
    openssl.SSL_set_alpn_protos(ssl, list, list.length);
  }
  requestStaple(openssl, ssl);
  if (options.asksForIdentity) openssl.SSL_set_cert_cb(ssl, callbacks.chooseCertificate, 0);
  // A session beside a shared key would be taken for one another.
  const psk = options.psk && new OfferedPsk(openssl, ssl, callbacks, options.psk);
  const early = psk === undefined ? offerSession(openssl, ssl, options) : undefined;
  openssl.ERR_clear_error();
  return { psk, early };
}

function offerSession(openssl: OpenSsl, ssl: number, options: EngineClientOptions): EarlySender | undefined {
  const { session: bytes, earlyData } = options;
  const session = bytes === undefined ? 0 : openssl.d2i_SSL_SESSION(0, [addressOf(bytes)], bytes.length);
  if (session === 0) return undefined;
  try {
    if (openssl.SSL_set_session(ssl, session) !== 1 || !earlyData) return undefined;
    return new EarlySender(openssl, ssl, earlyCapacity(openssl, session, options));
  } finally {
    openssl.SSL_SESSION_free(session);
  }
}

// OpenSSL, include/openssl/ssl.h.in
const serverNameControl = 55;
