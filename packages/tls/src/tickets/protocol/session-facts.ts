import type { SessionVersion, TlsVersion } from "../../protocol/version.ts";
import { readSavedSession } from "./saved-session.ts";
import { parseDer, parseUnsigned, type DerElement } from "./der.ts";

/** What session bytes say about the ticket in them. */
export interface SessionFacts {
  readonly version: SessionVersion;
  /** Milliseconds since the epoch, whole seconds. */
  readonly createdAt: number;
  /** The server's lifetime for the ticket; 0 when it gave none. */
  readonly lifetimeSeconds: number;
  /** Whether the chain was accepted when the session began. */
  readonly verified: boolean;
  /** The server's certificate, DER; `undefined` when it sent none. */
  readonly peerCertificate: Uint8Array | undefined;
}

/**
 * Reads the bytes that `onSession` gave. Those of engines say it before the library's own; those of `node:tls` are an
 * SSL_SESSION in DER, since Node 24 with the name that it was authenticated for before it. `undefined` for anything
 * else, and for versions below TLS 1.2. Never throws.
 *
 * @see OpenSSL, ssl/ssl_asn1.c, SSL_SESSION_ASN1
 */
export function sessionFacts(session: Uint8Array): SessionFacts | undefined {
  const saved = readSavedSession(session);
  if (saved !== undefined) {
    const { version, createdSeconds, lifetimeSeconds, peerCertificate } = saved;
    // Engines give out sessions of verified connections only.
    return { version, createdAt: createdSeconds * 1_000, lifetimeSeconds, verified: true, peerCertificate };
  }
  const [sequence, ...rest] = parseDer(withoutNodeHeader(session)) ?? [];
  if (sequence?.tag !== tags.sequence || rest.length > 0) return undefined;
  const fields = parseDer(sequence.content);
  const version = parseVersion(fields?.[1]);
  if (fields === undefined || version === undefined) return undefined;

  const createdSeconds = parseNumber(fields, 1);
  const lifetimeSeconds = parseNumber(fields, 9);
  const verifyResult = parseNumber(fields, 5);
  if (createdSeconds === undefined || lifetimeSeconds === undefined) return undefined;
  return {
    version,
    createdAt: createdSeconds * 1_000,
    lifetimeSeconds,
    verified: verifyResult === 0,
    peerCertificate: field(fields, 3)?.content,
  };
}

const tags = { integer: 0x02, sequence: 0x30, firstExplicit: 0xa0 } as const;

const versions: ReadonlyMap<number, TlsVersion> = new Map([
  [0x0303, "TLSv1.2"],
  [0x0304, "TLSv1.3"],
]);

function parseVersion(element: DerElement | undefined): TlsVersion | undefined {
  return element?.tag === tags.integer ? versions.get(parseUnsigned(element.content) ?? 0) : undefined;
}

/** The field with this explicit tag: `[number] EXPLICIT ...`. */
function field(fields: readonly DerElement[], number: number): DerElement | undefined {
  return fields.find(({ tag }) => tag === tags.firstExplicit + number);
}

/** The INTEGER with this explicit tag; 0 when it is left out, `undefined` when it is something else. */
function parseNumber(fields: readonly DerElement[], number: number): number | undefined {
  const explicit = field(fields, number);
  if (explicit === undefined) return 0;
  const [inner, ...rest] = parseDer(explicit.content) ?? [];
  return inner?.tag === tags.integer && rest.length === 0 ? parseUnsigned(inner.content) : undefined;
}

/** Node's header: a mark, then two octets of length and the name. Anything else is returned as it is. */
function withoutNodeHeader(session: Uint8Array): Uint8Array {
  if (!nodeMark.every((byte, index) => session[index] === byte)) return session;
  const [high = 0, low = 0] = session.subarray(nodeMark.length);
  return session.subarray(nodeMark.length + 2 + high * 256 + low);
}

const nodeMark = new TextEncoder().encode("\0nodejs:tls:session:1\0");
