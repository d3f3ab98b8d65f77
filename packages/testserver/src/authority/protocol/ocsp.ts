import { type Der, element, explicit, generalizedTime, implicit, octets, oid, sequence } from "./der.ts";
import { readElements, readInside } from "./read-der.ts";

/** What a responder says of a certificate. RFC 6960 section 2.2. */
export type CertificateStatus =
  | { readonly type: "good" }
  /** Milliseconds since the epoch; `reason` is a CRLReason, RFC 5280 section 5.3.1: 1 is a compromised key. */
  | { readonly type: "revoked"; readonly revokedAt: number; readonly reason?: number }
  | { readonly type: "unknown" };

/** What a responder says of one certificate, and for how long. */
export interface SingleResponse {
  /** CertID, DER: as it was asked, or made by the issuer. */
  readonly certificateId: Uint8Array;
  readonly status: CertificateStatus;
  /** Milliseconds since the epoch. */
  readonly thisUpdate: number;
  readonly nextUpdate: number;
}

/** A request as far as it is understood: signatures, names of requestors and further extensions are passed over. */
export interface OcspRequest {
  readonly questions: readonly { readonly certificateId: Uint8Array; readonly serialNumber: bigint }[];
  /** The extension that keeps answers from being replayed, DER. RFC 9654. */
  readonly nonce: Uint8Array | undefined;
}

/** Answers that say why there is none. RFC 6960 section 4.2.1. */
export const refusals = {
  malformedRequest: 1,
  internalError: 2,
  tryLater: 3,
  signatureRequired: 5,
  unauthorized: 6,
} as const;

/** Why a responder does not answer. */
export type OcspRefusal = keyof typeof refusals;

const questionLimit = 100;
const nonceId = "1.3.6.1.5.5.7.48.1.2";

/** Reads OCSPRequest; `undefined` where the bytes are none, ask nothing, or ask too much. RFC 6960 section 4.1.1. */
export function readOcspRequest(bytes: Uint8Array): OcspRequest | undefined {
  const toBeSigned = readInside(bytes, 0x30)?.[0];
  const parts = toBeSigned?.tag === 0x30 ? readElements(toBeSigned.content) : undefined;
  const list = parts?.find(({ tag }) => tag === 0x30);
  const requests = list === undefined ? undefined : readElements(list.content);
  if (requests === undefined || requests.length === 0 || requests.length > questionLimit) return undefined;
  const questions: { certificateId: Uint8Array; serialNumber: bigint }[] = [];
  for (const request of requests) {
    const certificateId = readElements(request.content)?.[0];
    const serial = certificateId === undefined ? undefined : readElements(certificateId.content)?.[3];
    if (request.tag !== 0x30 || certificateId?.tag !== 0x30 || serial?.tag !== 0x02) return undefined;
    if (serial.content.length === 0 || serial.content.length > 64) return undefined;
    questions.push({ certificateId: certificateId.whole, serialNumber: unsigned(serial.content) });
  }
  const extensions = parts?.find(({ tag }) => tag === 0xa2);
  const wanted = oid(nonceId).join();
  const nonce = (extensions === undefined ? undefined : readInside(extensions.content, 0x30))?.find(
    ({ content }) => readElements(content)?.[0]?.whole.join() === wanted,
  );
  return { questions, nonce: nonce?.whole };
}

/** ResponseData. RFC 6960 section 4.2.1. */
export function writeResponseData(
  responderKeyIdentifier: Uint8Array,
  producedAt: number,
  responses: readonly SingleResponse[],
  nonce?: Uint8Array,
): Der {
  return sequence(
    explicit(2, octets(responderKeyIdentifier)),
    generalizedTime(producedAt),
    sequence(...responses.map(writeSingleResponse)),
    ...(nonce === undefined ? [] : [explicit(1, sequence(nonce))]),
  );
}

/** OCSPResponse around a BasicOCSPResponse. */
export function writeOcspResponse(basic: Uint8Array): Der {
  return sequence(enumerated(0), explicit(0, sequence(oid("1.3.6.1.5.5.7.48.1.1"), octets(basic))));
}

/** OCSPResponse that is none. */
export function writeRefusal(refusal: OcspRefusal): Der {
  return sequence(enumerated(refusals[refusal]));
}

/** CertID. RFC 6960 section 4.1.1. */
export function writeCertificateId(
  hashAlgorithm: Uint8Array,
  issuerNameHash: Uint8Array,
  issuerKeyHash: Uint8Array,
  serialNumber: Uint8Array,
): Der {
  return sequence(hashAlgorithm, octets(issuerNameHash), octets(issuerKeyHash), serialNumber);
}

/** An extension that repeats nobody's nonce. */
export function wrongNonce(): Der {
  return sequence(oid(nonceId), octets(octets(new Uint8Array(16))));
}

function writeSingleResponse({ certificateId, status, thisUpdate, nextUpdate }: SingleResponse): Der {
  return sequence(
    ...[certificateId, writeStatus(status), generalizedTime(thisUpdate)],
    explicit(0, generalizedTime(nextUpdate)),
  );
}

function writeStatus(status: CertificateStatus): Der {
  switch (status.type) {
    case "good":
      return implicit(0);
    case "revoked":
      return explicit(
        1,
        generalizedTime(status.revokedAt),
        ...(status.reason === undefined ? [] : [explicit(0, enumerated(status.reason))]),
      );
    case "unknown":
      return implicit(2);
  }
}

function enumerated(value: number): Der {
  return element(0x0a, Uint8Array.of(value));
}

function unsigned(bytes: Uint8Array): bigint {
  return bytes.reduce((sum, byte) => (sum << 8n) | BigInt(byte), 0n);
}
