/** Receives by multipath TCP and by plain TCP at once, and tells how far each has come whenever a line is typed. */
import { createHash } from "node:crypto";
import { connectTcp } from "@fairlead/transport";
import { multipathTcp } from "../../src/index.ts";
import { middleBytes, ports } from "./transfer.ts";

const [host = ""] = process.argv.slice(2);
const multipath = multipathTcp();
const received = { multipath: 0, plain: 0 };
const digest = createHash("sha256");

const several = await multipath.connect({ host, port: ports.multipath, required: true });
const single = await connectTcp({ host, port: ports.plain });
single.on("error", () => undefined);
single.on("data", (data) => (received.plain += data.length));
several.on("data", (data: Buffer) => {
  const before = received.multipath;
  received.multipath += data.length;
  digest.update(data);
  if (before < middleBytes && received.multipath >= middleBytes) console.log("middle", JSON.stringify(facts()));
});
several.on("end", () => {
  console.log("end", JSON.stringify({ ...facts(), digest: digest.digest("hex") }));
});
process.stdin.on("data", () => {
  console.log("now", JSON.stringify(facts()));
});
process.stdin.on("end", () => process.exit());

function facts(): object {
  const now = multipath.multipathOf(several);
  const subflows = now.type === "multipath" ? now.subflows : [];
  return { ...received, subflows: subflows.map(({ remote, state }) => `${remote.host} ${state ?? ""}`).sort() };
}
