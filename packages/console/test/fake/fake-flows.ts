import type {
  ConsoleEvent,
  MemoryKind,
  MemoryPage,
  ShownTestNetwork,
  ShownTransfer,
} from "../../src/protocol/index.ts";
import { memoryKinds } from "../../src/protocol/index.ts";
import type { FakeAnswer } from "./serve-fake-console.ts";

const transfer: ShownTransfer = {
  id: 1,
  url: "https://cdn.example.com/maps/europe.mbtiles",
  fileName: "europe.mbtiles",
  state: "paused",
  receivedBytes: 410_000_000,
  totalBytes: 1_200_000_000,
  resumedFrom: 120_000_000,
  error: undefined,
  remedy: undefined,
};

/** Downloads that rest, failed and are done. */
export const fakeTransfers: readonly ConsoleEvent[] = [
  { type: "transfer", transfer },
  {
    type: "transfer",
    transfer: {
      ...transfer,
      id: 2,
      url: "https://api.example.com/v1/observations.csv",
      fileName: "observations.csv",
      state: "failed",
      resumedFrom: 0,
      receivedBytes: 90_000,
      totalBytes: 120_000,
      error: "api.example.com closed the connection before the body was whole",
      remedy: "resume the download: what has come is kept",
    },
  },
  {
    type: "transfer",
    transfer: {
      ...transfer,
      id: 3,
      url: "https://api.example.com/v1/stations/06610.json",
      fileName: "station.json",
      state: "done",
      resumedFrom: 0,
      receivedBytes: 4_096,
      totalBytes: 4_096,
    },
  },
];

const counts: Readonly<Record<MemoryKind, number>> = {
  hsts: 3,
  cookies: 0,
  tickets: 2,
  intermediates: 1,
  redirects: 0,
  responses: 0,
  exceptions: 0,
};

const hosts = ["api.example.com", "cdn.example.com", "www.example.com"];

const hsts: MemoryPage = {
  kind: "hsts",
  total: 3,
  from: 0,
  things: hosts.map((subject) => ({
    key: `hsts ${subject}`,
    subject,
    facts: [["subdomains", "yes"]],
    expires: "2027-11-22T09:30:00.000Z",
  })),
};

const network: ShownTestNetwork = {
  services: [
    {
      kind: "service",
      name: "https-expired",
      family: "https",
      url: "https://expired.fairlead.test/",
      description: "shows a certificate that has expired",
    },
    {
      kind: "service",
      name: "https-incomplete",
      family: "https",
      url: "https://incomplete.fairlead.test/",
      description: "leaves its intermediate out",
    },
    { kind: "service", name: "socks5", family: "proxies", url: undefined, description: "forwards by SOCKS 5" },
    {
      kind: "endpoint",
      name: "/redirect/:code",
      family: "redirects",
      url: "https://a.fairlead.test/redirect/301",
      description: "redirects with a status",
    },
  ],
  faults: [{ id: "1", type: "reset", service: "https-expired", description: "afterBytes 100", hits: 2 }],
  faultTypes: [
    {
      type: "delay",
      description: "waits before it goes on",
      parameters: [
        {
          name: "milliseconds",
          description: "how long",
          least: 0,
          most: 60_000,
          isRequired: true,
          fallback: undefined,
        },
        { name: "probability", description: "how often it acts", least: 0, most: 1, isRequired: false, fallback: 1 },
      ],
    },
    { type: "reset", description: "resets the connection", parameters: [] },
  ],
};

/** What a manager remembers, and what there is to try. */
export const fakeFlows: Readonly<Record<string, FakeAnswer>> = {
  "GET memory": { json: counts },
  ...Object.fromEntries(
    memoryKinds.map((kind) => [
      `GET memory/${kind}`,
      { json: kind === "hsts" ? hsts : { kind, total: 0, from: 0, things: [] } },
    ]),
  ),
  "DELETE memory/hsts": {},
  "DELETE memory/hsts/hsts%20api.example.com": {},
  "GET test-network": { json: network },
  "POST test-network/faults": { json: network.faults[0] },
  "DELETE test-network/faults/1": {},
  "POST downloads": { json: transfer },
  "POST downloads/1/resume": {},
};
