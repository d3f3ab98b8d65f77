/** Numbers of TLS 1.2 and 1.3, as IANA keeps them. */

/** RFC 8446 section 5.1; `heartbeat` by RFC 6520. */
export const contentType = {
  changeCipherSpec: 20,
  alert: 21,
  handshake: 22,
  applicationData: 23,
  heartbeat: 24,
} as const;

/** RFC 8446 section 4; RFC 5246 section 7.4. */
export const handshakeType = {
  helloRequest: 0,
  clientHello: 1,
  serverHello: 2,
  newSessionTicket: 4,
  encryptedExtensions: 8,
  certificate: 11,
  serverKeyExchange: 12,
  certificateRequest: 13,
  serverHelloDone: 14,
  certificateVerify: 15,
  clientKeyExchange: 16,
  finished: 20,
  keyUpdate: 24,
  messageHash: 254,
} as const;

/** RFC 8446 section 4.2 and the RFCs that are named beside. */
export const extensionType = {
  serverName: 0,
  /** RFC 6066 section 4. */
  maxFragmentLength: 1,
  supportedGroups: 10,
  /** RFC 8422 section 5.1.2. */
  ecPointFormats: 11,
  signatureAlgorithms: 13,
  /** RFC 7301. */
  alpn: 16,
  /** RFC 7627. */
  extendedMasterSecret: 23,
  /** RFC 8449. */
  recordSizeLimit: 28,
  preSharedKey: 41,
  earlyData: 42,
  supportedVersions: 43,
  certificateAuthorities: 47,
  postHandshakeAuth: 49,
  keyShare: 51,
  /** RFC 5746. */
  renegotiationInfo: 0xff01,
} as const;

/** RFC 8446 section 6; those of older versions by RFC 5246 section 7.2. */
export const alertDescription = {
  closeNotify: 0,
  unexpectedMessage: 10,
  badRecordMac: 20,
  recordOverflow: 22,
  handshakeFailure: 40,
  illegalParameter: 47,
  decodeError: 50,
  decryptError: 51,
  protocolVersion: 70,
  internalError: 80,
  userCanceled: 90,
  noRenegotiation: 100,
  missingExtension: 109,
  unrecognizedName: 112,
  noApplicationProtocol: 120,
} as const;

/** Fatal alerts by their names, as labels of host names. See the IANA registry "TLS Alerts". */
export const alertByLabel: ReadonlyMap<string, number> = new Map(
  Object.entries({
    "close-notify": 0,
    "unexpected-message": 10,
    "bad-record-mac": 20,
    "record-overflow": 22,
    "handshake-failure": 40,
    "bad-certificate": 42,
    "unsupported-certificate": 43,
    "certificate-revoked": 44,
    "certificate-expired": 45,
    "certificate-unknown": 46,
    "illegal-parameter": 47,
    "unknown-ca": 48,
    "access-denied": 49,
    "decode-error": 50,
    "decrypt-error": 51,
    "protocol-version": 70,
    "insufficient-security": 71,
    "internal-error": 80,
    "inappropriate-fallback": 86,
    "user-canceled": 90,
    "no-renegotiation": 100,
    "missing-extension": 109,
    "unsupported-extension": 110,
    "unrecognized-name": 112,
    "bad-certificate-status-response": 113,
    "unknown-psk-identity": 115,
    "certificate-required": 116,
    "no-application-protocol": 120,
    "ech-required": 121,
    unregistered: 255,
  }),
);

/** The suites that are spoken here, one a version. */
export const cipherSuite = { aes128GcmSha256: 0x1301, ecdheEcdsaAes128GcmSha256: 0xc02b } as const;

/** RFC 8446 section 4.2.7. */
export const group = { p256: 23, p384: 24, x25519: 29 } as const;

/** RFC 8446 section 4.2.3: ecdsa_secp256r1_sha256. */
export const ecdsaP256Sha256 = 0x0403;

/** Versions as they are written in hellos. */
export const version = { ssl3: 0x0300, tls10: 0x0301, tls12: 0x0303, tls13: 0x0304 } as const;
