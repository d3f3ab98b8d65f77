import { once } from "node:events";
import type { TransportError } from "@fairlead/core";
import { mtuDiscovery } from "@fairlead/descriptor";
import { connectUdp } from "@fairlead/transport";

// Sends as much as there is room for, is told that there is less, and sends that.
const [host = "", port = ""] = process.argv.slice(2);
const path = await connectUdp({ host, port: Number(port), discovery: mtuDiscovery() });
console.log(`at first ${path.mtu}`);
const told = once(path, "unreachable") as Promise<[TransportError]>;
path.send(new Uint8Array(path.mtu));
const [error] = await told;
console.log(`${error.code}, now ${path.mtu}`);
path.send(new Uint8Array(path.mtu));
