import type {
  BodyFacts,
  HopDetails,
  HopTls,
  ListedTransaction,
  ShownProblem,
  TransactionDetails,
} from "../../protocol/index.ts";
import { readStaple } from "./staple.ts";
import { flag, list, type Members, moment, number, object, oneOf, optional, pair, text, whole } from "./reader.ts";

const listed: Members<ListedTransaction> = {
  id: whole,
  method: text,
  url: text,
  lastUrl: text,
  state: oneOf("under-way", "done", "failed"),
  status: optional(number),
  mediaType: text,
  error: optional(text),
  startedAt: moment,
  durationMilliseconds: number,
  receivedBytes: number,
  sentBytes: number,
  reason: text,
  hopCount: number,
  protocol: text,
  isOwn: flag,
  security: oneOf("verified", "excepted", "insecure", "none"),
};

const body = object<BodyFacts>({ keptBytes: optional(number), mediaType: text });

/** Something wrong with a certificate. */
export const readProblemOfCertificate = object<ShownProblem>({
  code: text,
  index: whole,
  detail: optional(text),
  message: text,
  remedy: text,
});

const tls = object<HopTls>({
  backend: text,
  library: text,
  protocol: optional(text),
  cipher: optional(text),
  group: optional(text),
  alpn: optional(text),
  resumed: flag,
  earlyData: text,
  authorized: flag,
  trust: text,
  repairedFrom: optional(text),
  serverName: optional(text),
  clientIdentity: optional(text),
  staple: optional(readStaple),
  chain: list(text),
});

const milliseconds = optional(number);

const timing = object<HopDetails["timing"]>({
  blocked: milliseconds,
  resolve: milliseconds,
  connect: milliseconds,
  secure: milliseconds,
  send: milliseconds,
  response: milliseconds,
  body: milliseconds,
  total: milliseconds,
});

const hop = object<HopDetails>({
  method: text,
  url: text,
  reason: text,
  status: optional(number),
  statusText: text,
  location: optional(text),
  requestFields: list(pair(text)),
  responseFields: list(pair(text)),
  requestBody: optional(body),
  responseBody: optional(body),
  startedAt: moment,
  timing,
  receivedBytes: number,
  decodedBytes: optional(number),
  sentBytes: number,
  reused: flag,
  remoteAddress: optional(text),
  connectionId: optional(number),
  protocol: text,
  route: list(text),
  repeats: list(text),
  cache: optional(object({ use: text, ageSeconds: number })),
  hsts: optional(text),
  error: optional(text),
  problems: list(readProblemOfCertificate),
  refusedChain: list(text),
  refusedStaple: optional(readStaple),
  tls: optional(tls),
});

/** What the list shows of a transaction. */
export const readListedTransaction = object<ListedTransaction>(listed);

/** All about a transaction. */
export const readTransactionDetails = object<TransactionDetails>({
  ...listed,
  hops: list(hop),
  remedy: optional(text),
  errorMessage: optional(text),
});
