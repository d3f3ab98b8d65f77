import { codedCauseOf, type Hop } from "@fairlead/access";
import { type HarEntry, readContent, toHar } from "@fairlead/access/har";
import { type CertificateProblem, TlsError } from "@fairlead/core";
import { redactUrls } from "@fairlead/http/redaction";
import type {
  BodyFacts,
  HopDetails,
  HopTls,
  ListedTransaction,
  ShownField,
  ShownProblem,
  TransactionDetails,
} from "../protocol/index.ts";
import type { PeerCertificates, RefusedCertificates } from "./peer-certificates.ts";
import { errorWord, type LoggedTransaction } from "./transaction-log.ts";

/** What is looked up beside the transaction itself. */
export interface ViewGround {
  readonly now: number;
  readonly isOwn: boolean;
  /** Whether credentials, cookies and tokens are shown. */
  readonly showsSecrets: boolean;
  certificatesOf(hop: Hop): PeerCertificates | undefined;
  /** What was refused, where an error tells of it. */
  refused(error: Error): RefusedCertificates | undefined;
}

/** Characters of a URL in the list. */
const LISTED_URL_LIMIT = 2_048;
/** Bytes of a body, its content codings undone: one that was 1 MiB on its way may be a bomb. */
const CONTENT_LIMIT_BYTES = 32 * 1024 * 1024;

/** What the list shows of a transaction. */
export function listTransaction(
  logged: LoggedTransaction,
  { now, isOwn, showsSecrets }: Pick<ViewGround, "now" | "isOwn" | "showsSecrets">,
): ListedTransaction {
  const { id, method, error, startedAt, endedAt } = logged;
  const { hops } = logged.transaction;
  const last = hops.at(-1);
  const shownUrl = (url: string): string => shorten(showsSecrets ? url : redactUrls(url));
  return {
    id,
    method,
    url: shownUrl(logged.url),
    lastUrl: shownUrl(last?.url ?? logged.url),
    state: endedAt === undefined ? "under-way" : error === undefined ? "done" : "failed",
    status: last?.status,
    mediaType: mediaTypeOf(contentTypeOf(last?.messages?.responseFields)),
    error: error && errorWord(error),
    startedAt,
    durationMilliseconds: (endedAt ?? now) - startedAt,
    receivedBytes: receivedBytesOf(logged),
    sentBytes: hops.reduce((sum, hop) => sum + hop.sentBodyBytes, 0),
    reason: last?.reason ?? "network",
    hopCount: hops.length,
    protocol: last === undefined ? "" : protocolOf(last),
    isOwn,
    security: last === undefined ? "none" : securityOf(last),
  };
}

/** Body bytes that came so far. */
export function receivedBytesOf({ transaction }: LoggedTransaction): number {
  return transaction.hops.reduce((sum, hop) => sum + hop.bodyBytes, 0);
}

/** All that is shown of a transaction when somebody looks at it. */
export function describeTransaction(logged: LoggedTransaction, ground: ViewGround): TransactionDetails {
  const coded = codedCauseOf(logged.error);
  return {
    ...listTransaction(logged, ground),
    hops: logged.transaction.hops.map((hop) => describeHop(hop, ground)),
    remedy: coded?.remedy,
    errorMessage: logged.error?.message,
  };
}

/** A body of a hop. */
export type BodySide = "request-body" | "response-body";

/** Reads a body that is kept, its content codings undone; `undefined` for one that is not, or that grows beyond all bounds. */
export function readBody(hop: Hop, side: BodySide): Uint8Array | undefined {
  const { messages } = hop;
  const body = side === "request-body" ? messages?.requestBody : messages?.responseBody;
  const coding = side === "request-body" ? "" : [messages?.responseFields?.["content-encoding"] ?? []].flat().join(",");
  return body && readContent(body, coding, CONTENT_LIMIT_BYTES)?.bytes;
}

function describeHop(hop: Hop, ground: ViewGround): HopDetails {
  const { request, response } = entryOf(hop, ground.showsSecrets);
  const { messages, error, connection } = hop;
  const refused = error && ground.refused(error);
  return {
    method: request.method,
    url: request.url,
    reason: hop.reason,
    status: hop.status,
    statusText: messages?.statusText ?? "",
    location: response.redirectURL === "" ? undefined : response.redirectURL,
    requestFields: request.headers.map(pairOf),
    responseFields: response.headers.map(pairOf),
    requestBody: bodyFacts(messages?.requestBody, valueOf(request.headers, "content-type")),
    responseBody: bodyFacts(messages?.responseBody, valueOf(response.headers, "content-type")),
    startedAt: hop.startedAt,
    timing: Object.fromEntries(Object.entries(hop.timing).filter(([, value]) => value !== undefined)),
    receivedBytes: hop.bodyBytes,
    decodedBytes: hop.decodedBytes,
    sentBytes: hop.sentBodyBytes,
    reused: hop.reused,
    remoteAddress: connection?.remoteAddress,
    connectionId: connection?.id,
    protocol: protocolOf(hop),
    route: hop.route,
    repeats: hop.repeats,
    cache: hop.cache,
    hsts: hop.hsts,
    error: error && errorWord(error),
    problems: error === undefined ? [] : problemsOf(error),
    refusedChain: refused?.chain ?? [],
    refusedStaple: refused?.staple,
    tls: tlsOf(hop, ground.certificatesOf(hop)),
  };
}

/** An archive knows already what was sent, and what of it is secret. */
function entryOf(hop: Hop, showsSecrets: boolean): HarEntry {
  const creator = { name: "", version: "" };
  const [entry] = toHar([{ hops: [hop] }], { creator, bodies: false, dangerous: { secrets: showsSecrets } }).log
    .entries;
  // There is one for each hop.
  return entry as HarEntry;
}

function pairOf({ name, value }: { readonly name: string; readonly value: string }): ShownField {
  return [name, value];
}

function valueOf(fields: HarEntry["request"]["headers"], lowerCaseName: string): string {
  return fields.find(({ name }) => name.toLowerCase() === lowerCaseName)?.value ?? "";
}

function bodyFacts(
  body: { readonly bytes: number; readonly isWhole: boolean } | undefined,
  contentType: string,
): BodyFacts | undefined {
  if (body === undefined || (body.isWhole && body.bytes === 0)) return undefined;
  return { keptBytes: body.isWhole ? body.bytes : undefined, mediaType: mediaTypeOf(contentType) };
}

function tlsOf({ tls, earlyData }: Hop, certificates: PeerCertificates | undefined): HopTls | undefined {
  if (tls === undefined) return undefined;
  return {
    backend: tls.backend,
    library: tls.library,
    protocol: tls.protocol,
    cipher: tls.cipher,
    group: certificates?.group,
    alpn: tls.alpn,
    resumed: tls.resumed,
    earlyData,
    authorized: tls.authorized,
    trust: tls.trust,
    repairedFrom: tls.repairedFrom,
    serverName: tls.serverName,
    clientIdentity: tls.clientIdentity,
    staple: certificates?.staple,
    chain: certificates?.chain ?? [],
  };
}

function problemsOf(error: Error): readonly ShownProblem[] {
  const coded = codedCauseOf(error);
  return coded instanceof TlsError ? coded.problems.map(showProblem) : [];
}

/** A problem of a certificate as plain data. */
export function showProblem({ code, certificate, detail, message, remedy }: CertificateProblem): ShownProblem {
  return { code, index: certificate.index, detail, message, remedy };
}

function securityOf({ connection, isExcepted }: Hop): ListedTransaction["security"] {
  if (connection === undefined) return "none";
  if (connection.tls === undefined) return "insecure";
  return connection.tls.authorized && !isExcepted ? "verified" : "excepted";
}

function protocolOf({ httpVersion }: Hop): string {
  return httpVersion === undefined ? "" : `HTTP/${httpVersion}`;
}

type Fields = NonNullable<Hop["messages"]>["responseFields"];

function contentTypeOf(fields: Fields): string {
  return [fields?.["content-type"] ?? []].flat()[0] ?? "";
}

function mediaTypeOf(contentType: string): string {
  return shorten((contentType.split(";", 1)[0] ?? "").trim().toLowerCase(), 100);
}

function shorten(text: string, limit = LISTED_URL_LIMIT): string {
  return text.length <= limit ? text : `${text.slice(0, limit)}…`;
}
