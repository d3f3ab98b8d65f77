/** Leaves connections idle, closes nothing, and has nothing more to do. Arguments: the origin's URL, the authority. */
import { openNetworkAccessManager } from "@fairlead/access";

const [origin = "", certificate = ""] = process.argv.slice(2);
const manager = await openNetworkAccessManager({
  tls: { trust: { type: "anchors", certificates: [certificate] } },
  timeouts: { idle: 600_000 },
});
const replies = await Promise.all([1, 2, 3].map(() => manager.request(`${origin}/json`)));
const lengths = await Promise.all(replies.map(async (reply) => (await reply.bytes()).length));
await (await manager.fetch(`${origin}/json`)).bytes();
process.stdout.write(JSON.stringify(lengths));
