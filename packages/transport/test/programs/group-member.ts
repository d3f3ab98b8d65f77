/** Prints what a group is told, and who told it. */
import { openUdp } from "@fairlead/transport";

const [group = "", by = "", port = ""] = process.argv.slice(2);
const endpoint = await openUdp({ port: Number(port), multicast: { group, interfaces: [by] } });
endpoint.on("message", (bytes) => console.log("heard", String(bytes)));
console.log("listening");
