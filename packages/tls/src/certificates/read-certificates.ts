import { UsageError } from "@fairlead/core";
import { parseCertificate } from "./path/verify-path.ts";
import { contextTag, DerFields, derTag, MalformedDer, readOid } from "./path/protocol/der-node.ts";
import { readBer } from "./path/read-ber.ts";

/**
 * Reads the certificates of a file, whatever form it has: PEM (certificates and PKCS #7, text between the blocks is
 * skipped), one certificate in DER, or PKCS #7 with certificates only (`.p7b`, `.p7c`). In their order, as DER; what is in
 * a block but no certificate is refused.
 *
 * @throws UsageError OPTION_INVALID when there is none, or one that cannot be read.
 * @see RFC 7468; RFC 5652 section 5.1; for PKCS #12 see `readPkcs12`
 */
export function readCertificates(file: Uint8Array | string): readonly Uint8Array[] {
  const bytes = typeof file === "string" ? Buffer.from(file, "latin1") : file;
  const found = isPem(bytes) ? readPem(bytes) : readOne(bytes);
  if (found.length > 0) return found;
  throw unreadable("there is no certificate in it");
}

function isPem(bytes: Uint8Array): boolean {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).includes("-----BEGIN ");
}

function readPem(bytes: Uint8Array): readonly Uint8Array[] {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString("latin1");
  const blocks = text.matchAll(/-----BEGIN ([A-Z0-9 ]+)-----([^-]*)-----END \1-----/g);
  return Array.from(blocks, ([, label = "", body = ""]) => {
    return labels.has(label) ? readOne(Buffer.from(body, "base64")) : [];
  }).flat();
}

const labels: ReadonlySet<string> = new Set(["CERTIFICATE", "X509 CERTIFICATE", "PKCS7", "CMS"]);

function readOne(bytes: Uint8Array): readonly Uint8Array[] {
  if (parseCertificate(bytes) !== undefined) return [bytes];
  const certificates = readSignedData(bytes);
  if (certificates?.every((each) => parseCertificate(each) !== undefined) === true) return certificates;
  throw unreadable("it is neither a certificate nor PKCS #7");
}

/** The certificates of a SignedData; nobody needs to have signed anything. */
function readSignedData(bytes: Uint8Array): readonly Uint8Array[] | undefined {
  try {
    const outer = new DerFields(readBer(bytes));
    if (readOid(outer.any()) !== signedData) return undefined;
    const fields = new DerFields(new DerFields(outer.any(), explicit).any());
    fields.take(derTag.integer);
    fields.take(derTag.set);
    fields.take(derTag.sequence);
    const certificates = fields.optional(explicit);
    return certificates?.children.filter(({ tag }) => tag === derTag.sequence).map(({ raw }) => raw) ?? [];
  } catch (error) {
    if (error instanceof MalformedDer) return undefined;
    throw error;
  }
}

const signedData = "1.2.840.113549.1.7.2";
const explicit = contextTag(0, "constructed");

function unreadable(detail: string): UsageError {
  return new UsageError("OPTION_INVALID", { detail, remedy: "give certificates as PEM, DER or PKCS #7" });
}
