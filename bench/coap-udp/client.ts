/** One client of the comparison, in a process of its own: many sockets, each of which has one request under way. */
import { createSocket } from "node:dgram";
import { channelRequester, type CoapRequest, datagramChannel } from "@fairlead/iot/coap";
import { writeOption } from "@fairlead/iot/coap/protocol";
import { connectUdp } from "@fairlead/transport";
import { Agent, request } from "coap";
import { answer } from "../measuring/child.ts";

const [side = "", portText = "", path = ""] = process.argv.slice(2);
const port = Number(portText);
/** So many that NSTART, which is 1, lets as many requests be under way, and that no message ID comes again too soon. */
const SOCKETS = 64;

/** Asks once, and tells how many bytes came. */
type Ask = () => Promise<number>;

async function open(): Promise<Ask> {
  if (side === "fairlead") {
    const ask = channelRequester(datagramChannel(await connectUdp({ host: "127.0.0.1", port })));
    const options = path === "" ? [] : [writeOption("uriPath", path)];
    const get: CoapRequest = { code: "0.01", options, payload: new Uint8Array(0) };
    return async () => (await ask(get)).payload.length;
  }
  const socket = createSocket("udp4");
  // With a socket of its own the agent does not open one for each request.
  const agent = new Agent({ type: "udp4", socket });
  return () =>
    new Promise((resolve, reject) => {
      const asked = request({ agent, hostname: "127.0.0.1", port, pathname: `/${path}`, confirmable: true });
      asked.on("response", (response: { readonly payload: Buffer }) => resolve(response.payload.length));
      asked.on("error", reject);
      asked.end();
    });
}

const opened = Promise.all(Array.from({ length: SOCKETS }, open));

answer(async (message) => {
  const count = Number(message);
  const asks = await opened;
  let left = count;
  const cpu = process.cpuUsage();
  const started = performance.now();
  const work = async (ask: Ask): Promise<void> => {
    while (left > 0) {
      left -= 1;
      const bytes = await ask();
      if (bytes < 1) throw new Error("an answer without content");
    }
  };
  await Promise.all(asks.map(work));
  const seconds = (performance.now() - started) / 1_000;
  const { user, system } = process.cpuUsage(cpu);
  return { microseconds: (user + system) / count, rate: count / seconds };
});
