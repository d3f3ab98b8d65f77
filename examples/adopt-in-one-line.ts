/** A program keeps its own library and its fetch, and both remember what the other has learned: one line for each. */
import axios from "axios";
import { install, openNetworkAccessManager, transactionOf } from "fairlead";
import { startTestNetwork } from "@fairlead/testserver";

await using network = await startTestNetwork();
await using manager = await openNetworkAccessManager({
  lookup: network.lookup,
  tls: { trust: { type: "anchors", certificates: [network.ca.certificate] } },
});
const { port } = network.service("http-or-https");

const installation = install(manager);
const api = axios.create({ httpAgent: manager.httpAgent(), httpsAgent: manager.httpsAgent(), proxy: false });

// The library learns that the host wants https, and gets a cookie.
await api.get(`https://a.fairlead.test:${String(port)}/hsts/good/year`);
await api.get(`https://a.fairlead.test:${String(port)}/cookies/set?flavour=oat`);

// The global fetch knows both by now.
const response = await fetch(`http://a.fairlead.test:${String(port)}/cookies`);
console.log(await response.json());
for (const hop of transactionOf(response)?.hops ?? []) console.log(hop.status, hop.reason, hop.url);
installation.restore();
