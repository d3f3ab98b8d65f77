import type { Happened } from "../rules/what-happened.ts";
import { wordFor } from "../../text/word-for.ts";
import type { TransactionMessages } from "./messages.ts";

const number = new Intl.NumberFormat("en");

const repeats: Readonly<Record<string, string>> = {
  "client-certificate": "the server wanted a client certificate",
  "certificate-exception": "the certificate was accepted as an exception",
  "too-early": "the server did not want to act on early data",
  misdirected: "the server does not answer for this origin on that connection",
  route: "the way before led nowhere",
  "proxy-authentication": "the proxy wanted to know who asks",
  retry: "it failed, and may be tried again",
  authentication: "the server wanted to know who asks",
};

const repairs: Readonly<Record<string, string>> = {
  learned: "was known from another server",
  preloaded: "came with the program",
  fetched: "was fetched from where the certificate says",
};

const cacheUses: Readonly<Record<string, string>> = {
  fresh: "Still fresh",
  validated: "Confirmed by the server",
  stale: "Past its time, used all the same",
};

/** What the details of a request say, in English. */
export const transaction: TransactionMessages = {
  label: "Details of the request",
  views: "Parts of the details",
  back: "Back to the list",
  close: "Close the details",
  loading: "Reading…",
  failed: "The request could not be read.",
  tryAgain: "Try again",
  gone: "This request is not kept any longer",
  goneHint: "The program keeps the last requests only, or the list was cleared.",
  tabs: {
    overview: "Overview",
    response: "Response",
    request: "Request",
    hops: "Hops",
    timeline: "Timeline",
    security: "Security",
  },
  copyCurl: "Command for curl, without secrets",
  copyCurlWithBody: "Command for curl, with the whole body",
  giveUp: "Give up",
  download: "Download",
  attachment: "Sent as a file to keep",
  whatHappened: "What happened",
  happened: (happened: Happened, url) => {
    switch (happened.type) {
      case "upgraded":
        return `${url} was not asked: its host is known to want https.`;
      case "redirected":
        return `${url} answered ${happened.status} and led on.`;
      case "cached":
        return happened.use === "validated"
          ? `${url} was answered from the cache, after the server had said that it still holds.`
          : `${url} was answered from the cache; the answer was ${number.format(happened.ageSeconds)} s old.`;
      case "handled":
        return `${url} was answered by the handler of its scheme.`;
      case "answered":
        return `${url} answered ${happened.status}${happened.protocol === "" ? "" : ` over ${happened.protocol}`}.`;
      case "repeated":
        return `It was sent once more: ${wordFor(repeats, happened.reason)}.`;
      case "repaired":
        return `The server left out a certificate of its chain, which ${wordFor(repairs, happened.from)}.`;
      case "excepted":
        return "A certificate that verification refuses was let in.";
      case "failed":
        return `${url} failed.`;
      case "waiting":
        return `${url} has not answered yet.`;
    }
  },
  remedy: "What to do",
  facts: {
    status: "Status",
    address: "Address",
    protocol: "Protocol",
    type: "Type",
    started: "Started",
    duration: "Duration",
    received: "Received",
    sent: "Sent",
    decoded: "Unpacked",
    connection: "Connection",
    route: "Through",
    security: "Security",
    error: "Error",
    reason: "Answer",
    cache: "Cache",
    location: "Location",
    timing: "Timing",
    hsts: "HSTS",
  },
  answers: {
    network: "From the server",
    redirect: "From the server, which led on",
    hsts: "From nobody: the host is known to want https",
    cache: "From the cache",
    scheme: "From the handler of the scheme, without a network",
  },
  cached: (use, age) => `${wordFor(cacheUses, use)}, ${age} old`,
  hstsSources: {
    learned: "Learned from the host, or from one above it",
    preloaded: "On the list that browsers come with",
  },
  between: (count) => `and ${number.format(count)} more between`,
  connection: (id, isReused) => (isReused ? `No. ${id}, open already` : `No. ${id}, opened for it`),
  phases: {
    blocked: "waiting",
    resolve: "name",
    connect: "connect",
    secure: "TLS",
    send: "send",
    response: "first byte",
    body: "body",
    total: "total",
  },
  hop: "Hop",
  hopOf: (index, url) => `${number.format(index)}: ${url}`,
  headers: (count) => (count === 1 ? "1 field" : `${number.format(count)} fields`),
  noHeaders: "No fields.",
  noMessage: "There was no response.",
  body: "Body",
  noBody: "No body.",
  noTls: "No TLS on this hop",
  noTlsHint: "It went in the clear, was answered from memory, or no connection was made.",
  showMore: (more) => `Show more (${more} left)`,
};
