/** Messages of a WebSocket and events of a stream are read in loops; a stream that ends is asked for again. */
import { startTestNetwork } from "@fairlead/testserver";
import { openNetworkAccessManager, transactionOf } from "fairlead";

await using network = await startTestNetwork();
const { origin } = network.https;
await using manager = await openNetworkAccessManager({
  tls: { trust: { type: "anchors", certificates: [network.ca.certificate] } },
});

{
  await using socket = manager.webSocket(`${origin.replace("https:", "wss:")}/websocket/echo`, { protocols: "news" });
  const { protocol, extensions } = await socket.opened;
  console.log(`open: ${protocol}, ${extensions}, status ${String(transactionOf(socket)?.hops[0]?.status)}`);
  socket.send("first");
  socket.send(Uint8Array.of(1, 2, 3));
  await socket.confirmed();
  for await (const message of socket) {
    console.log(message);
    if (typeof message !== "string") break;
  }
}

// Three events, the stream ends, three more behind `Last-Event-ID`, and then the server has no more.
const source = manager.eventSource(`${origin}/events?each=3&of=6&retry=1`);
source.addEventListener("reconnecting", ({ afterMilliseconds }) => {
  console.log(`again behind ${source.lastEventId}, in ${afterMilliseconds < 1_000 ? "a moment" : "a while"}`);
});
for await (const { type, data } of source) console.log(`${type}: ${data}`);
