import { fakeDetails, fakeHello, fakeHop, fakeListed } from "./fake-transaction.ts";
import type { FakeScenario } from "./serve-fake-console.ts";

const redirected = fakeListed(2, {
  url: "https://www.example.com/weather/today",
  mediaType: "text/html",
  hopCount: 3,
  durationMilliseconds: 214,
  receivedBytes: 18_220,
});

const refused = fakeListed(5, {
  url: "https://expired.example.net/",
  state: "failed",
  status: undefined,
  mediaType: "",
  error: "CERTIFICATE_EXPIRED",
  security: "none",
  receivedBytes: 0,
  durationMilliseconds: 31,
});

const transactions = [
  fakeListed(1),
  redirected,
  fakeListed(3, { method: "POST", status: 201, sentBytes: 2_048, url: "https://api.example.com/v1/stations" }),
  fakeListed(4, {
    url: "http://intranet.local:8080/status",
    security: "insecure",
    mediaType: "text/plain",
    protocol: "HTTP/1.1",
  }),
  refused,
  fakeListed(6, {
    reason: "cache",
    status: 200,
    url: "https://cdn.example.com/maps/europe.png",
    mediaType: "image/png",
  }),
  fakeListed(7, { status: 404, url: "https://api.example.com/v1/observations/999999" }),
  fakeListed(8, {
    status: 503,
    url: "https://api.example.com/v1/forecast?station=06610&days=14",
    durationMilliseconds: 1_840,
  }),
  fakeListed(9, {
    url: `https://sensors.laboratory.a-very-long-name-of-a-department.example.org/${"measurements/".repeat(12)}latest.json`,
    security: "excepted",
  }),
  fakeListed(10, {
    state: "under-way",
    status: undefined,
    mediaType: "",
    security: "none",
    receivedBytes: 0,
    durationMilliseconds: 920,
    isOwn: true,
    url: "https://slow.example.com/export?from=2026-01-01",
  }),
];

/** A program that has made ten requests, each of another kind. */
export const everyKind: FakeScenario = {
  events: [fakeHello, { type: "transactions", transactions }, { type: "connectivity", state: "online" }],
  answers: {
    ...Object.fromEntries(transactions.map((each) => [`GET transactions/${each.id}`, { json: fakeDetails(each) }])),
    "GET transactions/2": {
      json: fakeDetails(redirected, [
        fakeHop({
          url: "http://example.com/weather/today",
          reason: "hsts",
          status: 307,
          statusText: "Internal Redirect",
        }),
        fakeHop({
          url: "https://example.com/weather/today",
          reason: "redirect",
          status: 301,
          statusText: "Moved Permanently",
        }),
        fakeHop({ url: "https://www.example.com/weather/today" }),
      ]),
    },
    "POST fetch": { json: { id: 10 } },
  },
};

/** A program that has made no request. */
export const nothingYet: FakeScenario = {
  events: [fakeHello, { type: "connectivity", state: "unknown" }],
  answers: {},
};
