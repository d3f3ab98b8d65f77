/** One side of the comparison, in a process of its own: warms up, then answers with what its calls cost. */
import { openNetworkAccessManager } from "@fairlead/access";
import { restClient } from "@fairlead/rest/client";
import { Agent } from "node:http";
import { callCost } from "../measuring/call-cost.ts";
import { answer } from "../measuring/child.ts";
import { orders } from "./orders.ts";

const [side = "", base = ""] = process.argv.slice(2);

/** Asks for one order and gives its number of lines. */
type Once = () => Promise<number>;

const openers: Record<string, () => Promise<Once>> = {
  "contract client": async () => {
    const client = orders.client({ base, manager: await openNetworkAccessManager() });
    return async () => (await client.getOrder({ params: { orderId: 7 } })).lines.length;
  },
  restClient: async () => {
    const client = restClient({ base, manager: await openNetworkAccessManager() });
    return async () => linesOf(await client.get("orders/{orderId}", { params: { orderId: 7 } }).json());
  },
  ky: async () => {
    const { default: ky } = await import("ky");
    const client = ky.create({ prefix: base });
    return async () => linesOf(await client.get("orders/7").json());
  },
  axios: async () => {
    const { default: axios } = await import("axios");
    const client = axios.create({ baseURL: base, httpAgent: new Agent({ keepAlive: true }) });
    return async () => linesOf((await client.get<unknown>("orders/7")).data);
  },
};

function linesOf(value: unknown): number {
  // Nobody checks it but the contract.
  return (value as { lines: unknown[] }).lines.length;
}

async function checked(once: Once): Promise<void> {
  if ((await once()) !== 6) throw new Error("the order is not what was sent");
}

answer(async (message) => {
  // bench/rest-client.ts says nothing else.
  const { concurrency, count } = message as { concurrency: number; count: number };
  const open = openers[side];
  if (open === undefined) throw new Error(`there is no side ${side}`);
  const once = await open();
  return callCost(() => checked(once), { concurrency, count });
});
