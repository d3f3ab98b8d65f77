import { signatureAlgorithm } from "../../authority/protocol/algorithms.ts";
import {
  bits,
  concat,
  element,
  explicit,
  ia5Bytes,
  implicit,
  integer,
  nothing,
  octets,
  oid,
  sequence,
  set,
  utf8String,
  type Der,
} from "../../authority/protocol/der.ts";
import { attribute } from "../../authority/protocol/names.ts";
import { serviceFamily, type StreamServiceEntry } from "../service-entry.ts";
import { type Change, changed, changedByTime, signed } from "./malformed.ts";

const strangeId = "1.3.6.1.4.1.99999.1";
const commonNameId = "2.5.4.3";

/** Certificates that are no certificates, by a byte or by far. */
export const encodingServices = serviceFamily("certificate-encodings", "show a certificate that is written wrongly", [
  changed("https-version-1", "shows a certificate of version 1, which has no extensions", (elements) => ({
    ...elements,
    version: new Uint8Array(),
    extensions: [],
  })),
  changed("https-version-1-with-extensions", "shows a certificate of version 1 with extensions", (elements) => ({
    ...elements,
    version: new Uint8Array(),
  })),
  changed("https-version-4", "shows a certificate of version 4, which there is not", (elements) => ({
    ...elements,
    version: explicit(0, integer(3)),
  })),
  changed("https-serial-zero", "shows a certificate with the serial number 0", serial(integer(0))),
  changed("https-serial-negative", "shows a certificate with a negative serial number", serial(integer(-4711))),
  changed(
    "https-serial-of-21-octets",
    "shows a certificate with a serial number of 21 octets, one too many",
    serial(integer(1n << 160n)),
  ),
  changed(
    "https-serial-padded",
    "shows a certificate whose serial number has zeros in front, which DER forbids",
    serial(element(0x02, Uint8Array.of(0, 0, 0, 1))),
  ),
  changed("https-serial-empty", "shows a certificate whose serial number has no octets", serial(element(0x02))),
  dated(
    "https-time-without-seconds",
    "shows dates without seconds, which DER forbids",
    0x17,
    (text) => `${text.slice(2, 12)}Z`,
  ),
  dated(
    "https-time-with-offset",
    "shows dates in another time zone, which DER forbids",
    0x17,
    (text) => `${text.slice(2)}+0100`,
  ),
  dated(
    "https-time-with-fraction",
    "shows dates with fractions of a second, which RFC 5280 forbids",
    0x18,
    (text) => `${text}.5Z`,
  ),
  dated(
    "https-time-impossible",
    "shows dates on the 45th of the 13th month",
    0x17,
    (text) => `${text.slice(2, 4)}1345000000Z`,
  ),
  dated("https-time-empty", "shows dates without any digits", 0x17, () => ""),
  changed("https-element-too-many", "shows a certificate with an element behind its extensions", (elements) => ({
    ...elements,
    rest: octets(new Uint8Array(8)),
  })),
  changed(
    "https-unique-identifiers",
    "shows a certificate with unique identifiers, which RFC 5280 forbids",
    (elements) => ({
      ...elements,
      extensions: [],
      rest: concat(
        implicit(1, Uint8Array.of(0, 1)),
        implicit(2, Uint8Array.of(0, 2)),
        explicit(3, sequence(...elements.extensions)),
      ),
    }),
  ),
  changed(
    "https-algorithm-mismatch",
    "shows a certificate that was signed by another algorithm than it says inside",
    (elements) => ({
      ...elements,
      signature: signatureAlgorithm("ec", "sha512"),
    }),
  ),
  signed("https-signature-empty", "shows a certificate with a signature of no bytes", () => new Uint8Array()),
  signed(
    "https-signature-zero",
    "shows a certificate with the ECDSA signature (0, 0), which verified in Java once",
    () => sequence(integer(0), integer(0)),
  ),
  signed("https-signature-with-rest", "shows a certificate with bytes behind its signature", (signature) =>
    concat(signature, Uint8Array.of(1, 2, 3)),
  ),
  changed("https-key-negative-modulus", "shows an RSA key whose modulus is negative", (elements) => ({
    ...elements,
    subjectPublicKeyInfo: rsaKey(integer(-(1n << 2047n) + 1n)),
  })),
  changed("https-key-even-modulus", "shows an RSA key whose modulus is even", (elements) => ({
    ...elements,
    subjectPublicKeyInfo: rsaKey(integer(1n << 2047n)),
  })),
  changed("https-key-off-curve", "shows a key on P-256 that is not a point of the curve", (elements) => ({
    ...elements,
    subjectPublicKeyInfo: ecKey(new Uint8Array(65).fill(4)),
  })),
  changed("https-key-at-infinity", "shows a key on P-256 that is the point at infinity", (elements) => ({
    ...elements,
    subjectPublicKeyInfo: ecKey(Uint8Array.of(0)),
  })),
  changed("https-key-unknown", "shows a key of an algorithm that nobody knows", (elements) => ({
    ...elements,
    subjectPublicKeyInfo: sequence(sequence(oid(strangeId), nothing), bits(new Uint8Array(64))),
  })),
  changed("https-key-empty", "shows a certificate without a key", (elements) => ({
    ...elements,
    subjectPublicKeyInfo: sequence(),
  })),
  changed("https-issuer-empty", "shows a certificate whose issuer has no name", (elements) => ({
    ...elements,
    issuer: sequence(),
  })),
  changed(
    "https-common-name-of-1000",
    "shows a certificate with a common name of 1000 characters, 936 too many",
    (elements) => ({
      ...elements,
      subject: sequence(attribute(commonNameId, 0x0c, "a".repeat(1000))),
    }),
  ),
  changed(
    "https-common-name-no-utf8",
    "shows a certificate whose common name is a UTF8String that is none",
    (elements) => ({
      ...elements,
      subject: sequence(set(sequence(oid(commonNameId), element(0x0c, Uint8Array.of(0x61, 0xff, 0xc0, 0x80))))),
    }),
  ),
  changed(
    "https-common-name-printable",
    "shows a common name with @ in it as a PrintableString, which has none",
    (elements) => ({
      ...elements,
      subject: sequence(attribute(commonNameId, 0x13, "a@fairlead.test")),
    }),
  ),
  changed(
    "https-common-name-by-padded-oid",
    "shows a common name whose object identifier is written too long",
    (elements) => ({
      ...elements,
      subject: sequence(
        set(sequence(element(0x06, Uint8Array.of(0x55, 0x04, 0x80, 0x03)), utf8String("a.fairlead.test"))),
      ),
    }),
  ),
  changed(
    "https-length-too-long",
    "shows an element whose length is written in four octets, where one would do",
    (elements) => ({
      ...elements,
      serialNumber: Uint8Array.of(0x02, 0x84, 0, 0, 0, 1, 42),
    }),
  ),
  changed("https-length-indefinite", "shows an element of indefinite length, which DER forbids", (elements) => ({
    ...elements,
    subject: concat(Uint8Array.of(0x30, 0x80), elements.subject.subarray(2), Uint8Array.of(0, 0)),
  })),
]);

/** Dates that are written from the fourteen digits of one a day ago and one in thirty days. */
function dated<const Name extends string>(
  name: Name,
  does: string,
  tag: number,
  write: (digits: string) => string,
): StreamServiceEntry<Name> {
  return changedByTime(name, does, (now) => {
    const dates = [now - 86_400_000, now + 30 * 86_400_000].map((at) => {
      const digits = new Date(at).toISOString().replace(/\D/g, "").slice(0, 14);
      return element(tag, ia5Bytes(write(digits)));
    });
    return (elements) => ({ ...elements, validity: sequence(...dates) });
  });
}

function serial(serialNumber: Der): Change {
  return (elements) => ({ ...elements, serialNumber });
}

function rsaKey(modulus: Der): Der {
  return sequence(sequence(oid("1.2.840.113549.1.1.1"), nothing), bits(sequence(modulus, integer(65_537))));
}

function ecKey(point: Uint8Array): Der {
  return sequence(sequence(oid("1.2.840.10045.2.1"), oid("1.2.840.10045.3.1.7")), bits(point));
}
