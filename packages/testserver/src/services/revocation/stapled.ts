import { goodNames } from "../../authority/authorities.ts";
import { mintCertificate } from "../../authority/authority.ts";
import { randomSerialNumber } from "../../authority/issue.ts";
import { serviceFamily, type StreamServiceEntry } from "../service-entry.ts";
import { httpsService } from "../tls/https-service.ts";
import { type OcspAnswerName, ocspAnswers } from "./ocsp-answers.ts";

/** Certificates with an OCSP response in the handshake. RFC 6066 section 8, RFC 7633. */
export const staplingServices = serviceFamily("stapling", "staple an OCSP response, or should", [
  stapled("good", "staples a good OCSP response"),
  stapled("revoked", "staples an OCSP response that says revoked"),
  stapled("unknown", "staples an OCSP response that knows nothing of the certificate"),
  stapled("expired", "staples an OCSP response that expired yesterday"),
  stapled("not-yet-valid", "staples an OCSP response from tomorrow"),
  stapled("wrong-serial", "staples an OCSP response about another certificate"),
  stapled("wrong-signature", "staples an OCSP response whose signature is wrong"),
  stapled("stranger", "staples an OCSP response that is signed by an authority nobody trusts"),
  stapled("delegated", "staples an OCSP response that is signed by a responder of the issuer's choice"),
  stapled("delegated-without-usage", "staples an OCSP response signed by the holder of an ordinary certificate"),
  stapled("delegated-expired", "staples an OCSP response signed by a responder whose certificate expired yesterday"),
  stapled("try-later", "staples an OCSP response that says: try later"),
  stapled("malformed", "staples an OCSP response that ends in the middle"),
  mustStaple("https-must-staple", "shows a certificate that must be stapled, with a good staple", "good"),
  mustStaple(
    "https-must-staple-revoked",
    "shows a certificate that must be stapled, with a staple that says revoked",
    "revoked",
  ),
  mustStaple(
    "https-must-staple-expired",
    "shows a certificate that must be stapled, with a staple that expired yesterday",
    "expired",
  ),
  mustStaple("https-must-staple-missing", "shows a certificate that must be stapled, without a staple"),
]);

function stapled<const Answer extends OcspAnswerName>(
  answer: Answer,
  does: string,
): StreamServiceEntry<`https-stapled-${Answer}`> {
  return showing(`https-stapled-${answer}`, does, { answer, mustStaple: false });
}

function mustStaple<const Name extends string>(
  name: Name,
  does: string,
  answer?: OcspAnswerName,
): StreamServiceEntry<Name> {
  return showing(name, does, { answer, mustStaple: true });
}

function showing<const Name extends string>(
  name: Name,
  does: string,
  terms: { readonly answer: OcspAnswerName | undefined; readonly mustStaple: boolean },
): StreamServiceEntry<Name> {
  return httpsService({
    ...{ name, does },
    example: "openssl s_client -connect {host}:{port} -CAfile {ca} -status",
    mint: async (authorities, now) => {
      const serialNumber = randomSerialNumber();
      const { intermediate: issuer } = authorities;
      const identity = await mintCertificate({
        issuer,
        names: goodNames,
        now,
        serialNumber,
        mustStaple: terms.mustStaple,
      });
      if (terms.answer === undefined) return identity;
      const question = { authorities, now, about: [{ certificate: serialNumber }] };
      return { ...identity, staple: await ocspAnswers[terms.answer](question) };
    },
  });
}
