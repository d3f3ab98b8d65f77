import type { Socket } from "node:net";
import { rawHead } from "../../endpoints/raw-reply.ts";
import { serviceFamily } from "../service-entry.ts";
import { scriptedProxy, tunnelAfter } from "./scripted-proxy.ts";

const established = rawHead("200 Connection established");

/** How much comes down a tunnel before it is cut. */
const cutAfterBytes = 1000;

/** HTTP proxies that break off, wait or dawdle. */
export const failingProxyServices = serviceFamily("failing proxies", "break off, stall or dawdle as proxies", [
  scriptedProxy({
    name: "proxy-close",
    does: "closes in place of an answer",
    script: ({ conversation }) => {
      conversation.end();
    },
  }),
  scriptedProxy({
    name: "proxy-reset",
    does: "resets in place of an answer",
    script: ({ conversation }) => {
      conversation.reset();
    },
  }),
  scriptedProxy({
    name: "proxy-cut-head",
    does: "closes in the middle of its answer's head",
    script: async ({ conversation }) => {
      await conversation.say("HTTP/1.1 200 Connection est");
      conversation.end();
    },
  }),
  scriptedProxy({
    name: "proxy-cut-after-200",
    does: "says that the tunnel is there, and closes",
    script: async ({ conversation }) => {
      await conversation.say(established);
      conversation.end();
    },
  }),
  scriptedProxy({
    name: "proxy-reset-after-200",
    does: "says that the tunnel is there, and resets once something comes through it",
    script: async ({ conversation }) => {
      await conversation.say(established);
      await conversation.take(1);
      conversation.reset();
    },
  }),
  scriptedProxy({
    name: "proxy-cut-tunnel",
    does: "closes a tunnel when 1,000 bytes have come down it",
    script: (asked) => tunnelAfter(asked, () => asked.conversation.say(established), cutTunnel),
  }),
  scriptedProxy({
    name: "proxy-stall",
    does: "leaves every request without an answer",
    script: ({ conversation }) => {
      conversation.stall();
    },
  }),
  scriptedProxy({
    name: "proxy-stall-head",
    does: "stalls in the middle of its answer's head",
    script: async ({ conversation }) => {
      await conversation.say("HTTP/1.1 200 Connection established\r\nVia: 1.1 pro");
      conversation.stall();
    },
  }),
  scriptedProxy({
    name: "proxy-stall-tunnel",
    does: "says that the tunnel is there, and lets nothing through",
    script: async ({ conversation }) => {
      await conversation.say(established);
      conversation.stall();
    },
  }),
  scriptedProxy({
    name: "proxy-slow",
    does: "takes half a second to open a tunnel",
    script: (asked) =>
      tunnelAfter(asked, async () => {
        await asked.conversation.pause(500);
        await asked.conversation.say(established);
      }),
  }),
  scriptedProxy({
    name: "proxy-drip",
    does: "answers byte by byte, then opens the tunnel",
    script: (asked) => tunnelAfter(asked, () => asked.conversation.drip(established, 5)),
  }),
  scriptedProxy({
    name: "proxy-endless-head",
    does: "sends fields without end",
    script: async ({ conversation }) => {
      await conversation.say("HTTP/1.1 200 Connection established\r\n");
      for (const line = `X-More: ${"a".repeat(8000)}\r\n`; !conversation.isOver; ) await conversation.say(line);
    },
  }),
]);

function cutTunnel(client: Socket, server: Socket): void {
  let leftBytes = cutAfterBytes;
  client.pipe(server);
  client.once("close", () => server.destroy());
  server.on("data", (bytes: Buffer) => {
    if (leftBytes > 0) client.write(bytes.subarray(0, leftBytes));
    leftBytes -= bytes.length;
    if (leftBytes <= 0) client.destroySoon();
  });
  server.once("end", () => client.end());
}
