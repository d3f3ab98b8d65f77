/** A request waits while a captive portal is in the way, and goes out when its user has been let through. */
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { openNetworkAccessManager } from "fairlead";

// Plays the server that is asked, and the portal that answers in its place until somebody has logged in.
let isCaptive = true;
const server = createServer((request, response) => {
  if (request.url === "/login") isCaptive = false;
  if (request.url !== "/generate_204") response.end("welcome");
  else if (isCaptive) response.writeHead(302, { location: "/login" }).end();
  else response.writeHead(204).end();
});
server.listen(0, "localhost");
await once(server, "listening");
const origin = `http://localhost:${String((server.address() as AddressInfo).port)}`;

{
  await using manager = await openNetworkAccessManager({
    connectivity: {
      probeUrl: `${origin}/generate_204`,
      // So that the example runs on a machine without a network, too; leave it out.
      interfaces: () => ({ eth0: [{ address: "192.0.2.1", internal: false }] }),
    },
  });
  const { connectivity } = manager;
  connectivity.addEventListener("change", ({ previous, state, portalUrl }) => {
    console.log(`${previous} → ${state}`, portalUrl ?? "");
  });

  const reply = manager.request(`${origin}/page`, { waitFor: "online", timeoutMilliseconds: 30_000 });
  await connectivity.until("portal");
  // A user would do this in a browser.
  (await manager.request(connectivity.portal?.url ?? "")).discard();
  await connectivity.check();
  console.log(await (await reply).text());
}
server.close();
