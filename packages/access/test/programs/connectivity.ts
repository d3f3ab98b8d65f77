/** Waits for the internet, listens on, and has nothing more to do. Argument: the origin of a test network. */
import { openNetworkAccessManager } from "@fairlead/access";

const [origin = ""] = process.argv.slice(2);
const heard: string[] = [];
let asked = 0;
const manager = await openNetworkAccessManager({
  connectivity: {
    probeUrl: `${origin}/probe/online`,
    // Nothing but waiting is left to do until the interface is there.
    interfaces: () => (++asked < 2 ? {} : { eth0: [{ address: "192.0.2.7", internal: false }] }),
  },
});
manager.connectivity.addEventListener("change", ({ state, previous }) => {
  if (previous !== "offline") heard.push(`${previous}→${state}`);
});
await manager.connectivity.until("online");
heard.push("online at last");
process.stdout.write(JSON.stringify(heard));
