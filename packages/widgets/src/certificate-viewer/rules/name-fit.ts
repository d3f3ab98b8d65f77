import { readAlternativeName } from "./alternative-name.ts";

/**
 * Whether one of the names is that of the host, by name or by a wildcard for its first label. It marks what is shown; the
 * verdict is that of verification. RFC 9525 section 6.3.
 *
 * @param host as it stands in a URL; an IPv6 address with or without its brackets.
 */
export function fitsHost(names: readonly string[], host: string): boolean {
  const wanted = host.toLowerCase().replace(/^\[|\]$|\.$/g, "");
  const parent = wanted.slice(wanted.indexOf(".") + 1);
  return names.some((name) => {
    const { kind, value } = readAlternativeName(name);
    const named = value.toLowerCase();
    if (kind === "IP") return named === wanted;
    return kind === "DNS" && (named === wanted || (parent !== wanted && named === `*.${parent}`));
  });
}
