import type { TransportErrorCode } from "@fairlead/core";
import { Pending, type Dialogue, type DialogueStep } from "./dialogue.ts";

/** Who wants to get where, through a SOCKS proxy. */
export interface SocksRequest {
  /** A host name, which the proxy resolves, or an IP literal without brackets, as bytes of its address. */
  readonly destination: SocksDestination;
  readonly port: number;
  readonly credentials: { readonly username: string; readonly password: string } | undefined;
}

/** Where to. RFC 1928 section 5. */
export type SocksDestination =
  | { readonly type: "ipv4" | "ipv6"; readonly address: Uint8Array }
  | { readonly type: "name"; readonly name: string };

/**
 * Speaks SOCKS 5: offers to go without credentials, and with name and password where they are given.
 *
 * @throws RangeError for a name, user name or password that is empty or has more than 255 bytes.
 * @see RFC 1928; RFC 1929
 */
export function socks5Dialogue({ destination, port, credentials }: SocksRequest): Dialogue<void> {
  const request = connectRequest(destination, port);
  const login = credentials && loginRequest(credentials);
  const methods = login === undefined ? [noAuthentication] : [noAuthentication, usernamePassword];
  const pending = new Pending(512);
  let state: "method" | "login" | "reply" = "method";

  function step(): DialogueStep<void> {
    switch (state) {
      case "method": {
        const [reply] = [pending.take(2)];
        if (reply === undefined) return needData;
        if (reply[0] !== version) return invalid("it does not speak SOCKS 5");
        return choose(reply[1]);
      }
      case "login": {
        const reply = pending.take(2);
        if (reply === undefined) return needData;
        if (reply[0] !== loginVersion) return invalid("its answer to the password has another version");
        if (reply[1] !== 0) {
          return { type: "failed", code: "PROXY_AUTHENTICATION_REQUIRED", detail: "it refused name and password" };
        }
        state = "reply";
        return { type: "send", bytes: request };
      }
      case "reply":
        return readReply(pending);
    }
  }

  function choose(method: number | undefined): DialogueStep<void> {
    if (method === noAuthentication) {
      state = "reply";
      return { type: "send", bytes: request };
    }
    if (method === usernamePassword && login !== undefined) {
      state = "login";
      return { type: "send", bytes: login };
    }
    if (method !== noneAcceptable) return invalid("it chose a method that was not offered");
    const detail = login === undefined ? "it takes nobody without" : "it takes neither none nor name and password";
    return { type: "failed", code: "PROXY_AUTHENTICATION_REQUIRED", detail };
  }

  return {
    opening: Uint8Array.of(version, methods.length, ...methods),
    receive(bytes) {
      pending.add(bytes);
      return step();
    },
  };
}

/** Bytes of a name, with their number in front. */
export function counted(text: string, what: string): Uint8Array {
  const bytes = new TextEncoder().encode(text);
  if (bytes.length === 0 || bytes.length > 255) throw new RangeError(`${what} has to have 1 to 255 bytes`);
  return Uint8Array.of(bytes.length, ...bytes);
}

function connectRequest(destination: SocksDestination, port: number): Uint8Array {
  const address =
    destination.type === "name"
      ? Uint8Array.of(addressTypes.name, ...counted(destination.name, "the host name"))
      : Uint8Array.of(addressTypes[destination.type], ...destination.address);
  return Uint8Array.of(version, connectCommand, 0, ...address, port >> 8, port & 0xff);
}

function loginRequest({ username, password }: { readonly username: string; readonly password: string }): Uint8Array {
  return Uint8Array.of(loginVersion, ...counted(username, "the user name"), ...counted(password, "the password"));
}

/** RFC 1928 section 6. Where the proxy connected from is of no use. */
function readReply(pending: Pending): DialogueStep<void> {
  const { bytes } = pending;
  const [replyVersion, reply = 0, , type, firstByte] = bytes;
  if (replyVersion !== undefined && replyVersion !== version) return invalid("its reply has another version");
  if (bytes.length < 2) return needData;
  if (reply !== 0) {
    const [code, detail] = replies.get(reply) ?? ["PROXY_REFUSED", `reply ${String(reply)}`];
    return { type: "failed", code, detail };
  }
  if (firstByte === undefined) return needData;
  const addressLength =
    type === addressTypes.ipv4 ? 4 : type === addressTypes.ipv6 ? 16 : type === addressTypes.name ? firstByte + 1 : 0;
  if (addressLength === 0) return invalid("its reply has an unknown type of address");
  if (pending.take(4 + addressLength + 2) === undefined) return needData;
  return { type: "done", answer: undefined, rest: pending.bytes };
}

const needData = { type: "need-data" } as const;

function invalid(detail: string): DialogueStep<never> {
  return { type: "failed", code: "PROXY_ANSWER_INVALID", detail };
}

const version = 5;
const loginVersion = 1;
const noAuthentication = 0;
const usernamePassword = 2;
const noneAcceptable = 0xff;
const connectCommand = 1;
const addressTypes = { ipv4: 1, name: 3, ipv6: 4 } as const;

/** RFC 1928 section 6 */
const replies: ReadonlyMap<number, readonly [TransportErrorCode, string]> = new Map([
  [1, ["PROXY_REFUSED", "general failure"]],
  [2, ["PROXY_REFUSED", "not allowed by its rules"]],
  [3, ["NETWORK_UNREACHABLE", "as the proxy says"]],
  [4, ["HOST_UNREACHABLE", "as the proxy says"]],
  [5, ["CONNECTION_REFUSED", "as the proxy says"]],
  [6, ["CONNECTION_TIMED_OUT", "as the proxy says: TTL expired"]],
  [7, ["PROXY_REFUSED", "it does not know CONNECT"]],
  [8, ["PROXY_REFUSED", "it does not know this type of address"]],
]);
