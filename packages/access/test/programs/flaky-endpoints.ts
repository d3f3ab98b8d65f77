/**
 * Asks endpoints that fail in every way, many at once, and tells what came of each request and what the process still
 * holds when the manager is closed. Arguments: the origin's URL, the authority.
 */
import { openNetworkAccessManager } from "@fairlead/access";
import { isCodedError } from "@fairlead/core";

const [origin = "", certificate = ""] = process.argv.slice(2);
const PATHS = [
  "/json",
  "/bytes/100000",
  "/cut/before-response",
  "/cut/body?after=10&of=100",
  "/reset/headers",
  "/reset/chunked?after=10",
  "/length/short",
  "/length/long",
  "/malformed/status-word",
  "/stall/body?after=10",
  "/redirect/chain/3",
  "/compress/truncated/gzip",
];
const manager = await openNetworkAccessManager({
  tls: { trust: { type: "anchors", certificates: [certificate] } },
  connectionsPerOrigin: 10,
});
const outcomes: Record<string, number> = {};
const ask = async (path: string, index: number): Promise<void> => {
  const init = { signal: AbortSignal.timeout(path.startsWith("/stall") ? 100 : 60_000) };
  const count = (outcome: string): void => {
    outcomes[outcome] = (outcomes[outcome] ?? 0) + 1;
  };
  try {
    const reply = await (index % 2 === 0 ? manager.request(origin + path, init) : manager.fetch(origin + path, init));
    if (index % 5 === 0 && "discard" in reply) reply.discard();
    else await reply.bytes();
    count("result");
  } catch (error) {
    const isTyped = isCodedError(error) || isCodedError((error as Error).cause) || init.signal.aborted;
    const isDecoding = error instanceof TypeError && error.message === "terminated";
    count(isTyped || isDecoding ? "typed" : String(error));
  }
};
await Promise.all(Array.from({ length: 120 }, (_, index) => ask(PATHS[index % PATHS.length] ?? "", index)));
await manager.close();
const left = (): string[] => process.getActiveResourcesInfo().filter((name) => /TCP|TLS|Immediate/.test(name));
// The last sockets are being closed, which takes a turn or two; what leaked stays for good.
for (let turns = 0; turns < 10 && left().length > 0; turns += 1) await new Promise((resolve) => setImmediate(resolve));
const resources = left();
process.stdout.write(JSON.stringify({ outcomes, resources }));
