import { Pending, type Dialogue } from "./dialogue.ts";
import type { SocksRequest } from "./socks5.ts";

/**
 * Speaks SOCKS 4, with the name for the proxy to resolve (4a). There is no password: of the credentials the user name is
 * sent.
 *
 * @throws RangeError for an IPv6 address, or a name or user name with a zero byte or more than 255 bytes.
 * @see Ying-Da Lee, "SOCKS: A protocol for TCP proxy across firewalls" and "SOCKS 4A"
 */
export function socks4aDialogue({ destination, port, credentials }: SocksRequest): Dialogue<void> {
  if (destination.type === "ipv6") throw new RangeError("SOCKS 4 cannot carry an IPv6 address");
  const pending = new Pending(8);
  // An address that begins with three zeros, and not with a fourth, says that a name follows.
  const address = destination.type === "name" ? [0, 0, 0, 1] : destination.address;
  const name = destination.type === "name" ? terminated(destination.name, "the host name") : [];
  const user = terminated(credentials?.username ?? "", "the user name");
  return {
    opening: Uint8Array.of(4, 1, port >> 8, port & 0xff, ...address, ...user, ...name),
    receive(bytes) {
      pending.add(bytes);
      const reply = pending.take(8);
      if (reply === undefined) return { type: "need-data" };
      const [version, code = 0] = reply;
      if (version !== 0) return { type: "failed", code: "PROXY_ANSWER_INVALID", detail: "it does not speak SOCKS 4" };
      if (code === granted) return { type: "done", answer: undefined, rest: pending.bytes };
      if (code === 92 || code === 93) {
        return { type: "failed", code: "PROXY_AUTHENTICATION_REQUIRED", detail: "it does not believe the user name" };
      }
      return { type: "failed", code: "PROXY_REFUSED", detail: `reply ${String(code)}` };
    },
  };
}

const granted = 90;

function terminated(text: string, what: string): readonly number[] {
  const bytes = new TextEncoder().encode(text);
  if (bytes.length > 255 || bytes.includes(0)) throw new RangeError(`${what} has a zero byte or more than 255 bytes`);
  return [...bytes, 0];
}
