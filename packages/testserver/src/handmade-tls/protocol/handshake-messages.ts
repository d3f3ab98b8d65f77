import { cipherSuite, extensionType, handshakeType, version } from "./code-points.ts";
import { concat, number, Reader, vector } from "./presentation.ts";

/** A handshake message, whole: four bytes of type and length, then its body. RFC 8446 section 4. */
export function handshakeMessage(type: number, ...body: readonly Uint8Array[]): Uint8Array {
  return concat(number(1, type), vector(3, ...body));
}

/** An extension: its type and its contents. */
export type Extension = readonly [type: number, content: Uint8Array];

/** What a ServerHello says; of both versions. */
export interface ServerHello {
  /** The version field, which TLS 1.3 leaves at 0x0303. */
  readonly version: number;
  /** 32 bytes. */
  readonly random: Uint8Array;
  readonly sessionId: Uint8Array;
  readonly cipherSuite: number;
  readonly compression: number;
  readonly extensions: readonly Extension[];
}

/** RFC 8446 section 4.1.3; RFC 5246 section 7.4.1.3. */
export function formatServerHello(hello: ServerHello): Uint8Array {
  return handshakeMessage(
    handshakeType.serverHello,
    number(2, hello.version),
    hello.random,
    vector(1, hello.sessionId),
    number(2, hello.cipherSuite),
    number(1, hello.compression),
    hello.extensions.length === 0 ? new Uint8Array() : formatExtensions(hello.extensions),
  );
}

/** RFC 8446 section 4.2. */
export function formatExtensions(extensions: readonly Extension[]): Uint8Array {
  return vector(2, ...extensions.map(([type, content]) => concat(number(2, type), vector(2, content))));
}

/** The extension by which a ServerHello says that it is of this version (RFC 8446 section 4.2.1). */
export function chosenVersion(chosen: number): Extension {
  return [extensionType.supportedVersions, number(2, chosen)];
}

/** The server's key (RFC 8446 section 4.2.8). */
export function chosenKeyShare(of: number, publicKey: Uint8Array): Extension {
  return [extensionType.keyShare, concat(number(2, of), vector(2, publicKey))];
}

/** The protocol that was chosen; more than one is against RFC 7301 section 3.1. */
export function chosenProtocols(...protocols: readonly string[]): Extension {
  return [extensionType.alpn, vector(2, ...protocols.map((name) => vector(1, ascii(name))))];
}

/** Asks for a key of another group (RFC 8446 section 4.1.4). */
export function formatHelloRetryRequest(sessionId: Uint8Array, wantedGroup: number): Uint8Array {
  return formatServerHello({
    version: version.tls12,
    random: helloRetryRandom,
    sessionId,
    cipherSuite: cipherSuite.aes128GcmSha256,
    compression: 0,
    extensions: [chosenVersion(version.tls13), [extensionType.keyShare, number(2, wantedGroup)]],
  });
}

/** RFC 8446 section 4.3.1. */
export function formatEncryptedExtensions(extensions: readonly Extension[]): Uint8Array {
  return handshakeMessage(handshakeType.encryptedExtensions, formatExtensions(extensions));
}

/** Certificates in DER, the leaf first. RFC 8446 section 4.4.2; RFC 5246 section 7.4.2. */
export function formatCertificate(chain: readonly Uint8Array[], of: "TLSv1.2" | "TLSv1.3"): Uint8Array {
  const entries = chain.map((der) => (of === "TLSv1.3" ? concat(vector(3, der), number(2, 0)) : vector(3, der)));
  const context = of === "TLSv1.3" ? vector(1) : new Uint8Array();
  return handshakeMessage(handshakeType.certificate, context, vector(3, ...entries));
}

/** Asks for a certificate, of these authorities where any are named (names in DER). RFC 8446 section 4.3.2. */
export function formatCertificateRequest(context: Uint8Array, authorities: readonly Uint8Array[] = []): Uint8Array {
  const algorithms = [0x0403, 0x0503, 0x0603, 0x0804, 0x0805, 0x0806, 0x0807, 0x0401];
  const extensions: Extension[] = [
    [extensionType.signatureAlgorithms, vector(2, ...algorithms.map((one) => number(2, one)))],
  ];
  if (authorities.length > 0) {
    const names = authorities.map((name) => vector(2, name));
    extensions.push([extensionType.certificateAuthorities, vector(2, ...names)]);
  }
  return handshakeMessage(handshakeType.certificateRequest, vector(1, context), formatExtensions(extensions));
}

/** How many certificates a client's Certificate message of TLS 1.3 has. */
export function countCertificates(body: Uint8Array): number {
  const reader = new Reader(body);
  reader.vector(1);
  return new Reader(reader.vector(3)).all((list) => [list.vector(3), list.vector(2)]).length;
}

/** RFC 8446 section 4.4.3. */
export function formatCertificateVerify(algorithm: number, signature: Uint8Array): Uint8Array {
  return handshakeMessage(handshakeType.certificateVerify, number(2, algorithm), vector(2, signature));
}

/** What a server signs in its CertificateVerify (RFC 8446 section 4.4.3). */
export function contentToSign(transcriptHash: Uint8Array): Uint8Array {
  return concat(
    new Uint8Array(64).fill(0x20),
    ascii("TLS 1.3, server CertificateVerify"),
    number(1, 0),
    transcriptHash,
  );
}

/** The key of a named curve, with its signature over both randoms and itself. RFC 8422 section 5.4. */
export function formatServerKeyExchange(parameters: Uint8Array, algorithm: number, signature: Uint8Array): Uint8Array {
  return handshakeMessage(handshakeType.serverKeyExchange, parameters, number(2, algorithm), vector(2, signature));
}

/** The part of a ServerKeyExchange that is signed. RFC 8422 section 5.4. */
export function ecParameters(of: number, publicKey: Uint8Array): Uint8Array {
  const namedCurve = 3;
  return concat(number(1, namedCurve), number(2, of), vector(1, publicKey));
}

/** A ticket that this server cannot make anything of: it leads to a full handshake. RFC 8446 section 4.6.1. */
export function formatNewSessionTicket(ticket: Uint8Array, options: TicketOptions = {}): Uint8Array {
  const { lifetimeSeconds = 7200, nonce = new Uint8Array(8), earlyDataBytes } = options;
  return handshakeMessage(
    handshakeType.newSessionTicket,
    number(4, lifetimeSeconds),
    number(4, 0x5eed_5eed),
    vector(1, nonce),
    vector(2, ticket),
    formatExtensions(earlyDataBytes === undefined ? [] : [[extensionType.earlyData, number(4, earlyDataBytes)]]),
  );
}

/** What a ticket of TLS 1.3 says besides itself. */
export interface TicketOptions {
  readonly lifetimeSeconds?: number;
  /** Tells several tickets of one connection apart. */
  readonly nonce?: Uint8Array;
  /** How much early data it is good for; none by default. */
  readonly earlyDataBytes?: number;
}

/** Says that the keys of this direction change. RFC 8446 section 4.6.3. */
export function formatKeyUpdate(request: 0 | 1): Uint8Array {
  return handshakeMessage(handshakeType.keyUpdate, number(1, request));
}

/** What stands for the first ClientHello in the transcript after a HelloRetryRequest. RFC 8446 section 4.4.1. */
export function messageHash(transcriptHash: Uint8Array): Uint8Array {
  return handshakeMessage(handshakeType.messageHash, transcriptHash);
}

/** One byte a character. */
export function ascii(text: string): Uint8Array {
  return Uint8Array.from(text, (character) => character.charCodeAt(0));
}

/** By which a ServerHello is a HelloRetryRequest: SHA-256 of that word. RFC 8446 section 4.1.3. */
export const helloRetryRandom = Uint8Array.from(
  "cf21ad74e59a6111be1d8c021e65b891c2a211167abb8c5e079e09e2c8a8339c".match(/../g) ?? [],
  (digits) => Number.parseInt(digits, 16),
);

/** The end of the random of a server that speaks TLS 1.3 and was made to speak 1.2. RFC 8446 section 4.1.3. */
export const downgradeSentinel = ascii("DOWNGRD\u0001");
