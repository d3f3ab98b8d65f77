import type { Socket } from "node:net";
import type { Conversation } from "../conversation.ts";
import { reach, whyUnreachable } from "../proxies/reach.ts";
import type { ProxyTarget } from "../proxies/protocol/target.ts";
import { joinStreams } from "../proxies/tunnel.ts";
import { formatSocks5, replies, type SocksAddress } from "./protocol/messages.ts";
import { failureReplies, methods, takeLogin, takeMethods, takeRequest } from "./steps.ts";
import { associate } from "./udp-associate.ts";

/** How one SOCKS 5 proxy differs from the ordinary, step by step. */
export interface Socks5Terms {
  /** Asks for name and password. */
  readonly asksForPassword?: boolean;
  /** In place of choosing a method. */
  readonly greet?: (conversation: Conversation) => Promise<void> | void;
  /** In place of judging name and password, which were read. */
  readonly login?: (conversation: Conversation) => Promise<void> | void;
  /** In place of whatever was asked for. */
  readonly answer?: (conversation: Conversation, target: ProxyTarget) => Promise<void> | void;
  /** What is said of a connection that came about; that it did, by default. */
  readonly succeed?: (conversation: Conversation, server: Socket) => Promise<void>;
}

/** Speaks SOCKS 5 on one connection. */
export async function serveSocks5(conversation: Conversation, terms: Socks5Terms = {}): Promise<void> {
  const offered = await takeMethods(conversation);
  if (terms.greet !== undefined) return terms.greet(conversation);
  const wanted = terms.asksForPassword === true ? methods.password : methods.none;
  if (!offered.includes(wanted)) {
    await conversation.say(Uint8Array.of(5, methods.noneAcceptable));
    conversation.end();
    return;
  }
  await conversation.say(Uint8Array.of(5, wanted));
  if (wanted === methods.password) {
    const isRight = await takeLogin(conversation);
    if (terms.login !== undefined) return terms.login(conversation);
    await conversation.say(Uint8Array.of(1, isRight ? 0 : 1));
    if (!isRight) {
      conversation.end();
      return;
    }
  }
  const request = await takeRequest(conversation);
  if (request === undefined) return refuse(conversation, replies.addressTypeNotSupported);
  if (terms.answer !== undefined) return terms.answer(conversation, request.target);
  if (request.command === 1) return tunnel(conversation, request.target, terms.succeed);
  if (request.command === 3) return associate(conversation, request.target);
  return refuse(conversation, replies.commandNotSupported);
}

/** Connects to the target, or says why not. */
export async function tunnel(
  conversation: Conversation,
  target: ProxyTarget,
  succeed: Socks5Terms["succeed"] = (_, server) =>
    conversation.say(
      formatSocks5([5, replies.succeeded, 0], { host: server.localAddress ?? "0.0.0.0", port: server.localPort ?? 0 }),
    ),
): Promise<void> {
  let server: Socket;
  try {
    server = await reach(conversation.network, target);
  } catch (error) {
    return refuse(conversation, failureReplies[whyUnreachable(error)]);
  }
  conversation.socket.once("close", () => server.destroy());
  if (conversation.isOver) server.destroy();
  await succeed(conversation, server);
  joinStreams(conversation.socket, server);
}

/** Where a proxy is bound that has nothing to say about it. */
export const nowhere: SocksAddress = { host: "0.0.0.0", port: 0 };

/** Replies that it cannot be done, and closes. */
export async function refuse(conversation: Conversation, reply: number): Promise<void> {
  await conversation.say(formatSocks5([5, reply, 0], nowhere));
  conversation.end();
}
