import { createHash, generateKeyPairSync, type KeyObject, randomBytes, sign } from "node:crypto";
import type { TlsIdentity, TlsTrust } from "../contract.ts";
import { bits, der, integer, octets, oid, sequence, time } from "./write-der.ts";

/** Certificates that are made when a backend is tried, and forgotten with their keys. */
export interface ProbeCertificates {
  /** The host that they are for. */
  readonly host: string;
  readonly trust: TlsTrust;
  readonly identity: TlsIdentity;
  /** As good as `identity`, and another. */
  readonly other: TlsIdentity;
  /** An OCSP response, DER, that calls `identity` good. */
  readonly ocspResponse: Uint8Array;
}

/** Makes an authority on P-256, two certificates of it that servers and clients may show, and a response for one. */
export function probeCertificates(now = Date.now()): ProbeCertificates {
  const root = newKeys();
  const rootName = commonName("Fairlead capability probe");
  const rootCertificate = certificate({
    subject: rootName,
    keys: root,
    issuer: rootName,
    signer: root,
    isRoot: true,
    now,
  });
  const issue = (serial: Buffer): TlsIdentity => {
    const keys = newKeys();
    const leaf = certificate({ subject: commonName(host), keys, issuer: rootName, signer: root, serial, now });
    return { certificate: pem(leaf), privateKey: keys.privateKey.export({ type: "pkcs8", format: "pem" }).toString() };
  };
  const serial = newSerial();
  return {
    host,
    trust: { type: "anchors", certificates: [pem(rootCertificate)] },
    identity: issue(serial),
    other: issue(newSerial()),
    ocspResponse: goodResponse(rootName, root, serial, now),
  };
}

/** Never resolved, by RFC 6761. */
const host = "probe.invalid";
const hourMilliseconds = 3_600_000;

interface Keys {
  readonly privateKey: KeyObject;
  readonly publicKey: KeyObject;
}

interface CertificateFacts {
  readonly subject: Buffer;
  readonly keys: Keys;
  readonly issuer: Buffer;
  readonly signer: Keys;
  readonly serial?: Buffer;
  readonly isRoot?: boolean;
  readonly now: number;
}

/** RFC 5280 section 4.1. */
function certificate({ subject, keys, issuer, signer, serial, isRoot = false, now }: CertificateFacts): Buffer {
  const extensions = [
    extension(14, octets(keyIdentifier(keys))),
    extension(35, sequence(der(0x80, keyIdentifier(signer)))),
    // keyCertSign for the root, digitalSignature for the others.
    critical(15, isRoot ? bits(Buffer.of(0x04), 2) : bits(Buffer.of(0x80), 7)),
    ...(isRoot
      ? [critical(19, sequence(der(0x01, Buffer.of(0xff))))]
      : [
          extension(17, sequence(der(0x82, Buffer.from(host)))),
          // serverAuth and clientAuth
          extension(37, sequence(oid(43, 6, 1, 5, 5, 7, 3, 1), oid(43, 6, 1, 5, 5, 7, 3, 2))),
        ]),
  ];
  return signed(
    sequence(
      der(0xa0, integer(Buffer.of(2))),
      integer(serial ?? newSerial()),
      ecdsaWithSha256,
      issuer,
      sequence(time(now - hourMilliseconds), time(now + 24 * hourMilliseconds)),
      subject,
      publicKeyInfo(keys),
      der(0xa3, sequence(...extensions)),
    ),
    signer,
  );
}

/** RFC 6960 section 4.2.1. */
function goodResponse(issuer: Buffer, signer: Keys, serial: Buffer, now: number): Buffer {
  const certificateId = sequence(
    sequence(oid(43, 14, 3, 2, 26), der(0x05)),
    octets(sha1(issuer)),
    octets(keyIdentifier(signer)),
    integer(serial),
  );
  const single = sequence(
    certificateId,
    der(0x80),
    time(now - hourMilliseconds),
    der(0xa0, time(now + hourMilliseconds)),
  );
  const basic = signed(sequence(der(0xa1, issuer), time(now), sequence(single)), signer);
  const typed = sequence(oid(43, 6, 1, 5, 5, 7, 48, 1, 1), octets(basic));
  return sequence(der(0x0a, Buffer.of(0)), der(0xa0, typed));
}

const ecdsaWithSha256 = sequence(oid(42, 840, 10_045, 4, 3, 2));

function signed(content: Buffer, { privateKey }: Keys): Buffer {
  return sequence(content, ecdsaWithSha256, bits(sign("sha256", content, privateKey)));
}

function newKeys(): Keys {
  return generateKeyPairSync("ec", { namedCurve: "P-256" });
}

/** Positive, and without a leading zero. */
function newSerial(): Buffer {
  return Buffer.concat([Buffer.of(0x40), randomBytes(15)]);
}

function commonName(text: string): Buffer {
  return sequence(der(0x31, sequence(oid(85, 4, 3), der(0x0c, Buffer.from(text)))));
}

function extension(number: number, value: Buffer): Buffer {
  return sequence(oid(85, 29, number), octets(value));
}

function critical(number: number, value: Buffer): Buffer {
  return sequence(oid(85, 29, number), der(0x01, Buffer.of(0xff)), octets(value));
}

function publicKeyInfo({ publicKey }: Keys): Buffer {
  return publicKey.export({ type: "spki", format: "der" });
}

/** Of the key's bits, which for P-256 are the last 65 bytes. RFC 5280 section 4.2.1.2. */
function keyIdentifier(keys: Keys): Buffer {
  return sha1(publicKeyInfo(keys).subarray(-65));
}

/** Names a key; nothing rests on it. */
function sha1(bytes: Uint8Array): Buffer {
  return createHash("sha1").update(bytes).digest();
}

function pem(bytes: Buffer): string {
  const lines = bytes.toString("base64").match(/.{1,64}/g) ?? [];
  return ["-----BEGIN CERTIFICATE-----", ...lines, "-----END CERTIFICATE-----", ""].join("\n");
}
