import type { RecordedRequest, TestNetwork } from "@fairlead/testserver";
import { formatMilliseconds } from "../terminal/quantities.ts";
import type { ChildOutcome } from "./child-request.ts";

/** One request of the tour, what it is to show, and how that is checked. */
export interface TourStep {
  readonly title: string;
  readonly explanation: string;
  readonly url: (network: TestNetwork) => string;
  /** Name of the file that the body goes to; `undefined` for none. */
  readonly file?: string;
  readonly check: (facts: StepFacts) => readonly Check[];
}

/** What is known when a step is done. */
export interface StepFacts {
  readonly outcome: ChildOutcome;
  /** What the servers saw of it. */
  readonly seen: readonly RecordedRequest[];
  /** Outcomes of the steps before. */
  readonly earlier: readonly ChildOutcome[];
}

/** One claim, and whether it is true. */
export interface Check {
  readonly claim: string;
  readonly holds: boolean;
}

/** Hosts that the tour goes to; both are in the good certificate, and nowhere in the DNS. */
export const tourHosts = ["fairlead.test", "other.test"] as const;

const keptPage = "/cache/max-age/3600";

/** The tour. */
export const tourSteps: readonly TourStep[] = [
  {
    title: "A page over https teaches HSTS",
    explanation:
      "The answer carries Strict-Transport-Security: from now on this host wants https. That goes to the store, and the TLS tickets of the connection with it.",
    url: (network) => `${either(network, "https", "fairlead.test")}/hsts`,
    check: ({ outcome, seen }) => [
      {
        claim: "full TLS handshake, certificate verified",
        holds: isVerified(outcome) && resumed(outcome, seen) === false,
      },
      {
        claim: "the answer said Strict-Transport-Security: max-age=31536000",
        holds: outcome.status === 200 && outcome.headers["strict-transport-security"] === "max-age=31536000",
      },
    ],
  },
  {
    title: "http becomes https before a byte is sent",
    explanation:
      "A new process reads in the store that the host wants https. It answers itself with 307 Internal Redirect, and only then opens a connection.",
    url: (network) => `${either(network, "http", "fairlead.test")}/echo`,
    check: ({ outcome: { hops, status }, seen }) => [
      {
        claim: "the first hop is a 307 by memory (HSTS), without a connection",
        holds: hops[0]?.status === 307 && hops[0].reason === "hsts" && hops[0].connection === undefined,
      },
      {
        claim: "the server saw one request, over TLS, and nothing in the clear",
        holds: status === 200 && hops.length === 2 && seen.length === 1 && seen.every(({ tls }) => tls !== undefined),
      },
    ],
  },
  {
    title: "The same again from yet another process",
    explanation:
      "Its TLS session is resumed with a ticket from the store: no certificate is sent or checked again, and with TLS 1.2 a round trip is saved. Each ticket is used once.",
    url: (network) => `${either(network, "http", "fairlead.test")}/echo`,
    check: resumption,
  },
  {
    title: "A page that may be kept",
    explanation: "The answer says for how long it is good. It is kept beside the store, in a database of its own.",
    url: (network) => `${either(network, "https", "fairlead.test")}${keptPage}`,
    check: ({ outcome, seen }) => [
      {
        claim: "the server answered, and said Cache-Control: max-age=3600",
        holds: outcome.status === 200 && seen.length === 1 && outcome.headers["cache-control"] === "max-age=3600",
      },
    ],
  },
  {
    title: "The same page, without asking",
    explanation: "Another process finds it, and needs no connection. 'fairlead get --no-cache' would ask all the same.",
    url: (network) => `${either(network, "https", "fairlead.test")}${keptPage}`,
    check: ({ outcome: { hops, status }, seen }) => [
      {
        claim: "the answer came from memory, without a connection",
        holds: status === 200 && hops[0]?.reason === "cache" && hops[0].connection === undefined,
      },
      { claim: "the server saw no request", holds: seen.length === 0 },
    ],
  },
  {
    title: "A download that is cut goes on",
    explanation:
      "The server closes the connection in the middle. What is missing is asked for by its range, and only of the same version of the file, which gets its name when it is whole.",
    file: "a.bin",
    url: (network) => `${either(network, "https", "fairlead.test")}/file/90000?cut=30000`,
    check: ({ outcome: { exitCode, bodyBytes }, seen }) => [
      {
        claim: "the second request asked for the bytes from 30,000 on, if the file was still the same",
        holds: seen.length === 2 && seen[1]?.headers["range"] === "bytes=30000-" && "if-range" in seen[1].headers,
      },
      { claim: "the file has all of its 90,000 bytes", holds: exitCode === 0 && bodyBytes === 90_000 },
    ],
  },
  {
    title: "A redirect from https to http is refused",
    explanation:
      "Whoever listens could read what follows. The policy 'no-less-safe' is the default; had other.test taught HSTS before, the redirect would lead to https and be followed.",
    url: (network) => `${either(network, "https", "other.test")}/redirect/302/http`,
    check: ({ outcome, seen }) => [
      refusal(outcome, "REDIRECT_LESS_SAFE", 6),
      { claim: "nothing was sent over http", holds: seen.length === 1 && seen.every(({ tls }) => tls !== undefined) },
    ],
  },
  {
    title: "A loop of 20 redirects is stopped",
    explanation: "After 20 redirects it is enough. The error tells where the loop begins.",
    url: (network) => `${either(network, "https", "fairlead.test")}/redirect/loop/20`,
    check: ({ outcome, seen }) => [
      refusal(outcome, "REDIRECT_LOOP", 6),
      {
        claim: "21 requests on one connection, 20 of them redirects",
        holds:
          outcome.hops.length === 21 &&
          seen.length === 21 &&
          new Set(seen.map(({ connection }) => connection)).size === 1,
      },
    ],
  },
  {
    title: "An expired certificate is refused",
    explanation: "The error says which host, what is wrong and what mends it. No request is sent.",
    url: (network) => `https://fairlead.test:${network.service("https-expired").port}/`,
    check: ({ outcome, seen }) => [
      refusal(outcome, "CERTIFICATE_EXPIRED", 4),
      { claim: "the server saw no request", holds: seen.length === 0 },
    ],
  },
];

function resumption({ outcome, seen, earlier }: StepFacts): readonly Check[] {
  const holds = outcome.status === 200 && isVerified(outcome) && resumed(outcome, seen) === true;
  return [{ claim: `the TLS session was resumed, the server says so too${comparison(earlier[0], outcome)}`, holds }];
}

/** The listener that speaks both, so that HSTS, which keeps a port, finds TLS where http was. */
function either(network: TestNetwork, scheme: "http" | "https", host: (typeof tourHosts)[number]): string {
  return `${scheme}://${host}:${network.service("http-or-https").port}`;
}

function refusal({ exitCode, errorCode, status }: ChildOutcome, code: string, expectedExit: number): Check {
  return {
    claim: `no response, but ${code} and exit code ${expectedExit}`,
    holds: errorCode === code && exitCode === expectedExit && status === undefined,
  };
}

function isVerified({ hops }: ChildOutcome): boolean {
  return hops.at(-1)?.connection?.tls?.authorized === true;
}

/** Whether the session was resumed; `undefined` when client and server disagree, or there was no TLS. */
function resumed({ hops }: ChildOutcome, seen: readonly RecordedRequest[]): boolean | undefined {
  const client = hops.at(-1)?.connection?.tls?.resumed;
  return client === seen.at(-1)?.tls?.sessionReused ? client : undefined;
}

/** Figures without a judgement: on loopback, in a process that has just begun, they vary more than they differ. */
function comparison(full: ChildOutcome | undefined, now: ChildOutcome): string {
  const [before, after] = [full, now].map((outcome) => outcome?.hops.at(-1)?.timing.secure);
  if (before === undefined || after === undefined) return "";
  return ` (${formatMilliseconds(after)} ms; the full handshake of step 1: ${formatMilliseconds(before)} ms)`;
}
