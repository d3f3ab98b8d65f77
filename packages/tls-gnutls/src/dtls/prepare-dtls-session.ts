import { TlsError } from "@fairlead/core";
import type { DatagramClientOptions, DatagramServerOptions, VerifiedHello } from "@fairlead/tls/datagram";
import { EngineFailure } from "@fairlead/tls/engine";
import { describe } from "../gnutls-errors.ts";
import { cString, datums, type GnuTls } from "../library.ts";
import { readSession } from "../protocol/remembered-session.ts";
import type { DtlsCredentials } from "./dtls-credentials.ts";
import type { GnuTlsDtls } from "./functions.ts";

/** C functions that GnuTLS calls for every session. */
export interface DtlsCallbacks {
  readonly push: bigint;
  readonly pull: bigint;
  readonly pullTimeout: bigint;
  readonly verify: bigint;
}

/** One side of an association, and what it borrows. */
export type DtlsSetup = { readonly credentials: DtlsCredentials; readonly priorities: number } & (
  | { readonly side: "client"; readonly options: DatagramClientOptions }
  | { readonly side: "server"; readonly options: DatagramServerOptions }
);

/** Makes a session without any setting. */
export function openDtlsSession(gnutls: GnuTls, setup: DtlsSetup): number {
  const out = [0];
  require(gnutls, gnutls.gnutls_init(out, initFlags[setup.side] | (hasTickets(setup) ? 0 : noTickets)));
  const [session = 0] = out;
  return session;
}

/** Neither beside keys, which are asked for each time, nor where a server judges clients. */
function hasTickets({ side, options }: DtlsSetup): boolean {
  return side === "client" ? options.psk === undefined : options.tickets.type === "given";
}

/**
 * Gives a session its settings. Its callbacks get its own address.
 *
 * @throws TlsError TLS_OPTION_UNSUPPORTED; EngineFailure when GnuTLS refuses a setting that is always made.
 */
export function prepareDtlsSession(
  {
    gnutls,
    dtls,
    callbacks,
  }: { readonly gnutls: GnuTls; readonly dtls: GnuTlsDtls; readonly callbacks: DtlsCallbacks },
  session: number,
  setup: DtlsSetup,
): void {
  const { credentials, priorities, options, side } = setup;
  require(gnutls, gnutls.gnutls_priority_set(session, priorities));
  const { certificate, key } = credentials;
  if (certificate !== undefined) {
    require(gnutls, gnutls.gnutls_credentials_set(session, certificateCredentials, certificate.value.handle));
  }
  if (key !== 0) require(gnutls, gnutls.gnutls_credentials_set(session, keyCredentials, key));
  gnutls.gnutls_transport_set_ptr(session, session);
  gnutls.gnutls_transport_set_push_function(session, callbacks.push);
  gnutls.gnutls_transport_set_pull_function(session, callbacks.pull);
  dtls.gnutls_transport_set_pull_timeout_function(session, callbacks.pullTimeout);
  dtls.gnutls_dtls_set_mtu(session, sessionMtu(options));
  // The driver has the deadline: GnuTLS would notice its own only at a retransmission.
  dtls.gnutls_dtls_set_timeouts(session, options.retransmissionMilliseconds, never);
  gnutls.gnutls_session_set_verify_function(session, callbacks.verify);
  offerAlpn(gnutls, session, options.alpnProtocols, side === "server" ? alpnMandatory | alpnServerPrecedence : 0);
  if (side === "client") {
    sendName(gnutls, session, options.serverName);
    offerSession(gnutls, session, options);
  } else {
    if (certificate !== undefined && hasTickets(setup)) {
      require(gnutls, gnutls.gnutls_session_ticket_enable_server(session, datums([certificate.value.ticketKey])));
    }
    dtls.gnutls_dtls_prestate_set(session, prestate(options.verified));
    askForCertificate(dtls, session, options);
  }
}

/**
 * What GnuTLS is told of the largest datagram. Above a record's 16 KiB it caps the payload and not the datagram, and then
 * the difference is no longer what a record has besides its payload.
 */
export function sessionMtu({ mtu }: Pick<DatagramClientOptions, "mtu">): number {
  return Math.min(mtu, largestRecord);
}

function sendName(gnutls: GnuTls, session: number, serverName: string | undefined): void {
  if (serverName === undefined) return;
  const name = cString(serverName);
  require(gnutls, gnutls.gnutls_server_name_set(session, dnsName, name, name.length - 1));
}

/** One that cannot be read leads to a full handshake. */
function offerSession(gnutls: GnuTls, session: number, options: DatagramClientOptions): void {
  const offered = options.session && readSession(options.session);
  if (offered !== undefined) gnutls.gnutls_session_set_data(session, offered.data, offered.data.length);
}

function askForCertificate(dtls: GnuTlsDtls, session: number, { clientCertificates }: DatagramServerOptions): void {
  if (clientCertificates === undefined) return;
  const request = clientCertificates.required ? certificateRequired : certificateAsked;
  dtls.gnutls_certificate_server_set_request(session, request);
}

function offerAlpn(gnutls: GnuTls, session: number, protocols: readonly string[], flags: number): void {
  if (protocols.length === 0) return;
  const names = datums(protocols.map((protocol) => Buffer.from(protocol, "latin1")));
  if (gnutls.gnutls_alpn_set_protocols(session, names, protocols.length, flags) >= 0) return;
  throw new TlsError("TLS_OPTION_UNSUPPORTED", {
    detail: "alpnProtocols: GnuTLS takes 8 at most, of 31 bytes at most",
    remedy: "offer fewer, or use the backend 'openssl'",
  });
}

/** Where the numbers of records and messages go on: `gnutls_dtls_prestate_st`, three unsigned int. */
function prestate({ hello }: VerifiedHello): Buffer {
  const bytes = Buffer.alloc(12);
  bytes.writeUInt32LE(Number(hello.recordSequence & 0xffff_ffffn), 0);
  bytes.writeUInt32LE(hello.messageSequence, 4);
  return bytes;
}

function require(gnutls: GnuTls, code: number): void {
  if (code < 0) throw new EngineFailure({ type: "library", detail: describe(gnutls, code) });
}

// GnuTLS, includes/gnutls/gnutls.h
/** Datagrams, nothing that blocks, no signals. */
const datagramFlags = 4 | 8 | 64;
const noTickets = 1024;
const forceClientCertificate = 1 << 9;
const initFlags = { server: 1 | datagramFlags, client: 2 | datagramFlags | forceClientCertificate } as const;
const largestRecord = 16_384;
const certificateCredentials = 1;
const keyCredentials = 4;
const certificateAsked = 1;
const certificateRequired = 2;
const alpnMandatory = 1;
const alpnServerPrecedence = 2;
const dnsName = 1;
const never = 0x7fff_ffff;
