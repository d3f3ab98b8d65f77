/** What is to become of fields that only proxies should write. */
export interface SiftRule {
  /** Which of those about the client stay: all, none, or one spelling. */
  readonly forwarded: "keep" | "remove" | "forwarded" | "x-forwarded";
  /** Whether Client-Cert and Client-Cert-Chain are believed. */
  readonly clientCertificates: boolean;
}

/** A request's fields without those that are not believed, and the lines of those that are. */
export interface Sifted {
  /** The same array where nothing is removed. */
  readonly fields: readonly string[];
  readonly forwarded: readonly string[];
  readonly xFor: readonly string[];
  readonly xProto: readonly string[];
  readonly xHost: readonly string[];
  readonly certificate: readonly string[];
  readonly chain: readonly string[];
}

/**
 * Sifts a request's fields. Some that follow take an underscore for a hyphen, so that what is written so is removed with
 * the rest.
 *
 * @param fields names in lower case and values in turn.
 */
export function siftFields(fields: readonly string[], rule: SiftRule): Sifted {
  let kept: string[] | undefined;
  let lines: Record<LineName, string[]> | undefined;
  for (let index = 0; index < fields.length; index += 2) {
    const name = fields[index] ?? "";
    const value = fields[index + 1] ?? "";
    const group = groupOf(name);
    const isKept = group === undefined || isBelieved(group, name, rule);
    if (!isKept) kept ??= fields.slice(0, index);
    else kept?.push(name, value);
    const line = group === undefined || !isKept ? undefined : lineNames.get(name);
    if (line !== undefined) (lines ??= noLines())[line].push(value);
  }
  return { fields: kept ?? fields, ...(lines ?? nothing) };
}

/** Whether there is anything to sift: most requests have none of these. */
export function hasProxyFields(fields: readonly string[]): boolean {
  for (let index = 0; index < fields.length; index += 2) if (groupOf(fields[index] ?? "") !== undefined) return true;
  return false;
}

type Group = "forwarded" | "x-forwarded" | "client-cert";
type LineName = Exclude<keyof Sifted, "fields">;

/** Looks at few characters of most names. */
function groupOf(name: string): Group | undefined {
  switch (name.charCodeAt(0)) {
    case 99: // c
      return /^client[-_]cert(?:[-_]chain)?$/.test(name) ? "client-cert" : undefined;
    case 102: // f
      return name === "forwarded" ? "forwarded" : undefined;
    case 120: // x
      return /^x[-_](?:forwarded[-_](?:by|for|host|port|prefix|proto|server|ssl)|real[-_]ip)$/.test(name)
        ? "x-forwarded"
        : undefined;
    default:
      return undefined;
  }
}

function isBelieved(group: Group, name: string, { forwarded, clientCertificates }: SiftRule): boolean {
  if (group !== "client-cert" && forwarded === "keep") return true;
  return !name.includes("_") && (group === "client-cert" ? clientCertificates : forwarded === group);
}

const lineNames: ReadonlyMap<string, LineName> = new Map<string, LineName>([
  ["forwarded", "forwarded"],
  ["x-forwarded-for", "xFor"],
  ["x-forwarded-proto", "xProto"],
  ["x-forwarded-host", "xHost"],
  ["client-cert", "certificate"],
  ["client-cert-chain", "chain"],
]);

function noLines(): Record<LineName, string[]> {
  return { forwarded: [], xFor: [], xProto: [], xHost: [], certificate: [], chain: [] };
}

const nothing: Readonly<Record<LineName, readonly string[]>> = noLines();
