import type { Authorities } from "../../authority/authorities.ts";
import { mintAuthority } from "../../authority/authority.ts";
import { type Issuer, randomSerialNumber } from "../../authority/issue.ts";
import { fromPem } from "../../authority/pem.ts";
import { nothing } from "../../authority/protocol/der.ts";
import { extendedKeyUsage, extension } from "../../authority/protocol/extensions.ts";
import { type CertificateStatus, wrongNonce, writeRefusal } from "../../authority/protocol/ocsp.ts";
import { type CertificateInQuestion, mintOcspResponse, type OcspResponseOptions } from "../../authority/revocation.ts";

const hour = 3_600_000;

/** What is asked of a responder of the network's intermediate. */
export interface OcspQuestion {
  readonly authorities: Authorities;
  /** Milliseconds since the epoch. */
  readonly now: number;
  /** With what is the case. */
  readonly about: readonly CertificateInQuestion[];
  readonly nonce?: Uint8Array | undefined;
}

/** A way to answer, right or wrong. The bytes are an OCSPResponse, or pretend to be one. */
export type OcspAnswer = (question: OcspQuestion) => Uint8Array | Promise<Uint8Array>;

/** Ways to answer, by the path at which the responder answers so. */
export const ocspAnswers = {
  /** What is the case. */
  "": (question) => answer(question),
  good: (question) => answer(question, saying(question, { type: "good" })),
  revoked: (question) =>
    answer(question, saying(question, { type: "revoked", revokedAt: question.now - 24 * hour, reason: 1 })),
  unknown: (question) => answer(question, saying(question, { type: "unknown" })),
  expired: (question) => answer(question, update(question, -48, -24)),
  "not-yet-valid": (question) => answer(question, update(question, 24, 48)),
  /** About another certificate than the one in question. */
  "wrong-serial": (question) => answer(question, { about: [{ certificate: randomSerialNumber() }] }),
  /** The signature is one byte off. */
  "wrong-signature": (question) => answer({ ...question, authorities: careless(question.authorities) }),
  /** Signed by an authority that has nothing to do with the certificate. */
  stranger: (question) => {
    const { other } = question.authorities;
    return answer(question, { responder: { ...other, certificates: fromPem(other.certificate) } });
  },
  /** Signed by one to whom the issuer has given that right. RFC 6960 section 4.2.2.2. */
  delegated: async (question) => answer(question, { responder: await delegate(question, ["ocspSigning"]) }),
  /** Signed by the holder of an ordinary certificate of the issuer. */
  "delegated-without-usage": async (question) => answer(question, { responder: await delegate(question, ["server"]) }),
  "delegated-expired": async (question) =>
    answer(question, { responder: await delegate(question, ["ocspSigning"], question.now - 24 * hour) }),
  "nonce-ignored": (question) => answer(question, { nonce: undefined }),
  "nonce-wrong": (question) => answer(question, { nonce: wrongNonce() }),
  "try-later": () => writeRefusal("tryLater"),
  unauthorized: () => writeRefusal("unauthorized"),
  "internal-error": () => writeRefusal("internalError"),
  "malformed-request": () => writeRefusal("malformedRequest"),
  "signature-required": () => writeRefusal("signatureRequired"),
  /** Ends in the middle. */
  malformed: (question) => answer(question).subarray(0, 40),
  empty: () => new Uint8Array(),
} as const satisfies Readonly<Record<string, OcspAnswer>>;

/** The name of a way to answer. */
export type OcspAnswerName = keyof typeof ocspAnswers;

function answer(question: OcspQuestion, changes: Partial<OcspResponseOptions> = {}): Uint8Array {
  const { authorities, now, about, nonce } = question;
  return mintOcspResponse({ issuer: authorities.intermediate, now, about, nonce, ...changes });
}

function saying({ about }: OcspQuestion, status: CertificateStatus): Partial<OcspResponseOptions> {
  return { about: about.map(({ certificate }) => ({ certificate, status })) };
}

function update({ now }: OcspQuestion, from: number, to: number): Partial<OcspResponseOptions> {
  return { thisUpdate: now + from * hour, nextUpdate: now + to * hour };
}

function careless(authorities: Authorities): Authorities {
  const { intermediate } = authorities;
  const sign: Issuer["sign"] = (bytes, hash) => intermediate.sign(bytes.subarray(1), hash);
  return { ...authorities, intermediate: { ...intermediate, sign } };
}

async function delegate(
  { authorities: { intermediate }, now }: OcspQuestion,
  purposes: Parameters<typeof extendedKeyUsage>[0],
  notAfter = now + 24 * hour,
): Promise<NonNullable<OcspResponseOptions["responder"]>> {
  const responder = await mintAuthority({
    ...{ issuer: intermediate, commonName: "Fairlead Test Responder", isAuthority: false },
    keyUsage: ["digitalSignature"],
    notBefore: new Date(now - 48 * hour),
    notAfter: new Date(notAfter),
    // Nobody is to ask whether the responder's own certificate is revoked: RFC 6960 section 4.2.2.2.1.
    change: (elements) => ({
      ...elements,
      extensions: [...elements.extensions, extendedKeyUsage(purposes), extension("1.3.6.1.5.5.7.48.1.5", nothing)],
    }),
  });
  return { ...responder, certificates: fromPem(responder.certificate) };
}
