/**
 * Asks servers behind a relay that fails, a hundred requests to each at once, and tells what came of each and what the
 * process still holds when the manager is closed. Arguments: the origins, with commas; the authority.
 */
import { codedCauseOf, openNetworkAccessManager, type NetworkAccessManager } from "@fairlead/access";
import { getEventListeners } from "node:events";

const [origins = "", certificate = ""] = process.argv.slice(2);
const AT_ONCE = 100;

const { signal } = new AbortController();
const found: Record<string, unknown> = {};

await Promise.all(origins.split(",").map(askAll));

// The last sockets are closed, and what closes them has run.
for (let turns = 0; turns < 10; turns += 1) await new Promise((resolve) => setImmediate(resolve));
// Standard output and error are pipes.
const left = process.getActiveResourcesInfo().filter((name) => name !== "PipeWrap");
process.stdout.write(JSON.stringify({ found, left, listeners: getEventListeners(signal, "abort").length }));

async function askAll(origin: string): Promise<void> {
  const outcomes: Record<string, number> = {};
  const protocols = new Set<string>();
  const manager = await openNetworkAccessManager({
    tls: { trust: { type: "anchors", certificates: [certificate] } },
    connectionsPerOrigin: 12,
    timeouts: { resolve: 5_000, connect: 500, secure: 500, request: 500, response: 500, body: 500 },
  });
  await Promise.all(
    Array.from({ length: AT_ONCE }, async (_, index) => {
      const outcome = await ask(manager, origin, index, protocols);
      outcomes[outcome] = (outcomes[outcome] ?? 0) + 1;
    }),
  );
  await manager.close();
  found[origin] = { outcomes, protocols: [...protocols].sort() };
}

async function ask(
  manager: NetworkAccessManager,
  origin: string,
  index: number,
  protocols: Set<string>,
): Promise<string> {
  const size = [0, 10, 5_000, 200_000][index % 4] ?? 0;
  const init = {
    signal,
    ...(index % 3 === 0 && { method: "PUT", body: "x".repeat(index % 2 === 0 ? 10 : 300_000) }),
    ...(index % 5 === 0 && { retry: { backoffMilliseconds: 1 } }),
  };
  const url = `${origin}/${String(size)}`;
  try {
    const reply = await (index % 2 === 0 ? manager.request(url, init) : manager.fetch(url, init));
    const fields = reply.headers instanceof Headers ? Object.fromEntries(reply.headers) : reply.headers;
    protocols.add(String(fields["x-protocol"]));
    if (index % 7 === 0) {
      if ("discard" in reply) reply.discard();
      else await reply.body?.cancel();
      return "result";
    }
    const body = await reply.text();
    return reply.status === 200 && body === "y".repeat(size) ? "result" : `wrong: ${String(reply.status)}`;
  } catch (error) {
    return codedCauseOf(error) === undefined ? `untyped: ${String(error)}` : "typed";
  }
}
