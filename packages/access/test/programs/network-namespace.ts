/**
 * Lives in a network namespace of its own, gives itself an interface and takes it away, and tells what connectivity says.
 */
import { openNetworkAccessManager } from "@fairlead/access";
import { execFileSync } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

const ip = (line: string): void => {
  execFileSync("ip", line.split(" "), { stdio: ["ignore", "ignore", "inherit"] });
};
ip("link set lo up");
ip("link add here type veth peer name there");

const server = createServer((_request, response) => response.writeHead(204).end()).listen(0, "0.0.0.0");
await once(server, "listening");
const port = String((server.address() as AddressInfo).port);
const manager = await openNetworkAccessManager({ connectivity: { probeUrl: `http://192.0.2.1:${port}/` } });
const { connectivity } = manager;
const told: string[] = [connectivity.state];
connectivity.addEventListener("change", ({ state, cause }) => told.push(`${state} ${cause}`));

ip("link set here up");
ip("link set there up");
ip("address add 192.0.2.1/24 dev here");
await connectivity.until("online");
ip("link set here down");
await connectivity.until("offline");
await manager.close();
server.close();
process.stdout.write(JSON.stringify(told));
