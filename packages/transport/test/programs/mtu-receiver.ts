import { openUdp } from "@fairlead/transport";

// Tells how large each datagram is that comes whole.
const [host = "", port = ""] = process.argv.slice(2);
const endpoint = await openUdp({ host, port: Number(port) });
endpoint.on("message", (bytes) => {
  console.log(`received ${bytes.length} bytes`);
});
console.log("listening");
