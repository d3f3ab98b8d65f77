import { install, type NetworkAccessManager } from "@fairlead/access";
import { GetObjectCommand, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import axios from "axios";
import got from "got";
import nodeFetch from "node-fetch";
import { once } from "node:events";
import http, { type IncomingMessage } from "node:http";
import https from "node:https";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import * as undici from "undici";

/** What a library is asked for. */
export interface Asked {
  readonly url: string;
  /** `GET` or `PUT`: what all of them have. */
  readonly method?: "GET" | "PUT";
  readonly body?: Buffer | { readonly length: number; open(): Readable };
  readonly signal?: AbortSignal;
}

/** What a library gives. */
export interface Answered {
  readonly status: number;
  readonly body: AsyncIterable<Uint8Array>;
  /** What `transactionOf` takes; `undefined` where the library's own result leads to no transaction. */
  readonly telling: object | undefined;
}

/** A library that was turned to a manager. */
export interface Library extends Disposable {
  ask(asked: Asked): Promise<Answered>;
}

/** A library, and the line by which it is turned to a manager. */
export interface Adapter {
  readonly name: string;
  readonly turn: (manager: NetworkAccessManager) => Library;
  /** Whether it follows redirects by itself. */
  readonly follows: boolean;
  /** Whether it says by itself, in each request, who it is. */
  readonly signs?: boolean;
  /** Whether HSTS's upgrade comes to it as the redirect that it is. */
  readonly seesUpgrades: boolean;
}

/** By node:http's agents: what is asked does not know that there is a manager. */
interface Agents {
  readonly httpAgent: http.Agent;
  readonly httpsAgent: https.Agent;
}

export const adapters: readonly Adapter[] = [
  { name: "undici.fetch", follows: true, seesUpgrades: false, turn: dispatching(fetching(undici.fetch)) },
  { name: "undici.request", follows: false, seesUpgrades: true, turn: dispatching(askUndici) },
  {
    name: "the global fetch by setGlobalDispatcher",
    follows: true,
    seesUpgrades: false,
    turn: dispatching((asked) => fetching(globalThis.fetch)(asked)),
  },
  {
    name: "the global fetch by install",
    follows: true,
    seesUpgrades: false,
    turn: (manager: NetworkAccessManager): Library => {
      const installation = install(manager);
      return {
        ask: (asked) => fetching(globalThis.fetch, true)(asked),
        [Symbol.dispose]: () => {
          installation.restore();
        },
      };
    },
  },
  { name: "axios", follows: true, seesUpgrades: false, turn: byAgents(askAxios) },
  { name: "got", follows: true, seesUpgrades: false, turn: byAgents(askGot) },
  { name: "node-fetch", follows: true, seesUpgrades: false, turn: byAgents(askNodeFetch) },
  { name: "the AWS SDK", follows: false, signs: true, seesUpgrades: false, turn: byAgents(askS3) },
  { name: "http.request and https.request", follows: false, seesUpgrades: false, turn: byAgents(askNode) },
];

function byAgents(ask: (asked: Asked, agents: Agents) => Promise<Answered>): Adapter["turn"] {
  return (manager) => {
    const agents = { httpAgent: manager.httpAgent(), httpsAgent: manager.httpsAgent() };
    return {
      ask: (asked) => ask(asked, agents),
      [Symbol.dispose]: () => {
        agents.httpAgent.destroy();
        agents.httpsAgent.destroy();
      },
    };
  };
}

function dispatching(ask: (asked: Asked) => Promise<Answered>): Adapter["turn"] {
  return (manager) => {
    const earlier = undici.getGlobalDispatcher();
    undici.setGlobalDispatcher(manager);
    return {
      ask,
      [Symbol.dispose]: () => {
        undici.setGlobalDispatcher(earlier);
      },
    };
  };
}

function bodyOf(asked: Asked): Buffer | Readable | undefined {
  const { body } = asked;
  return body === undefined || Buffer.isBuffer(body) ? body : body.open();
}

/** What tells the length of a body that comes in pieces. */
function lengthField({ body }: Asked): Record<string, string> {
  return body === undefined ? {} : { "content-length": String(body.length) };
}

/** @param tells whether its response is the manager's own. */
function fetching(
  fetch: typeof undici.fetch | typeof globalThis.fetch,
  tells = false,
): (asked: Asked) => Promise<Answered> {
  return async (asked) => {
    const { url, method = "GET", signal } = asked;
    const body = bodyOf(asked);
    const init = {
      method,
      ...(signal && { signal }),
      ...(body !== undefined && {
        body: body instanceof Uint8Array ? body : Readable.toWeb(body),
        duplex: "half",
      }),
    };
    // The two take the same; their types are of two versions of one package.
    const response = await (fetch as typeof globalThis.fetch)(url, init as RequestInit);
    return { status: response.status, body: response.body ?? Readable.from([]), telling: tells ? response : undefined };
  };
}

async function askUndici(asked: Asked): Promise<Answered> {
  const { url, method = "GET", signal } = asked;
  const { statusCode, body } = await undici.request(url, {
    method,
    headers: lengthField(asked),
    body: bodyOf(asked) ?? null,
    ...(signal && { signal }),
  });
  return { status: statusCode, body, telling: undefined };
}

async function askAxios(asked: Asked, agents: Agents): Promise<Answered> {
  const { url, method = "GET", signal } = asked;
  const response = await axios.request<Readable>({
    ...agents,
    proxy: false,
    url,
    method,
    data: bodyOf(asked),
    headers: { "content-type": "application/octet-stream", ...lengthField(asked) },
    maxBodyLength: Number.POSITIVE_INFINITY,
    responseType: "stream",
    validateStatus: () => true,
    ...(signal && { signal }),
  });
  return { status: response.status, body: response.data, telling: response };
}

async function askGot(asked: Asked, { httpAgent, httpsAgent }: Agents): Promise<Answered> {
  const { url, method = "GET", signal } = asked;
  const body = bodyOf(asked);
  const stream = got.stream(url, {
    agent: { http: httpAgent, https: httpsAgent },
    method,
    headers: lengthField(asked),
    retry: { limit: 0 },
    throwHttpErrors: false,
    ...(body instanceof Uint8Array && { body }),
    ...(signal && { signal }),
  });
  // It fails when what it is fed by fails, and tells so itself.
  if (body instanceof Readable) pipeline(body, stream).catch(() => undefined);
  const [response] = (await once(stream, "response")) as [{ statusCode: number }];
  return { status: response.statusCode, body: stream, telling: response };
}

async function askNodeFetch(asked: Asked, { httpAgent, httpsAgent }: Agents): Promise<Answered> {
  const { url, method = "GET", signal } = asked;
  const response = await nodeFetch(url, {
    agent: ({ protocol }) => (protocol === "http:" ? httpAgent : httpsAgent),
    method,
    headers: lengthField(asked),
    body: bodyOf(asked) ?? null,
    ...(signal && { signal }),
  });
  return {
    status: response.status,
    body: (response.body ?? Readable.from([])) as AsyncIterable<Buffer>,
    telling: undefined,
  };
}

async function askS3(asked: Asked, agents: Agents): Promise<Answered> {
  const { signal } = asked;
  const { origin, pathname, search, searchParams } = new URL(asked.url);
  const client = new S3Client({
    endpoint: origin,
    region: "elsewhere",
    forcePathStyle: true,
    maxAttempts: 1,
    credentials: { accessKeyId: "key", secretAccessKey: "secret" },
    requestHandler: agents,
    // It would send the body in an envelope of its own.
    requestChecksumCalculation: "WHEN_REQUIRED",
  });
  // The endpoints of the tests are no buckets, and their queries are part of what is signed.
  client.middlewareStack.add(
    (next) => (step) => {
      const request = step.request as { path: string; query: Record<string, string> };
      request.path = pathname;
      request.query = search === "" ? {} : Object.fromEntries(searchParams);
      return next(step);
    },
    { step: "build" },
  );
  const place = { Bucket: "bucket", Key: "key" };
  const options = signal === undefined ? {} : { abortSignal: signal };
  try {
    if (asked.method === "PUT") {
      const { length: ContentLength = 0 } = asked.body ?? {};
      const output = await client.send(
        new PutObjectCommand({ ...place, Body: bodyOf(asked) ?? Buffer.alloc(0), ContentLength }),
        options,
      );
      return { status: output.$metadata.httpStatusCode ?? 0, body: Readable.from([]), telling: undefined };
    }
    const output = await client.send(new GetObjectCommand(place), options);
    const body = output.Body as IncomingMessage;
    return { status: output.$metadata.httpStatusCode ?? 0, body, telling: body };
  } catch (error) {
    // It takes what is no success for an error.
    const status = (error as { $metadata?: { httpStatusCode?: number } }).$metadata?.httpStatusCode;
    if (status === undefined) throw error;
    return { status, body: Readable.from([]), telling: undefined };
  }
}

async function askNode(asked: Asked, { httpAgent, httpsAgent }: Agents): Promise<Answered> {
  const { url, method = "GET", signal } = asked;
  const common = { method, headers: lengthField(asked), ...(signal && { signal }) };
  const request = url.startsWith("https:")
    ? https.request(url, { ...common, agent: httpsAgent })
    : http.request(url, { ...common, agent: httpAgent });
  const responded = once(request, "response") as Promise<[IncomingMessage]>;
  const body = bodyOf(asked);
  if (body instanceof Readable) pipeline(body, request).catch(() => undefined);
  else request.end(body);
  const [response] = await responded;
  return { status: response.statusCode ?? 0, body: response, telling: response };
}
