import { readAlternativeName } from "./alternative-name.ts";
import type { ShownCertificate } from "../shown-certificate.ts";
import { subjectTitle } from "./subject-title.ts";

/** Certificates as a file. */
export interface PemFile {
  readonly fileName: string;
  readonly text: string;
}

/**
 * Writes certificates as one PEM file, named after the first one.
 *
 * @returns `undefined` where one of them has no PEM.
 */
export function pemFile(certificates: readonly ShownCertificate[]): PemFile | undefined {
  const [first] = certificates;
  const blocks = certificates.map(({ pem }) => pem?.trim());
  if (first === undefined || blocks.some((block) => block === undefined || block === "")) return undefined;
  const suffix = certificates.length > 1 ? "-chain" : "";
  return { fileName: `${safeFileName(nameOf(first))}${suffix}.pem`, text: `${blocks.join("\n")}\n` };
}

/**
 * The part of a name that any file system takes: ASCII letters, digits, `-` and inner dots, 64 characters at most. A name
 * that means a device on Windows is not left alone.
 */
export function safeFileName(name: string): string {
  const safe = name
    .slice(0, 256)
    .replace(/[^A-Za-z\d.-]+/g, "-")
    .slice(0, 64)
    .replace(/\.{2,}/g, ".")
    .replace(/^[-.]+|[-.]+$/g, "");
  if (safe === "") return "certificate";
  return /^(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|$)/i.test(safe) ? `certificate-${safe}` : safe;
}

function nameOf({ names, subject }: ShownCertificate): string {
  const name = names.map(readAlternativeName).find(({ kind }) => kind === "DNS" || kind === "IP");
  return (name?.value ?? subjectTitle(subject)).replace(/^\*\./, "wildcard.");
}
