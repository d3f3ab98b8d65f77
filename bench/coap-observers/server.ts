/** A server with 10,000 observers, who are addresses in a network in memory: what they take is the server's alone. */
import { setTimeout as pause } from "node:timers/promises";
import { listenDatagrams, observable, serveChannel } from "@fairlead/iot/coap";
import { writeCoapMessage, writeOption } from "@fairlead/iot/coap/protocol";
import { memoryNetwork } from "@fairlead/transport";
import { answer } from "../measuring/child.ts";

const address = { host: "192.0.2.1", port: 5683 };
const none = new Uint8Array(0);
const registration = writeCoapMessage({
  ...{ type: "confirmable", code: "0.01", messageId: 1, token: Uint8Array.of(1, 2, 3, 4) },
  ...{ options: [writeOption("observe", 0), writeOption("uriPath", "temperature")], payload: none },
});

async function settled(): Promise<{ readonly rss: number; readonly heap: number }> {
  for (let round = 0; round < 4; round += 1) {
    globalThis.gc?.();
    await pause(50);
  }
  const { rss, heapUsed, external } = process.memoryUsage();
  return { rss, heap: heapUsed + external };
}

answer(async () => {
  const network = memoryNetwork({ carry: (bytes, deliver) => deliver(bytes) });
  const temperature = observable(() => ({ code: "2.05", options: [], payload: Buffer.from("22.3 C") }));
  const listener = listenDatagrams(network.endpoint(address), (channel) => serveChannel(channel, temperature.handler));
  const observe = (index: number): void => {
    network.send(registration, {
      from: { host: `198.18.${String(index >> 8)}.${String(index & 255)}`, port: 1 },
      to: address,
    });
  };
  const before = await settled();
  for (let index = 0; index < 10_000; index += 1) observe(index);
  const after = await settled();
  const [heapMib, rssMib] = [(after.heap - before.heap) / 2 ** 20, (after.rss - before.rss) / 2 ** 20];
  const { observers } = temperature;
  if (listener.peerCount !== observers) throw new Error(`${String(observers)} observers`);
  return { observers, heapMib, rssMib };
});
