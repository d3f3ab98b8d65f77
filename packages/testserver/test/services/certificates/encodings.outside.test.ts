import { encodingServices } from "../../../src/services/certificates/encodings.ts";
import { describeServices } from "../../describe-services.ts";
import { judged } from "./verdicts.ts";

describeServices(encodingServices, {
  "https-version-1": judged({ fairlead: ["HOST_MISMATCH"], shows: /Version: 1 \(0x0\)\n(?![^]*X509v3)/ }),
  "https-version-1-with-extensions": judged({
    gnutls: "Error in the certificate",
    shows: /Version: 1 \(0x0\)\n[^]*X509v3 Subject Alternative Name/,
  }),
  "https-version-4": judged({ fairlead: ["CERTIFICATE_MALFORMED"], shows: /Version: Unknown \(3\)/ }),
  "https-serial-zero": judged({ shows: /Serial Number: 0 \(0x0\)/ }),
  "https-serial-negative": judged({ shows: /Serial Number: -4711 / }),
  "https-serial-of-21-octets": judged({ shows: /01(?::00){20}\n/ }),
  "https-serial-padded": judged({ curl: 35, fairlead: ["TLS_HANDSHAKE_FAILED"], says: "illegal padding" }),
  "https-serial-empty": judged({ curl: 35, fairlead: ["TLS_HANDSHAKE_FAILED"], says: "illegal zero content" }),
  "https-time-without-seconds": judged({ openssl: 14, fairlead: ["TLS_HANDSHAKE_FAILED"] }),
  "https-time-with-offset": judged({
    openssl: 14,
    gnutls: "The DER time encoding is invalid.",
    fairlead: ["CERTIFICATE_MALFORMED"],
  }),
  "https-time-with-fraction": judged({
    openssl: 14,
    gnutls: "Error in the time fields of certificate.",
    fairlead: ["CERTIFICATE_MALFORMED"],
  }),
  "https-time-impossible": judged({
    openssl: 14,
    gnutls: "Error in the time fields of certificate.",
    fairlead: ["CERTIFICATE_MALFORMED"],
  }),
  "https-time-empty": judged({
    openssl: 14,
    gnutls: "ASN1 parser: Error in DER parsing.",
    fairlead: ["TLS_HANDSHAKE_FAILED"],
  }),
  "https-element-too-many": judged({
    curl: 35,
    gnutls: "ASN1 parser: Error in DER parsing.",
    fairlead: ["TLS_HANDSHAKE_FAILED"],
    says: "sequence length mismatch",
  }),
  "https-unique-identifiers": judged({ shows: /Issuer Unique ID: +01\n +Subject Unique ID: +02\n/ }),
  "https-algorithm-mismatch": judged({
    openssl: 7,
    gnutls: "Error in the certificate",
    fairlead: ["SIGNATURE_ALGORITHM_MISMATCH"],
  }),
  "https-signature-empty": judged({
    openssl: 7,
    curl: 35,
    gnutls: "issuer is not a CA.",
    fairlead: ["SIGNATURE_INVALID"],
  }),
  "https-signature-zero": judged({
    openssl: 7,
    curl: 35,
    gnutls: "The signature in the certificate is invalid.",
    fairlead: ["SIGNATURE_INVALID"],
    shows: /Signature Value:\n +30:06:02:01:00:02:01:00\n/,
  }),
  "https-signature-with-rest": judged({
    openssl: 7,
    curl: 35,
    gnutls: "The signature in the certificate is invalid.",
    fairlead: ["SIGNATURE_INVALID"],
  }),
  "https-key-negative-modulus": judged({
    curl: 35,
    gnutls: "The signature is incompatible with the public key.",
    fairlead: ["TLS_HANDSHAKE_FAILED"],
    says: "wrong signature type",
  }),
  "https-key-even-modulus": judged({
    curl: 35,
    gnutls: "The signature is incompatible with the public key.",
    fairlead: ["TLS_HANDSHAKE_FAILED"],
    says: "wrong signature type",
  }),
  "https-key-off-curve": judged({
    openssl: 1,
    curl: 35,
    gnutls: "Public key signature verification has failed.",
    fairlead: ["TLS_HANDSHAKE_FAILED"],
    says: "unable to find public key parameters",
  }),
  "https-key-at-infinity": judged({
    curl: 35,
    gnutls: "Error in parsing.",
    fairlead: ["TLS_HANDSHAKE_FAILED"],
    says: "bad signature",
  }),
  "https-key-unknown": judged({
    openssl: 1,
    curl: 35,
    gnutls: "An unimplemented or disabled feature has been requested.",
    fairlead: ["TLS_HANDSHAKE_FAILED"],
    says: "unable to find public key parameters",
  }),
  "https-key-empty": judged({
    curl: 35,
    gnutls: "ASN1 parser: Element was not found.",
    fairlead: ["TLS_HANDSHAKE_FAILED"],
    says: "field missing",
  }),
  "https-issuer-empty": judged({ openssl: 21, gnutls: "issuer is unknown.", fairlead: ["ISSUER_UNKNOWN"] }),
  "https-common-name-of-1000": judged({ shows: /CN = a{1000}\n/ }),
  "https-common-name-no-utf8": judged({ curl: 35, fairlead: ["TLS_HANDSHAKE_FAILED"], says: "invalid utf8string" }),
  "https-common-name-printable": judged({ shows: /CN = a@fairlead\.test\n/ }),
  "https-common-name-by-padded-oid": judged({
    curl: 35,
    gnutls: "ASN1 parser: Error in DER parsing.",
    fairlead: ["TLS_HANDSHAKE_FAILED"],
    says: "invalid object encoding",
  }),
  "https-length-too-long": judged({ fairlead: ["CERTIFICATE_MALFORMED"], shows: /Serial Number: 42 / }),
  "https-length-indefinite": judged({
    gnutls: "ASN1 parser: Error in DER parsing.",
    fairlead: ["CERTIFICATE_MALFORMED"],
  }),
});
