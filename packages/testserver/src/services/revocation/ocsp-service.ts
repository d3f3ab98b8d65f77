import { Buffer } from "node:buffer";
import {
  type CertificateStatus,
  type OcspRequest,
  readOcspRequest,
  writeRefusal,
} from "../../authority/protocol/ocsp.ts";
import type { NetworkContext } from "../network-context.ts";
import type { ServiceSelf, StreamDriver } from "../service-entry.ts";
import { type Answer, type Asked, missing, openAnswering } from "./answering.ts";
import { ocspAnswers, type OcspQuestion } from "./ocsp-answers.ts";

const mediaType = "application/ocsp-response";

/** Ways to answer that are not about what is said. */
const otherAnswers = {
  silent: () => ({ type: "silence" }),
  slow: (question) => ({ type: "late", answer: file(ocspAnswers.good(question)) }),
  html: () => ({ type: "file", mediaType: "text/html", bytes: "<p>Please log in.\n" }),
  huge: () => ({ type: "flood", mediaType }),
} as const satisfies Readonly<Record<string, (question: OcspQuestion) => Answer | Promise<Answer>>>;

/** Answers questions about certificates of the network's intermediate, by POST and by GET. RFC 6960 appendix A. */
export function openOcsp(network: NetworkContext, self: ServiceSelf): StreamDriver {
  return openAnswering(network, self, async (asked) => {
    const [, name = "", encoded] = /^\/([a-z-]*)\/?(.*)$/s.exec(asked.path) ?? [];
    const request = readRequest(asked, encoded ?? "");
    if (request === undefined) return file(writeRefusal("malformedRequest"));
    const { authorities, clock } = network;
    const about = request.questions.map(({ certificateId, serialNumber }) => ({
      certificate: certificateId,
      status: statusOf(authorities.revocations.find(serialNumber)),
    }));
    const question = { authorities, now: clock.now(), about, nonce: request.nonce };
    if (Object.hasOwn(otherAnswers, name)) return otherAnswers[name as keyof typeof otherAnswers](question);
    if (!Object.hasOwn(ocspAnswers, name)) return missing;
    return file(await ocspAnswers[name as keyof typeof ocspAnswers](question));
  });
}

function statusOf(revokedAt: number | undefined): CertificateStatus {
  return revokedAt === undefined ? { type: "good" } : { type: "revoked", revokedAt };
}

function readRequest({ body }: Asked, encoded: string): OcspRequest | undefined {
  if (body.length > 0) return readOcspRequest(body);
  try {
    return readOcspRequest(Buffer.from(decodeURIComponent(encoded), "base64"));
  } catch {
    return undefined;
  }
}

function file(bytes: Uint8Array): Answer {
  return { type: "file", mediaType, bytes };
}
