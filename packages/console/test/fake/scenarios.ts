import { PNG } from "pngjs";
import type { HopTls } from "../../src/protocol/index.ts";
import { fakeCertificates, fakeExpiredCertificates } from "./fake-certificates.ts";
import { fakeSettings } from "./fake-settings.ts";
import { fakeFlows, fakeTransfers } from "./fake-flows.ts";
import { fakeDetails, fakeHello, fakeHop, fakeListed, fakeStart } from "./fake-transaction.ts";
import type { FakeScenario } from "./serve-fake-console.ts";

const redirected = fakeListed(2, {
  isOwn: true,
  lastUrl: "https://www.example.com/weather/today",
  url: "http://example.com/weather/today",
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

const posting = fakeListed(3, {
  method: "POST",
  status: 201,
  sentBytes: 2_048,
  url: "https://api.example.com/v1/stations",
});

const cached = fakeListed(6, {
  reason: "cache",
  status: 200,
  url: "https://cdn.example.com/maps/europe.png",
  mediaType: "image/png",
});

const missing = fakeListed(7, { status: 404, url: "https://api.example.com/v1/observations/999999" });

const transactions = [
  fakeListed(1),
  redirected,
  posting,
  fakeListed(4, {
    url: "http://intranet.local:8080/status",
    security: "insecure",
    mediaType: "text/plain",
    protocol: "HTTP/1.1",
  }),
  refused,
  cached,
  missing,
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

const tls: HopTls = {
  backend: "node",
  library: "OpenSSL 3.5.4",
  protocol: "TLSv1.3",
  cipher: "TLS_AES_256_GCM_SHA384",
  group: "X25519MLKEM768",
  alpn: "h2",
  resumed: false,
  earlyData: "none",
  authorized: true,
  trust: "the certificates of this system",
  repairedFrom: "learned",
  serverName: "shop.harbour.test",
  clientIdentity: undefined,
  staple: { type: "good", thisUpdate: "2026-11-21T06:00:00.000Z", nextUpdate: "2026-11-28T06:00:00.000Z" },
  chain: ["leaf", "issuer"],
};

const json = {
  station: { id: "06610", name: "Payerne", country: "CH", position: { latitude: 46.813, longitude: 6.943 } },
  observations: Array.from({ length: 24 }, (_, hour) => ({
    hour,
    temperature: 4 + (hour % 7),
    wind: { speed: hour / 2, from: 240 },
  })),
  serial: "SERIAL",
  isFinal: false,
  remark: null,
  note: "<script>alert(1)</script> is text, \u202e and this does not turn round",
};
/** A number that JavaScript's numbers cannot hold. */
const jsonBody = Buffer.from(JSON.stringify(json).replace('"SERIAL"', "12345678901234567890"));

const htmlBody = Buffer.from(`<!doctype html>
<title>Not found</title>
<script>window.ran = true;</script>
<img src="https://tracker.example/pixel" onerror="window.ran = true">
<p>There is no observation 999999.</p>
<p>${"long ".repeat(900)}</p>
`);

/** The command that comes with a request must not leave its quotes. */
const posted = Buffer.from('{"name":"L\'Étivaz","height":1144}');

const details = {
  1: fakeDetails(fakeListed(1), [
    fakeHop({ tls, responseBody: { keptBytes: jsonBody.length, mediaType: "application/json" } }),
  ]),
  2: fakeDetails(redirected, [
    fakeHop({
      url: "http://example.com/weather/today",
      reason: "hsts",
      status: 307,
      statusText: "Internal Redirect",
      location: "https://example.com/weather/today",
      timing: { total: 0.2 },
      responseBody: undefined,
      receivedBytes: 0,
      connectionId: undefined,
      remoteAddress: undefined,
      protocol: "",
      responseFields: [],
      hsts: "learned",
    }),
    fakeHop({
      url: "https://example.com/weather/today",
      startedAt: fakeStart + 0.4,
      reason: "redirect",
      status: 301,
      statusText: "Moved Permanently",
      location: "https://www.example.com/weather/today",
      tls,
    }),
    fakeHop({
      url: "https://www.example.com/weather/today",
      startedAt: fakeStart + 87,
      timing: { blocked: 0.2, send: 0.3, response: 88, body: 38, total: 126.4 },
      reused: true,
      tls: { ...tls, repairedFrom: undefined },
    }),
  ]),
  3: fakeDetails(posting, [
    fakeHop({
      method: "POST",
      url: "https://api.example.com/v1/stations",
      status: 201,
      statusText: "Created",
      requestFields: [
        ["authorization", "REDACTED"],
        ["content-type", "application/json"],
        ["x-note", "it's; $(rm -rf ~) \`x\`"],
      ],
      requestBody: { keptBytes: posted.length, mediaType: "application/json" },
      tls,
    }),
  ]),
  5: fakeDetails(
    refused,
    [
      fakeHop({
        url: refused.url,
        status: undefined,
        responseFields: [],
        responseBody: undefined,
        error: "CERTIFICATE_EXPIRED",
        tls: undefined,
        timing: { blocked: 0.3, resolve: 4.1, connect: 9.8, secure: 16.4, total: 31 },
        refusedChain: ["expired", "issuer"],
        remoteAddress: "192.0.2.44:443",
        protocol: "",
        receivedBytes: 0,
        problems: [
          {
            code: "EXPIRED",
            index: 0,
            detail: "on 2024-01-12T23:59:59.000Z",
            message: "the certificate has expired: on 2024-01-12T23:59:59.000Z",
            remedy: "tell its operator; no setting of yours is wrong",
          },
        ],
      }),
    ],
    {
      errorMessage: "expired.example.net: the certificate ended on 12 January 2024",
      remedy: "tell its operator; until then nothing that it says can be trusted",
    },
  ),
  6: fakeDetails(cached, [
    fakeHop({
      url: "https://cdn.example.com/maps/europe.png",
      reason: "cache",
      cache: { use: "fresh", ageSeconds: 840 },
      responseFields: [["content-type", "image/png"]],
      responseBody: { keptBytes: 1, mediaType: "image/png" },
    }),
  ]),
  7: fakeDetails(missing, [
    fakeHop({
      url: "https://api.example.com/v1/observations/999999",
      status: 404,
      statusText: "Not Found",
      responseFields: [
        ["content-type", "text/html"],
        ["x-markup", "<img src=x onerror=window.ran=true>"],
      ],
      responseBody: { keptBytes: htmlBody.length, mediaType: "text/html" },
    }),
  ]),
};

/** A program that has made ten requests, each of another kind. */
export const everyKind: FakeScenario = {
  events: [
    fakeHello,
    { type: "transactions", transactions },
    ...fakeTransfers,
    { type: "connectivity", state: "online" },
  ],
  answers: {
    "GET settings": { json: fakeSettings },
    ...fakeFlows,
    ...Object.fromEntries(transactions.map((each) => [`GET transactions/${each.id}`, { json: fakeDetails(each) }])),
    ...Object.fromEntries(Object.entries(details).map(([id, each]) => [`GET transactions/${id}`, { json: each }])),
    "GET transactions/1/hops/0/response-body": jsonBody,
    "GET transactions/3/hops/0/request-body": posted,
    "GET transactions/3/hops/0/response-body": jsonBody,
    "GET transactions/2/hops/1/response-body": htmlBody,
    "GET transactions/2/hops/2/response-body": jsonBody,
    "GET transactions/6/hops/0/response-body": picture(),
    "GET transactions/7/hops/0/response-body": htmlBody,
    "POST certificates": (body) => ({ json: body.includes("expired") ? fakeExpiredCertificates : fakeCertificates }),
    "POST fetch": { json: { id: 10 } },
  },
};

/** A picture with a transparent corner. */
function picture(): Uint8Array {
  const image = new PNG({ width: 240, height: 160 });
  for (let y = 0; y < image.height; y += 1) {
    for (let x = 0; x < image.width; x += 1) {
      const at = (y * image.width + x) * 4;
      image.data.set([x, 90 + y, 200 - y, x < 60 && y < 60 ? 60 : 255], at);
    }
  }
  return PNG.sync.write(image);
}

/** A program that has made no request. */
export const nothingYet: FakeScenario = {
  events: [fakeHello, { type: "connectivity", state: "unknown" }],
  answers: {},
};
