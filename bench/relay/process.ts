/** One process of the benchmark: the server behind a relay, the relay, or a test network; answers with its CPU time. */
import { createServer } from "node:http";
import { startTestNetwork } from "@fairlead/testserver";
import { startRelay } from "@fairlead/testserver/relay";
import { answer } from "../measuring/child.ts";

/** Where a process is reached, and the CPU time that it has taken so far. */
export interface Standing {
  readonly port: number;
  readonly cpuMilliseconds: number;
}

const [role = "", to = ""] = process.argv.slice(2);
const port = await open();
answer(async (): Promise<Standing> => {
  const { user, system } = process.cpuUsage();
  return { port, cpuMilliseconds: (user + system) / 1000 };
});

async function open(): Promise<number> {
  switch (role) {
    case "server": {
      const body = Buffer.alloc(1_024, "x");
      const server = createServer((_, response) => response.end(body));
      await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
      const address = server.address();
      return typeof address === "object" && address !== null ? address.port : 0;
    }
    case "relay":
      return (await startRelay({ to })).port;
    default:
      return (await startTestNetwork({ services: ["http"], faultsOnOpenConnections: role === "network, heeding" })).http
        .port;
  }
}
