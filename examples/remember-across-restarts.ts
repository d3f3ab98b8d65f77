/** Closes a manager and opens another: it knows that the host wants https, and resumes the TLS session. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openNetworkAccessManager } from "fairlead";
import { startTestNetwork } from "@fairlead/testserver";

const directory = await mkdtemp(join(tmpdir(), "fairlead-example-"));
await using network = await startTestNetwork();
const options = {
  store: `sqlite:${join(directory, "memory.db")}`,
  tls: { trust: { type: "anchors", certificates: [network.ca.certificate] } },
} as const;
const host = `localhost:${String(network.service("http-or-https").port)}`;

{
  await using manager = await openNetworkAccessManager(options);
  await (await manager.request(`https://${host}/hsts/good/year`)).bytes();
}
{
  await using manager = await openNetworkAccessManager(options);
  const reply = await manager.request(`http://${host}/json`);
  await reply.bytes();
  for (const { status, reason, url, tls } of reply.transaction.hops) {
    console.log(status, reason, url, tls?.resumed === true ? "resumed" : "");
  }
}
await rm(directory, { recursive: true });
