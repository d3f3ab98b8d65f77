/** Tells a group something that this machine is not to hear, and then something for everybody. */
import { openUdp } from "@fairlead/transport";

const [group = "", by = "", port = ""] = process.argv.slice(2);
const host = group.includes(":") ? "::" : "0.0.0.0";
for (const loopback of [false, true]) {
  await using endpoint = await openUdp({ host, multicast: { interfaces: [by], loopback } });
  endpoint.send(Buffer.from(loopback ? "everybody" : "others"), { host: group, port: Number(port) });
}
