import { formatCount, formatDuration } from "../../text/quantities.ts";
import type { RequestTimelineMessages } from "./messages.ts";

/** What the time line of a request says, in English. */
export const requestTimeline: RequestTimelineMessages = {
  label: "Request timeline",
  columns: { request: "Request", result: "Result", duration: "Duration", phases: "Phases" },
  phases: {
    blocked: "Waiting for a connection",
    resolve: "Resolving the name",
    connect: "Connecting",
    secure: "Securing (TLS)",
    send: "Sending",
    wait: "Waiting for the answer",
    receive: "Receiving",
  },
  legend: "Legend",
  reasons: {
    redirect: "redirect followed",
    hsts: "raised to https (HSTS), nobody asked",
    cache: "from the cache",
    scheme: "answered without a network",
  },
  repeats: {
    "client-certificate": "a client certificate was wanted",
    "certificate-exception": "an exception for the certificate was made",
    "too-early": "the server wanted no early data",
    misdirected: "the connection was for another server",
    route: "the way before led nowhere",
    "proxy-authentication": "the proxy wanted to know who asks",
    retry: "it had failed",
    authentication: "the server wanted to know who asks",
  },
  repeated: (reason) => `Sent again: ${reason}`,
  reused: "On a connection that was there",
  earlyData: {
    accepted: "Sent as early data, accepted",
    rejected: "Sent as early data, rejected and sent again",
  },
  running: "Under way",
  failed: (error) => `Failed: ${error}`,
  duration: (milliseconds) => formatDuration(milliseconds, "en"),
  summary: (hops, milliseconds) =>
    `${hops === 1 ? "1 hop" : `${formatCount(hops, "en")} hops`}, ${formatDuration(milliseconds, "en")}`,
  between: (count) => `and ${formatCount(count, "en")} more between`,
  details: "Phases of this hop",
  empty: "No hops yet",
};
