/** One server of the comparison, in a process of its own. It answers each request by 64 bytes. */
import { listenDatagrams, serveChannel } from "@fairlead/iot/coap";
import { openUdp } from "@fairlead/transport";
import { createServer } from "coap";
import { answer } from "../measuring/child.ts";

const [side = ""] = process.argv.slice(2);
const payload = Buffer.alloc(64, "x");
const content = { code: "2.05", options: [], payload } as const;

async function listen(): Promise<number> {
  if (side === "fairlead") {
    const listener = listenDatagrams(await openUdp(), (channel) => serveChannel(channel, () => content));
    return listener.address.port;
  }
  const server = createServer((_request, response) => {
    response.end(payload);
  });
  return new Promise((resolve) => {
    server.listen(0, "127.0.0.1", () => {
      // What the library has listened with is not in its types.
      const { _port: port, _sock: socket } = server as unknown as {
        _port?: number;
        _sock?: { address(): { port: number } };
      };
      resolve(port !== undefined && port !== 0 ? port : (socket?.address().port ?? 0));
    });
  });
}

let listening: Promise<number> | undefined;

answer(async (message) => {
  if (message === "listen") {
    listening ??= listen();
    return { port: await listening };
  }
  const { user, system } = process.cpuUsage();
  return { microseconds: user + system };
});
