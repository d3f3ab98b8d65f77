import { isIP } from "node:net";
import { type DatagramAddress, openUdp } from "@fairlead/transport";
import type { Conversation } from "../conversation.ts";
import type { NetworkContext } from "../network-context.ts";
import type { ProxyTarget } from "../proxies/protocol/target.ts";
import { mayReach } from "../proxies/reach.ts";
import { formatSocks5, readDatagram, replies } from "./protocol/messages.ts";

/** How many peers one association talks to at most. */
const peerLimit = 64;

/**
 * Relays datagrams for as long as the connection lasts on which it was asked for.
 *
 * @see RFC 1928 section 7
 */
export async function associate(conversation: Conversation, from: ProxyTarget): Promise<void> {
  const { network, socket } = conversation;
  const endpoint = await openUdp({ host: network.host, port: 0, mtu: 65_507 });
  socket.once("close", () => void endpoint.close());
  if (conversation.isOver) await endpoint.close();
  const clientHost = socket.remoteAddress ?? "";
  // The client may say which port it sends from; otherwise its first datagram does.
  let client: DatagramAddress | undefined = from.port === 0 ? undefined : { host: clientHost, port: from.port };
  const peers = new Set<string>();
  endpoint.on("message", (bytes, sender) => {
    if (
      sender.host === clientHost &&
      !peers.has(keyOf(sender)) &&
      (client === undefined || client.port === sender.port)
    ) {
      client = sender;
      const datagram = readDatagram(bytes);
      if (datagram === undefined || !mayReach(network, datagram) || peers.size >= peerLimit) return;
      const { host, port, content } = datagram;
      void addressOf(network, host).then((address) => {
        if (address === undefined || port === 0) return;
        peers.add(keyOf({ host: address, port }));
        endpoint.send(content, { host: address, port });
      });
    } else if (client !== undefined && peers.has(keyOf(sender))) {
      const head = formatSocks5([0, 0, 0], sender);
      if (head.length + bytes.length <= endpoint.mtu) endpoint.send(Buffer.concat([head, bytes]), client);
    }
  });
  await conversation.say(formatSocks5([5, replies.succeeded, 0], endpoint.address));
  conversation.stall();
}

function keyOf({ host, port }: DatagramAddress): string {
  return `${host} ${port}`;
}

async function addressOf({ lookup }: NetworkContext, host: string): Promise<string | undefined> {
  if (isIP(host) !== 0) return host;
  return await new Promise((resolve) => {
    lookup(host, {}, (error, address) => {
      resolve(error === null && typeof address === "string" ? address : undefined);
    });
  });
}
