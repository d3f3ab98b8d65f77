import type { SchemeCredentials, SchemeCredentialsQuestion, SchemeRequest, SchemeResponse } from "@fairlead/access";
import { once } from "node:events";
import { connect } from "node:net";
import type { Duplex } from "node:stream";

/** What a test says about a request, beside its URL. */
export interface RequestFacts {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: AsyncIterable<Uint8Array> | string;
  readonly partition?: string;
  readonly signal?: AbortSignal;
  readonly connectMilliseconds?: number;
  readonly openStream?: (host: string, port: number) => Promise<Duplex>;
  readonly authenticate?: (question: SchemeCredentialsQuestion) => Promise<SchemeCredentials | undefined>;
}

/** A request as a manager hands it over. */
export function schemeRequest(url: URL | string, facts: RequestFacts = {}): SchemeRequest {
  const { body } = facts;
  return {
    url: new URL(url),
    method: facts.method ?? "GET",
    headers: facts.headers ?? {},
    body: typeof body === "string" ? piecesOf(body) : body,
    partition: facts.partition ?? "",
    asker: facts.authenticate,
    signal: facts.signal ?? new AbortController().signal,
    connectMilliseconds: facts.connectMilliseconds ?? 30_000,
    openStream: facts.openStream ?? openTcp,
    authenticate: facts.authenticate ?? (() => Promise.resolve(undefined)),
  };
}

/** Opens a plain connection. */
export async function openTcp(host: string, port: number): Promise<Duplex> {
  const socket = connect({ host, port });
  await once(socket, "connect");
  return socket;
}

/** Reads a body whole. */
export async function bytesOf({ body }: SchemeResponse): Promise<Buffer> {
  if (body === undefined) return Buffer.alloc(0);
  if (body instanceof Uint8Array) return Buffer.from(body);
  const chunks: Uint8Array[] = [];
  for await (const chunk of body) chunks.push(chunk);
  return Buffer.concat(chunks);
}

/** Reads a body as text. */
export async function textOf(response: SchemeResponse): Promise<string> {
  return (await bytesOf(response)).toString();
}

async function* piecesOf(text: string): AsyncGenerator<Uint8Array> {
  await Promise.resolve();
  yield Buffer.from(text);
}
