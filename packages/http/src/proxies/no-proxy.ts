import { inNetwork, parseIp, parseNetwork } from "./ip-network.ts";

/**
 * Tells whether a list such as `NO_PROXY` names a server: `*`, a name (which covers the names below it, with or without a
 * leading `.` or `*.`), an IP literal, or a network in CIDR notation, each with a port if only that is meant. Members are
 * separated by commas or white space.
 *
 * Names are compared, never resolved: a network covers IP literals only.
 */
export function isExempt(list: string, host: string, port: number): boolean {
  const name = canonical(host);
  const address = parseIp(name);
  return list
    .split(/[\s,]+/)
    .filter((member) => member !== "")
    .some((member) => {
      if (member === "*") return true;
      const network = parseNetwork(member);
      if (network !== undefined) return address !== undefined && inNetwork(address, network);
      const { pattern, onlyPort } = splitPort(member.toLowerCase());
      if (onlyPort !== undefined && onlyPort !== port) return false;
      const literal = parseIp(pattern);
      if (literal !== undefined) return address?.value === literal.value && address.bits === literal.bits;
      const base = canonical(pattern.replace(/^\*?\./, ""));
      return base !== "" && address === undefined && (name === base || name.endsWith(`.${base}`));
    });
}

function canonical(host: string): string {
  return host
    .toLowerCase()
    .replace(/^\[|\]$/g, "")
    .replace(/\.$/, "");
}

function splitPort(member: string): { readonly pattern: string; readonly onlyPort: number | undefined } {
  const [, bracketed, bracketedPort] = /^\[([^\]]*)\](?::(\d{1,5}))?$/.exec(member) ?? [];
  if (bracketed !== undefined) return { pattern: bracketed, onlyPort: toPort(bracketedPort) };
  const [, pattern, port] = /^([^:]*):(\d{1,5})$/.exec(member) ?? [];
  return { pattern: pattern ?? member, onlyPort: toPort(port) };
}

function toPort(digits: string | undefined): number | undefined {
  return digits === undefined ? undefined : Number(digits);
}
