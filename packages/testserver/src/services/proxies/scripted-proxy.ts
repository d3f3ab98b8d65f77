import type { Socket } from "node:net";
import { type Conversation, converse } from "../conversation.ts";
import type { StreamServiceEntry } from "../service-entry.ts";
import { type ProxyTarget, parseAuthority } from "./protocol/target.ts";
import { recordAsked } from "./proxy-record.ts";
import { reach } from "./reach.ts";
import { joinStreams } from "./tunnel.ts";

const headLimitBytes = 65_536;

/** What a scripted proxy was asked. */
export interface AskedProxy {
  readonly conversation: Conversation;
  readonly method: string;
  /** `undefined` for anything but CONNECT with an authority. */
  readonly target: ProxyTarget | undefined;
}

/** A proxy whose answers are written by hand. */
export interface ScriptedProxyTerms<Name extends string> {
  readonly name: Name;
  /** One line that begins with a verb. */
  readonly does: string;
  readonly script: (asked: AskedProxy) => Promise<void> | void;
}

/** Makes the service: it reads the head of one request, and then does what its script says. */
export function scriptedProxy<const Name extends string>(terms: ScriptedProxyTerms<Name>): StreamServiceEntry<Name> {
  const { name, does, script } = terms;
  return {
    name,
    scheme: "http",
    does,
    example: "curl --cacert {ca} -x {origin} https://a.fairlead.test:{port:https}/echo",
    halfOpen: true,
    open: (network, self) =>
      converse(network, self, async (conversation) => {
        const head = (await conversation.takeThrough("\r\n\r\n", headLimitBytes)).toString("latin1");
        const [method = "", target = ""] = head.split("\r\n", 1)[0]?.split(" ") ?? [];
        const { number } = conversation.connection;
        recordAsked(network, self, { connection: number, method: method.slice(0, 40), target });
        await script({
          conversation,
          method,
          target: method === "CONNECT" ? parseAuthority(target) : undefined,
        });
      }),
  };
}

/** A proxy that says the same whatever it is asked, and closes. */
export function fixedProxy<const Name extends string>(
  name: Name,
  does: string,
  bytes: string,
): StreamServiceEntry<Name> {
  return scriptedProxy({
    ...{ name, does },
    script: async ({ conversation }) => {
      await conversation.say(bytes);
      conversation.end();
    },
  });
}

/** Opens the tunnel that was asked for, after an answer of one's own; where there is no way, it closes. */
export async function tunnelAfter(
  { conversation, target }: AskedProxy,
  answer: (server: Socket) => Promise<void>,
  join: (client: Socket, server: Socket) => void = joinStreams,
): Promise<void> {
  if (target === undefined) {
    await conversation.say("HTTP/1.1 405 Method Not Allowed\r\nAllow: CONNECT\r\nContent-Length: 0\r\n\r\n");
    conversation.end();
    return;
  }
  const server = await reach(conversation.network, target).catch(async () => {
    await conversation.say("HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
    conversation.end();
    return undefined;
  });
  if (server === undefined) return;
  conversation.socket.once("close", () => server.destroy());
  try {
    await answer(server);
  } catch (error) {
    server.destroy();
    throw error;
  }
  join(conversation.socket, server);
}
