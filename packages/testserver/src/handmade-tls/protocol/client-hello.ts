import { alertDescription, cipherSuite, extensionType, group, version } from "./code-points.ts";
import { Reader } from "./presentation.ts";

/** A ClientHello, as far as a server made by hand looks at it. */
export interface ClientHello {
  readonly random: Uint8Array;
  readonly sessionId: Uint8Array;
  readonly cipherSuites: readonly number[];
  readonly versions: readonly number[];
  /** Contents by type. */
  readonly extensions: ReadonlyMap<number, Uint8Array>;
  /** In lower case. */
  readonly serverName: string | undefined;
  readonly alpnProtocols: readonly string[];
  readonly groups: readonly number[];
  /** Public keys by group; none before TLS 1.3. */
  readonly keyShares: ReadonlyMap<number, Uint8Array>;
}

/**
 * Reads the body of a ClientHello.
 *
 * @throws RangeError where it is malformed.
 * @see RFC 8446 section 4.1.2
 */
export function parseClientHello(body: Uint8Array): ClientHello {
  const reader = new Reader(body);
  const legacyVersion = reader.number(2);
  const random = reader.bytes(32);
  const sessionId = reader.vector(1);
  const cipherSuites = new Reader(reader.vector(2)).all((list) => list.number(2));
  reader.vector(1);
  const extensions = new Map(
    new Reader(reader.isAtEnd ? new Uint8Array() : reader.vector(2)).all(
      (list) => [list.number(2), list.vector(2)] as const,
    ),
  );
  const listOf = (type: number, lengthBytes: number): Reader => {
    const content = extensions.get(type);
    return new Reader(content === undefined ? new Uint8Array() : new Reader(content).vector(lengthBytes));
  };
  const names = listOf(extensionType.serverName, 2).all((list) => [list.number(1), list.vector(2)] as const);
  const name = names.find(([type]) => type === 0)?.[1];
  return {
    ...{ random, sessionId, cipherSuites, extensions },
    versions: extensions.has(extensionType.supportedVersions)
      ? listOf(extensionType.supportedVersions, 1).all((list) => list.number(2))
      : [legacyVersion],
    serverName: name === undefined ? undefined : text(name).toLowerCase(),
    alpnProtocols: listOf(extensionType.alpn, 2).all((list) => text(list.vector(1))),
    groups: listOf(extensionType.supportedGroups, 2).all((list) => list.number(2)),
    keyShares: new Map(listOf(extensionType.keyShare, 2).all((list) => [list.number(2), list.vector(2)] as const)),
  };
}

/** What a server made by hand agrees to with a client. */
export type Agreement =
  | { readonly type: "agreed"; readonly group: number }
  /** TLS 1.3: the client has the group, and has to send a key for it. */
  | { readonly type: "retry"; readonly group: number }
  /** With the alert that says so, and the reason for people. */
  | { readonly type: "refused"; readonly alert: number; readonly because: string };

/** Decides what is spoken: one suite in each version, and two groups. */
export function agree(hello: ClientHello, speaks: "TLSv1.2" | "TLSv1.3"): Agreement {
  const is13 = speaks === "TLSv1.3";
  if (!hello.versions.includes(is13 ? version.tls13 : version.tls12))
    return refused(alertDescription.protocolVersion, "version");
  const suite = is13 ? cipherSuite.aes128GcmSha256 : cipherSuite.ecdheEcdsaAes128GcmSha256;
  if (!hello.cipherSuites.includes(suite)) return refused(alertDescription.handshakeFailure, "cipher suite");
  const groups = [group.x25519, group.p256];
  const shared = groups.find((one) => (is13 ? hello.keyShares.has(one) : hello.groups.includes(one)));
  if (shared !== undefined) return { type: "agreed", group: shared };
  const offered = groups.find((one) => hello.groups.includes(one));
  return offered === undefined
    ? refused(alertDescription.handshakeFailure, "group")
    : { type: "retry", group: offered };
}

function refused(alert: number, what: string): Agreement {
  return { type: "refused", alert, because: `the client offers no ${what} that is spoken here` };
}

function text(bytes: Uint8Array): string {
  return String.fromCharCode(...bytes.subarray(0, 255));
}
