import type { Socket } from "node:net";
import type { Conversation } from "../conversation.ts";
import { reach } from "../proxies/reach.ts";
import { joinStreams } from "../proxies/tunnel.ts";
import { formatSocks4 } from "./protocol/messages.ts";
import { takeRequest4 } from "./steps.ts";

const granted = 90;
const rejected = 91;

/** How one SOCKS 4 proxy differs from the ordinary. */
export interface Socks4Terms {
  /** Takes addresses alone, as the proxies did that were before 4a. */
  readonly addressesOnly?: boolean;
  /** In place of whatever was asked for. */
  readonly answer?: (conversation: Conversation) => Promise<void> | void;
  /** The version in the reply; 0 is right. */
  readonly replyVersion?: number;
}

/** Speaks SOCKS 4 and 4a on one connection. */
export async function serveSocks4(conversation: Conversation, terms: Socks4Terms = {}): Promise<void> {
  const { command, target, named } = await takeRequest4(conversation);
  if (terms.answer !== undefined) return terms.answer(conversation);
  let server: Socket | undefined;
  if (command === 1 && !(named && terms.addressesOnly === true)) {
    server = await reach(conversation.network, target).catch(() => undefined);
  }
  if (server === undefined) return refuse4(conversation, rejected);
  conversation.socket.once("close", () => server.destroy());
  if (conversation.isOver) server.destroy();
  await conversation.say(formatSocks4(granted, terms.replyVersion));
  joinStreams(conversation.socket, server);
}

/** Replies that it cannot be done, and closes. */
export async function refuse4(conversation: Conversation, reply: number): Promise<void> {
  await conversation.say(formatSocks4(reply));
  conversation.end();
}
