import { parseItem } from "../structured-fields/item.ts";
import { parseList } from "../structured-fields/list.ts";

/** The client's certificate and those above it. */
export interface ClientCertFields {
  /** DER. */
  readonly certificate: Uint8Array;
  /** DER, from its issuer on, in order; the anchor may be left out, and all of them where the proxy does not send them. */
  readonly chain: readonly Uint8Array[];
}

/**
 * Reads what a proxy says of the client's certificate. It means nothing unless it is known that the proxy said it: whoever
 * does not take its word removes the fields.
 *
 * @param lines the values of the lines of Client-Cert, and of Client-Cert-Chain, in order.
 * @returns `undefined` where there is none, or anything of it is malformed: half an identity is none.
 * @see RFC 9440 sections 2.2 and 2.3
 */
export function readClientCert(lines: readonly string[], chainLines: readonly string[]): ClientCertFields | undefined {
  const [line, ...more] = lines;
  // More than one is malformed, and perhaps of somebody else: section 4.
  const certificate = line === undefined || more.length > 0 ? undefined : parseItem(line);
  const chain = parseList(chainLines.join(", "))?.map((item) => item.type === "byte-sequence" && item.value);
  if (certificate?.type !== "byte-sequence" || !chain?.every((item) => item !== false)) {
    return undefined;
  }
  return { certificate: certificate.value, chain };
}

/**
 * Formats what a proxy says of a client whose certificate it verified, as flat fields.
 *
 * @see RFC 9440 sections 2.2 and 2.3
 */
export function formatClientCert({ certificate, chain }: ClientCertFields): readonly string[] {
  const fields = ["client-cert", byteSequence(certificate)];
  return chain.length === 0 ? fields : [...fields, "client-cert-chain", chain.map(byteSequence).join(", ")];
}

/** RFC 9651 section 4.1.8 */
function byteSequence(bytes: Uint8Array): string {
  let binary = "";
  for (const byte of bytes) binary += String.fromCharCode(byte);
  return `:${btoa(binary)}:`;
}
