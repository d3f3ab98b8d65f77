import type { X509Certificate } from "node:crypto";

/**
 * Lists the names that the certificate is for, for an error message: printable ASCII, and of long lists the beginning.
 * What a certificate says is the peer's text: it is escaped, so that it cannot forge a line in a log.
 */
export function describeCertificateNames(certificate: Pick<X509Certificate, "subjectAltName">): string {
  const names = splitNames(certificate.subjectAltName ?? "");
  if (names.length === 0) return "it lists no names";
  const shown = names.slice(0, maxNames).map(printable).join(", ");
  return names.length > maxNames
    ? `it lists ${shown} and ${String(names.length - maxNames)} more`
    : `it lists ${shown}`;
}

const maxNames = 8;
const maxNameLength = 100;

/** Splits Node's `DNS:a, IP Address:b, DNS:"c, d"`; a value with special characters is quoted as in JSON. */
function splitNames(text: string): readonly string[] {
  return text.match(/(?:[^,"]|"(?:[^"\\]|\\.)*")+/g)?.map((name) => name.trim()) ?? [];
}

function printable(text: string): string {
  const escaped = text
    .replace(/^IP Address:/, "IP:")
    .replace(/[^\x20-\x7e]/gu, (character) => `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`);
  return escaped.length > maxNameLength ? `${escaped.slice(0, maxNameLength)}…` : escaped;
}
