import { TlsError } from "@fairlead/core";
import { EngineFailure, type EngineClientOptions, type EngineServerOptions, type Lease } from "@fairlead/tls/engine";
import type { CallbackPointers } from "./callback-pointers.ts";
import type { Credentials } from "./credentials.ts";
import { describe } from "./gnutls-errors.ts";
import { messages } from "./handshake-messages.ts";
import { datums, type GnuTls } from "./library.ts";
import { requestStaple } from "./stapling.ts";

/** One side of a connection, and what it borrows. */
export type GnuTlsSetup = {
  readonly credentials: Lease<Credentials>;
  readonly priorities: number;
  /** The credentials by which servers look for keys that are shared. */
  readonly serverPsk: () => number;
  /** The memory by which servers know early data that is played again. */
  readonly replays: () => number;
} & (
  | { readonly side: "client"; readonly options: EngineClientOptions }
  | { readonly side: "server"; readonly options: EngineServerOptions }
);

/** Of a server's own Diffie-Hellman group in TLS 1.2; GnuTLS would take half. RFC 9325 section 4.4. */
const leastPrimeBits = 2048;

/** Makes a session without any setting. */
export function openSession(gnutls: GnuTls, setup: GnuTlsSetup): number {
  const out = [0];
  const code = gnutls.gnutls_init(out, initFlags[setup.side] | (takesEarlyData(setup) ? enableEarlyData : 0));
  const [session = 0] = out;
  if (code < 0 || session === 0) throw new EngineFailure({ type: "library", detail: describe(gnutls, code) });
  return session;
}

/**
 * Whether early data is taken. Not beside shared keys: what comes early by one of those is not looked for in the memory of
 * replays. Not where the group that is liked best is one that clients send no share of: GnuTLS 3.7 fails when a client that
 * has sent early data is asked to begin again.
 */
export function takesEarlyData({ side, options }: GnuTlsSetup): boolean {
  const { groups: [best] = ["x25519"] } = options;
  return side === "server" && options.maxEarlyBytes > 0 && options.psk === undefined && best === "x25519";
}

/**
 * Gives a session its settings. Its callbacks get its own address.
 *
 * @throws TlsError TLS_OPTION_UNSUPPORTED; EngineFailure when GnuTLS refuses a setting that is always made.
 */
export function prepareSession(gnutls: GnuTls, session: number, setup: GnuTlsSetup, callbacks: CallbackPointers): void {
  const { credentials, priorities, options, side } = setup;
  const require = (code: number): void => {
    if (code < 0) throw new EngineFailure({ type: "library", detail: describe(gnutls, code) });
  };
  require(gnutls.gnutls_priority_set(session, priorities));
  gnutls.gnutls_dh_set_prime_bits(session, leastPrimeBits);
  // A client that knows its server by a key takes no certificate instead.
  if (side === "server" || options.psk === undefined) {
    require(gnutls.gnutls_credentials_set(session, certificateCredentials, credentials.value.handle));
  }
  if (options.keepsKeyLog) gnutls.gnutls_session_set_keylog_function(session, callbacks.keyLog);
  gnutls.gnutls_session_set_verify_function(session, callbacks.verify);
  gnutls.gnutls_transport_set_ptr(session, session);
  gnutls.gnutls_transport_set_push_function(session, callbacks.push);
  gnutls.gnutls_transport_set_pull_function(session, callbacks.pull);
  setAlpn(gnutls, session, options.alpnProtocols, side === "server" ? alpnMandatory | alpnServerPrecedence : 0);
  if (setup.side === "server") {
    const { clientCertificates } = setup.options;
    if (clientCertificates !== undefined) {
      gnutls.gnutls_certificate_server_set_request(session, clientCertificates.required ? requireOne : requestOne);
    }
    if (takesEarlyData(setup)) {
      require(gnutls.gnutls_record_set_max_early_data_size(session, setup.options.maxEarlyBytes));
      gnutls.gnutls_anti_replay_enable(session, setup.replays());
    }
    require(gnutls.gnutls_session_ticket_enable_server(session, datums([credentials.value.ticketKey])));
    return;
  }
  const { serverName, asksForIdentity } = setup.options;
  require(requestStaple(gnutls, session));
  const heard = asksForIdentity ? messages.any : messages.newSessionTicket;
  gnutls.gnutls_handshake_set_hook_function(session, heard, hookPost, callbacks.message);
  if (serverName !== undefined) {
    const name = Buffer.from(serverName, "latin1");
    require(gnutls.gnutls_server_name_set(session, dnsName, name, name.length));
  }
}

function setAlpn(gnutls: GnuTls, session: number, protocols: readonly string[], flags: number): void {
  if (protocols.length === 0) return;
  const names = datums(protocols.map((protocol) => Buffer.from(protocol, "latin1")));
  if (gnutls.gnutls_alpn_set_protocols(session, names, protocols.length, flags) >= 0) return;
  throw new TlsError("TLS_OPTION_UNSUPPORTED", {
    detail: "alpnProtocols: GnuTLS takes 8 at most, of 31 bytes at most",
    remedy: "offer fewer, or use the backend 'node' or 'openssl'",
  });
}

// GnuTLS, includes/gnutls/gnutls.h
const nonBlockNoSignal = 8 | 64;
const forceClientCertificate = 1 << 9;
const enableEarlyData = 1 << 20;
const initFlags = { server: 1 | nonBlockNoSignal, client: 2 | nonBlockNoSignal | forceClientCertificate } as const;
const certificateCredentials = 1;
const requestOne = 1;
const requireOne = 2;
const alpnMandatory = 1;
const alpnServerPrecedence = 2;
const dnsName = 1;
const hookPost = 1;
