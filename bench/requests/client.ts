/** One side of the comparison, in a process of its own: warms up, then answers with what its requests cost. */
import { openNetworkAccessManager, transactionOf } from "@fairlead/access";
import { Agent as HttpAgent } from "node:http";
import { Agent, fetch, request } from "undici";
import { callCost } from "../measuring/call-cost.ts";
import { answer } from "../measuring/child.ts";

const [side = "", protocol = "", url = "", ca = ""] = process.argv.slice(2);

/** Makes one request and reads its body whole, as text. */
type Once = () => Promise<string>;

const openers: Record<string, () => Promise<Once>> = {
  "manager.request": async () => {
    const manager = await openManager();
    return async () => (await manager.request(url)).text();
  },
  "manager.fetch": async () => {
    const manager = await openManager();
    return async () => (await manager.fetch(url)).text();
  },
  "undici.request": () => {
    const dispatcher = openAgent();
    return Promise.resolve(async () => (await request(url, { dispatcher })).body.text());
  },
  "undici.fetch": () => {
    const dispatcher = openAgent();
    return Promise.resolve(async () => (await fetch(url, { dispatcher })).text());
  },
  got: async () => {
    const { default: got } = await import("got");
    const http = new HttpAgent({ keepAlive: true });
    return async () => (await got(url, { agent: { http } })).body;
  },
  axios: async () => {
    const { default: axios } = await import("axios");
    const httpAgent = new HttpAgent({ keepAlive: true });
    return async () => (await axios.get<string>(url, { httpAgent, responseType: "text", transformResponse: [] })).data;
  },
  ky: async () => {
    const { default: ky } = await import("ky");
    return async () => ky(url).text();
  },
  "node-fetch": async () => {
    const { default: nodeFetch } = await import("node-fetch");
    const agent = new HttpAgent({ keepAlive: true });
    return async () => (await nodeFetch(url, { agent })).text();
  },
  "axios by the manager's agent": async () => {
    const { default: axios } = await import("axios");
    const httpAgent = (await openManager()).httpAgent();
    return async () =>
      (await axios.get<string>(url, { httpAgent, proxy: false, responseType: "text", transformResponse: [] })).data;
  },
  "got by the manager's agent": async () => {
    const { default: got } = await import("got");
    const http = (await openManager()).httpAgent();
    return async () => (await got(url, { agent: { http } })).body;
  },
  "node-fetch by the manager's agent": async () => {
    const { default: nodeFetch } = await import("node-fetch");
    const agent = (await openManager()).httpAgent();
    return async () => (await nodeFetch(url, { agent })).text();
  },
  superagent: async () => {
    const { default: superagent } = await import("superagent");
    const agent = new HttpAgent({ keepAlive: true });
    return async () => (await superagent.get(url).agent(agent)).text;
  },
};

async function openManager(): ReturnType<typeof openNetworkAccessManager> {
  const trust = { type: "anchors", certificates: ca === "" ? [] : [ca] } as const;
  const manager = await openNetworkAccessManager({ tls: { trust } });
  const response = await manager.fetch(url);
  await response.text();
  const alpn = transactionOf(response)?.hops[0]?.tls?.alpn;
  if ((alpn === "h2") !== (protocol === "h2")) throw new Error(`${protocol} was to be spoken, and not ${String(alpn)}`);
  return manager;
}

/** With as many connections as it likes, as an application has it. */
function openAgent(): Agent {
  return new Agent({ allowH2: protocol === "h2", connect: { ca } });
}

/** Nobody is fast by leaving something out. */
async function checked(once: Once): Promise<void> {
  const text = await once();
  if (text.length !== 1024) throw new Error(`got ${String(text.length)} bytes where 1024 were sent`);
}

answer(async (message) => {
  // bench/requests.ts says nothing else.
  const { concurrency, count } = message as { concurrency: number; count: number };
  const open = openers[side];
  if (open === undefined) throw new Error(`there is no side ${side}`);
  const once = await open();
  return callCost(() => checked(once), { concurrency, count });
});
