/** Makes a request, and shows what happened on the way to its answer. */
import { openNetworkAccessManager, transactionOf } from "fairlead";
import { startTestNetwork } from "@fairlead/testserver";

await using network = await startTestNetwork();
await using manager = await openNetworkAccessManager({
  tls: { trust: { type: "anchors", certificates: [network.ca.certificate] } },
});

const response = await manager.fetch(`${network.https.origin}/redirect/chain/2`);
console.log(response.status, await response.text());

for (const { status, reason, url, tls } of transactionOf(response)?.hops ?? []) {
  console.log(status, reason, url, tls?.protocol);
}
