/** A broker over the network of an application: verified by its trust, found again when it was lost. */
import { connectMqtt } from "@fairlead/iot/mqtt";
import { startTestNetwork } from "@fairlead/testserver";
import { openNetworkAccessManager } from "fairlead";

await using network = await startTestNetwork();
await using manager = await openNetworkAccessManager({
  tls: { trust: { type: "anchors", certificates: [network.ca.certificate] } },
});

const client = await connectMqtt(manager, `mqtts://localhost:${String(network.service("mqtts").port)}`, {
  client: { will: { topic: "sensor-7/state", payload: Buffer.from("gone"), qos: 1, retain: true } },
  onReconnecting: ({ attempt, afterMilliseconds }) => console.log(`attempt ${attempt} in ${afterMilliseconds} ms`),
});
await client.subscribeAsync("sensor-7/#", { qos: 1 });
const heard = new Promise<string>((resolve) => {
  client.once("message", (topic, payload) => resolve(`${topic}: ${payload.toString()}`));
});
await client.publishAsync("sensor-7/temperature", "21.5", { qos: 1 });
console.log(await heard);
await client.endAsync();
