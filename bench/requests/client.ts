/** One side of the comparison, in a process of its own: warms up, then sends what its requests cost. */
import { openNetworkAccessManager } from "@fairlead/access";
import { Agent, fetch, request } from "undici";

const [side = "", concurrencyText = "", countText = "", origin = "", ca = ""] = process.argv.slice(2);
const concurrency = Number(concurrencyText);
const count = Number(countText);

/** Makes one request and reads its body whole, as text. */
async function openSide(): Promise<() => Promise<string>> {
  if (side.startsWith("undici")) {
    const dispatcher = new Agent({ allowH2: false, connect: { ca } });
    return side === "undici.fetch"
      ? async () => (await fetch(origin, { dispatcher })).text()
      : async () => (await request(origin, { dispatcher })).body.text();
  }
  const manager = await openNetworkAccessManager({ tls: { trust: { type: "anchors", certificates: [ca] } } });
  return side === "manager.fetch"
    ? async () => (await manager.fetch(origin)).text()
    : async () => (await manager.request(origin)).text();
}

async function run(once: () => Promise<string>, total: number): Promise<void> {
  let left = total;
  const worker = async (): Promise<void> => {
    while (left > 0) {
      left -= 1;
      const text = await once();
      if (text.length !== 1024) throw new Error(`got ${String(text.length)} bytes where 1024 were sent`);
    }
  };
  await Promise.all(Array.from({ length: concurrency }, worker));
}

const once = await openSide();
// As long as what is measured: a service runs warm, and the compiler works on threads whose time counts.
await run(once, count);
const cpu = process.cpuUsage();
const started = performance.now();
await run(once, count);
const seconds = (performance.now() - started) / 1000;
const { user, system } = process.cpuUsage(cpu);
process.send?.({ microseconds: (user + system) / count, rate: count / seconds }, () => process.exit());
