/** The kinds of names that a certificate may hold. RFC 5280 section 4.2.1.6. */
export type NameKind = "DNS" | "IP" | "mail" | "URI" | "directory" | "other";

/** A subject alternative name. */
export interface AlternativeName {
  readonly kind: NameKind;
  readonly value: string;
}

/** Takes the kind off a name, `DNS:a.test`. What has none that is known is `other`, whole. */
export function readAlternativeName(text: string): AlternativeName {
  const colon = text.indexOf(":");
  const kind = kinds.find((each) => each === text.slice(0, colon));
  return kind === undefined ? { kind: "other", value: text } : { kind, value: text.slice(colon + 1) };
}

const kinds: readonly NameKind[] = ["DNS", "IP", "mail", "URI", "directory", "other"];
