/** Decides about each redirect while its request waits, and no other. */
import { isCodedError, openNetworkAccessManager } from "fairlead";
import { startTestNetwork } from "@fairlead/testserver";

await using network = await startTestNetwork();
await using manager = await openNetworkAccessManager({
  tls: { trust: { type: "anchors", certificates: [network.ca.certificate] } },
  redirect: { type: "ask" },
  onRedirect: ({ from, to, isLessSafe }) => {
    console.log(`${from.href} wants to lead to ${to.href}${isLessSafe ? ", without TLS" : ""}`);
    return !isLessSafe;
  },
});

const reply = await manager.request(`${network.https.origin}/redirect/302/same-origin`);
console.log(reply.status, reply.url);
reply.discard();

try {
  await manager.request(`${network.https.origin}/redirect/302/http`);
} catch (error) {
  if (!isCodedError(error)) throw error;
  console.log(error.code, error.remedy);
}
