import type { Conversation } from "../conversation.ts";
import { converse } from "../conversation.ts";
import { firstBytes } from "../proxies/tunnel.ts";
import { serviceFamily, type StreamServiceEntry } from "../service-entry.ts";
import { formatSocks4, formatSocks5, replies } from "./protocol/messages.ts";
import { refuse4, serveSocks4, type Socks4Terms } from "./socks4.ts";
import { nowhere, refuse, serveSocks5, type Socks5Terms, tunnel } from "./socks5.ts";

const succeeded = formatSocks5([5, replies.succeeded, 0], nowhere);

/** SOCKS proxies, right and wrong. They go to names of the network and to loopback, and nowhere else. */
export const socksServices = serviceFamily("socks", "speak SOCKS, as they should and as they should not", [
  socks5("socks5", "speaks SOCKS 5 without credentials: CONNECT, and UDP ASSOCIATE", {}),
  socks5("socks5-password", "speaks SOCKS 5 with name and password (RFC 1929): user, secret", {
    asksForPassword: true,
  }),
  socks4("socks4", "speaks SOCKS 4 and 4a", {}),
  socks4("socks4-no-names", "speaks SOCKS 4 without the names of 4a", { addressesOnly: true }),
  socks5("socks5-no-method", "finds no method acceptable", { greet: saying([5, 0xff]) }),
  socks5("socks5-other-method", "chooses GSSAPI, whatever was offered", { greet: saying([5, 1]) }),
  socks5("socks5-version-4", "answers the greeting in version 4", { greet: saying([4, 0]) }),
  socks5("socks5-http", "answers the greeting in HTTP, as a web server does", {
    greet: saying("HTTP/1.1 400 Bad Request\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"),
  }),
  socks5("socks5-wrong-password", "takes no name and password for right", {
    asksForPassword: true,
    login: saying([1, 1]),
  }),
  socks5("socks5-login-version", "answers name and password in version 9, which does not exist", {
    asksForPassword: true,
    login: saying([9, 0]),
  }),
  replying("socks5-reply-1", "replies that it failed, and not why", 1),
  replying("socks5-reply-2", "replies that its rules do not allow it", 2),
  replying("socks5-reply-3", "replies that the network cannot be reached", 3),
  replying("socks5-reply-4", "replies that the host cannot be reached", 4),
  replying("socks5-reply-5", "replies that the connection was refused", 5),
  replying("socks5-reply-6", "replies that the time to live was used up", 6),
  replying("socks5-reply-7", "replies that it does not know the command", 7),
  replying("socks5-reply-8", "replies that it does not know the type of address", 8),
  replying("socks5-reply-99", "replies with a code that nobody assigned", 99),
  socks5("socks5-reply-version", "replies in version 4", { answer: saying([4, 0, 0, 1, 0, 0, 0, 0, 0, 0]) }),
  socks5("socks5-address-type", "replies with a type of address that does not exist", {
    answer: saying([5, 0, 0, 9, 0, 0, 0, 0, 0, 0]),
  }),
  socks5("socks5-bound-name", "opens a tunnel, and names where it is bound by 255 characters", {
    succeed: (conversation) =>
      conversation.say(formatSocks5([5, replies.succeeded, 0], { host: "a".repeat(255), port: 1 })),
  }),
  socks5("socks5-bound-ipv6", "opens a tunnel, and names where it is bound by an address of IPv6", {
    succeed: (conversation) =>
      conversation.say(formatSocks5([5, replies.succeeded, 0], { host: "2001:db8::1", port: 1 })),
  }),
  socks5("socks5-coalesced", "waits for a target that speaks first, and sends its words in one piece with the reply", {
    succeed: async (conversation, server) => {
      const greeting = await firstBytes(server);
      await conversation.say(Buffer.concat([succeeded, greeting]));
    },
  }),
  socks5("socks5-wrong-target", "connects to the service https-wrong-host, whatever it is asked", {
    answer: (conversation) =>
      tunnel(conversation, { host: "localhost", port: conversation.network.service("https-wrong-host").port }),
  }),
  socks5("socks5-drip", "replies byte by byte, then opens the tunnel", {
    succeed: (conversation) => conversation.drip(succeeded, 5),
  }),
  socks5("socks5-stall-greeting", "leaves the greeting without an answer", { greet: stall }),
  socks5("socks5-stall-login", "leaves name and password without an answer", { asksForPassword: true, login: stall }),
  socks5("socks5-stall-reply", "leaves every request without a reply", { answer: stall }),
  socks5("socks5-stall-in-reply", "stalls in the middle of its reply", {
    answer: async (conversation) => {
      await conversation.say(succeeded.subarray(0, 5));
      stall(conversation);
    },
  }),
  socks5("socks5-stall-tunnel", "replies that the tunnel is there, and lets nothing through", {
    answer: async (conversation) => {
      await conversation.say(succeeded);
      stall(conversation);
    },
  }),
  socks5("socks5-cut-greeting", "closes in the middle of its answer to the greeting", { greet: saying([5]) }),
  socks5("socks5-cut-reply", "closes in the middle of its reply", { answer: saying([5, 0, 0, 1]) }),
  socks5("socks5-cut-tunnel", "replies that the tunnel is there, and closes", { answer: saying(succeeded) }),
  socks5("socks5-reset", "resets in place of a reply", {
    answer: (conversation) => {
      conversation.reset();
    },
  }),
  socks4("socks4-reply-91", "replies that the request was rejected or failed", {
    answer: (conversation) => refuse4(conversation, 91),
  }),
  socks4("socks4-reply-92", "replies that it cannot ask the client's identd", {
    answer: (conversation) => refuse4(conversation, 92),
  }),
  socks4("socks4-reply-93", "replies that the client's identd names somebody else", {
    answer: (conversation) => refuse4(conversation, 93),
  }),
  socks4("socks4-reply-version", "opens a tunnel with version 4 in the reply, where 0 belongs", { replyVersion: 4 }),
  socks4("socks4-cut-reply", "closes in the middle of its SOCKS 4 reply", {
    answer: saying(formatSocks4(90).subarray(0, 4)),
  }),
]);

function socks5<const Name extends string>(name: Name, does: string, terms: Socks5Terms): StreamServiceEntry<Name> {
  const user = terms.asksForPassword === true ? "user:secret@" : "";
  return {
    ...{ name, does, scheme: "socks5", halfOpen: true },
    example: `curl -x socks5h://${user}{host}:{port} http://a.fairlead.test:{port:http}/echo`,
    open: (network, self) => converse(network, self, (conversation) => serveSocks5(conversation, terms)),
  };
}

function socks4<const Name extends string>(name: Name, does: string, terms: Socks4Terms): StreamServiceEntry<Name> {
  return {
    ...{ name, does, scheme: "socks4", halfOpen: true },
    example: "curl -x socks4a://{host}:{port} http://a.fairlead.test:{port:http}/echo",
    open: (network, self) => converse(network, self, (conversation) => serveSocks4(conversation, terms)),
  };
}

function replying<const Name extends string>(name: Name, does: string, reply: number): StreamServiceEntry<Name> {
  return socks5(name, does, { answer: (conversation) => refuse(conversation, reply) });
}

/** Says these bytes, and closes. */
function saying(bytes: readonly number[] | Uint8Array | string) {
  return async (conversation: Conversation): Promise<void> => {
    await conversation.say(typeof bytes === "string" ? bytes : Uint8Array.from(bytes));
    conversation.end();
  };
}

function stall(conversation: Conversation): void {
  conversation.stall();
}
