import { AuthenticationError } from "@fairlead/core";
import type { Reply } from "@fairlead/access";
import { readJson } from "@fairlead/http/json";
import type { OAuthClientOptions } from "./options.ts";

/** What is asked of whom, for errors; and what has been sent, which no error may repeat. */
export interface Question {
  /** The authorization server's host. */
  readonly peer: string;
  readonly operation: string;
  /** Values that are secrets, as they were sent. */
  readonly secrets: Set<string>;
  /** How the manager's cache is used for what is public; `no-cache` by default. */
  readonly cache?: "default" | "no-cache";
}

/** What the protocol's library calls in place of `fetch`. */
export type ManagerFetch = (url: string, request: ManagerFetchRequest) => Promise<Response>;

interface ManagerFetchRequest {
  readonly method: string;
  readonly headers: Record<string, string>;
  readonly body?: URLSearchParams | string | ReadableStream | ArrayBuffer | Uint8Array | null | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** Octets that an authorization server's answer may have. */
const ANSWER_LIMIT_BYTES = 1_048_576;

/** For one request to an authorization server. */
export const DEFAULT_TIMEOUT_MILLISECONDS = 30_000;

/** Parameters that nobody may read but the server. */
const secretParameters: ReadonlySet<string> = new Set([
  "assertion",
  "client_assertion",
  "client_secret",
  "code",
  "code_verifier",
  "device_code",
  "refresh_token",
  "token",
]);

/** Asks by the manager: without cookies, redirects or repetition, for no longer and for no more than is allowed. */
export function managerFetch(
  { manager, timeout = DEFAULT_TIMEOUT_MILLISECONDS }: Pick<OAuthClientOptions, "manager" | "timeout">,
  question: Question,
): ManagerFetch {
  return async (url, { method, headers, body, signal }) => {
    if (body instanceof URLSearchParams) collectSecrets(body, question.secrets);
    const reply = await manager.request(url, {
      method,
      // Who asks is the application, not the library of the protocol.
      headers: { ...headers, "user-agent": undefined },
      ...(body instanceof URLSearchParams || typeof body === "string" ? { body: String(body) } : {}),
      ...(signal === undefined ? {} : { signal }),
      // Keys are looked for when one is not known, by when the cache's may be old.
      cache: method === "GET" && headers["authorization"] === undefined ? (question.cache ?? "no-cache") : "no-store",
      cookies: false,
      authenticator: false,
      onAuthenticate: false,
      redirect: { type: "manual" },
      retry: false,
      timeoutMilliseconds: timeout,
    });
    return readAnswer(reply, method, question);
  };
}

function collectSecrets(body: URLSearchParams, secrets: Set<string>): void {
  for (const [name, value] of body) if (secretParameters.has(name)) secrets.add(value);
}

async function readAnswer(reply: Reply, method: string, question: Question): Promise<Response> {
  const { status } = reply;
  if (status === 429 || status >= 500) {
    reply.discard();
    throw new AuthenticationError("OAUTH_UNAVAILABLE", { ...factsOf(question), detail: `status ${String(status)}` });
  }
  if (status >= 300 && status < 400) {
    reply.discard();
    throw invalidAnswer(question, "it leads elsewhere");
  }
  const bytes = await readBounded(reply, question);
  const fields = fieldsOf(reply, method);
  const isRead = isJson(fields) || (status < 300 && bytes.length > 0 && !isJwt(fields));
  const value = isRead ? strictJson(bytes, question) : undefined;
  const meant = method === "POST" && status === 200 && isRefusal(value) ? 400 : status;
  return new Response(bytes.length === 0 ? null : bytes, { status: meant, headers: fields });
}

async function readBounded(reply: Reply, question: Question): Promise<Uint8Array<ArrayBuffer>> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of reply) {
    length += chunk.length;
    if (length > ANSWER_LIMIT_BYTES) throw invalidAnswer(question, "more than 1 MiB");
    chunks.push(chunk);
  }
  return new Uint8Array(Buffer.concat(chunks, length));
}

/** What the library reads of a response. */
const fieldsRead = ["content-type", "dpop-nonce", "www-authenticate"] as const;

function fieldsOf({ headers }: Reply, method: string): Headers {
  const fields = new Headers();
  for (const name of fieldsRead) {
    // What a server says there beside an error in JSON says less than the error does. RFC 6749 section 5.2.
    if (name === "www-authenticate" && method === "POST") continue;
    const value = headers[name];
    if (value !== undefined) fields.set(name, typeof value === "string" ? value : value.join(", "));
  }
  return fields;
}

function isJson(fields: Headers): boolean {
  return /^application\/(?:[\w.-]+\+)?json\s*(?:;|$)/i.test(fields.get("content-type") ?? "");
}

function isJwt(fields: Headers): boolean {
  return /^application\/(?:[\w.-]+\+)?jwt\s*(?:;|$)/i.test(fields.get("content-type") ?? "");
}

/** What two readers could understand differently is no answer. */
function strictJson(bytes: Uint8Array, question: Question): unknown {
  let text: string;
  try {
    text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    throw invalidAnswer(question, "no JSON: it is not UTF-8");
  }
  try {
    return readJson(text);
  } catch (cause) {
    throw invalidAnswer(question, "no JSON that everybody reads alike", cause);
  }
}

/** Some servers refuse with a status that says otherwise: GitHub does, of devices that nobody has signed in on yet. */
function isRefusal(value: unknown): boolean {
  if (typeof value !== "object" || value === null || !("error" in value)) return false;
  return typeof value.error === "string" && !("access_token" in value) && !("active" in value);
}

function invalidAnswer(question: Question, detail: string, cause?: unknown): AuthenticationError {
  return new AuthenticationError("OAUTH_RESPONSE_INVALID", { ...factsOf(question), detail, cause });
}

function factsOf({ peer, operation }: Question): Pick<Question, "peer" | "operation"> {
  return { peer, operation };
}
