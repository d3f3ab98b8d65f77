/** Asks a group for its members, and each of them for what it has told of. */
import { coapClient } from "@fairlead/iot/coap";

const [group = "", by = "", count = ""] = process.argv.slice(2);
await using client = coapClient();
for await (const { url, resources } of client.discoverGroup({
  group,
  interface: by,
  deviceLimit: Number(count),
  waitMilliseconds: 50_000,
})) {
  const [first] = resources;
  const response = first?.url === undefined ? undefined : await client.get(first.url);
  console.log("found", url, response?.text());
}
console.log("that is all");
