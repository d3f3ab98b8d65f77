import type { TlsCipher, TlsGroup } from "../protocol/algorithms.ts";
import type { TlsVersion } from "../protocol/version.ts";

/**
 * What a backend can do here and now. Each is true, or listed, because it worked when it was tried, between the backend
 * and itself: a distribution, or a file of the administrator's, may have switched off what a version is known for.
 */
export interface TlsCapabilities {
  readonly versions: readonly TlsVersion[];
  /** A protocol is chosen, RFC 7301. */
  readonly alpn: boolean;
  /** A session is resumed. */
  readonly tickets: boolean;
  /** Its bytes are all that is needed: another process with the same ticket keys resumes it too. */
  readonly ticketPersistence: boolean;
  /** Data in the first flight of a resumed session is taken. RFC 8446 section 2.3. */
  readonly earlyData: boolean;
  /** Both ends derive the same keys. RFC 5705. */
  readonly exporter: boolean;
  /** Both sides know a key instead of showing certificates. */
  readonly psk: boolean;
  /** A server asks its clients for certificates. */
  readonly clientCertificates: boolean;
  /** A client is asked for its certificate inside the handshake, and told which authorities the server trusts. */
  readonly clientCertificateQuestion: boolean;
  /** A server chooses its certificate by what the client asked for. */
  readonly identityQuestion: boolean;
  /** A response that the server staples reaches the client. RFC 6066 section 8. */
  readonly ocspStapling: boolean;
  /** Keys are changed while the connection goes on. RFC 8446 section 4.6.3. */
  readonly keyUpdate: boolean;
  /** The secrets of a connection can be had, for who inspects it. */
  readonly keyLog: boolean;
  /** DTLS 1.2 over a path of datagrams. */
  readonly dtls: boolean;
  /** Key exchange groups. */
  readonly groups: readonly TlsGroup[];
  /** What encrypts records. */
  readonly ciphers: readonly TlsCipher[];
}
