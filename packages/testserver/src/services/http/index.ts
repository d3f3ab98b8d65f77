import { serviceFamily } from "../service-entry.ts";
import { openEarlyData } from "./early-data.ts";
import { openEither } from "./either.ts";
import { openGnutls } from "./gnutls.ts";
import { openH2c } from "./h2c.ts";
import { openHttp } from "./http-driver.ts";
import { openHttp10 } from "./http10.ts";
import { openHttp2 } from "./http2.ts";
import { asHttpbin } from "./httpbin.ts";
import { openHttps } from "./https-driver.ts";

/** HTTP as it should be: all endpoints, with a good certificate where there is one. */
export const httpServices = serviceFamily("http", "serve all endpoints", [
  {
    name: "http",
    scheme: "http",
    does: "speaks HTTP/1.1 in the clear",
    example: "curl {origin}/echo",
    halfOpen: true,
    open: openHttp,
  },
  {
    name: "https",
    scheme: "https",
    does: "speaks TLS 1.2 and 1.3 with a good certificate, chain and tickets",
    example: "curl --cacert {ca} {origin}/echo",
    followsClock: true,
    open: async (network, self) => openHttps(network, self, { identity: await network.goodIdentity() }),
  },
  {
    name: "http-or-https",
    scheme: "http",
    does: "speaks HTTP/1.1 in the clear or over TLS as the first byte asks: HSTS keeps its port",
    example: "curl --cacert {ca} https://localhost:{port}/echo",
    followsClock: true,
    open: openEither,
  },
  {
    name: "https-early-data",
    scheme: "https",
    does: "speaks TLS 1.3 and takes early data (RFC 8470), which node:tls cannot: by the OpenSSL inside Node.js",
    followsClock: true,
    open: openEarlyData,
  },
  {
    name: "https-h2",
    scheme: "https",
    does: "speaks HTTP/2 by ALPN, extended CONNECT too, else HTTP/1.1, which alone has hand-written replies",
    example: "curl --http2 --cacert {ca} {origin}/echo",
    followsClock: true,
    open: (network, self) => openHttp2(network, self, { allowHttp1: true }),
  },
  {
    name: "https-h2-only",
    scheme: "https",
    does: "speaks HTTP/2 and nothing else: who does not offer it by ALPN is told so and sent away",
    example: "curl --http2 --cacert {ca} {origin}/echo",
    followsClock: true,
    open: (network, self) => openHttp2(network, self, { allowHttp1: false }),
  },
  {
    name: "http-h2c",
    scheme: "http",
    does: "speaks HTTP/2 in the clear with prior knowledge, else HTTP/1.1, in which it ignores Upgrade: h2c",
    example: "curl --http2-prior-knowledge {origin}/echo",
    open: openH2c,
  },
  {
    name: "http10",
    scheme: "http",
    does: "answers as HTTP/1.0: no chunks, no second request, and a body without a length ends with the connection",
    example: "curl -i {origin}/echo",
    open: openHttp10,
  },
  {
    name: "https-gnutls",
    scheme: "https",
    does: "speaks TLS 1.2 and 1.3 by GnuTLS instead of OpenSSL",
    example: "curl --cacert {ca} {origin}/echo",
    followsClock: true,
    open: (network, self) => openGnutls(network, self, ["http/1.1"]),
  },
  {
    name: "https-gnutls-h2",
    scheme: "https",
    does: "speaks HTTP/2 by ALPN, else HTTP/1.1, over TLS by GnuTLS",
    example: "curl --http2 --cacert {ca} {origin}/echo",
    followsClock: true,
    open: (network, self) => openGnutls(network, self, ["h2", "http/1.1"]),
  },
  {
    name: "httpbin",
    scheme: "http",
    does: "has the routes of httpbin and go-httpbin at its root, and no others",
    example: "curl {origin}/get",
    open: (network, self) => openHttp(asHttpbin(network), self),
  },
  {
    name: "httpbin-https",
    scheme: "https",
    does: "has the routes of httpbin and go-httpbin at its root, over TLS",
    example: "curl --cacert {ca} {origin}/get",
    followsClock: true,
    open: async (network, self) => openHttps(asHttpbin(network), self, { identity: await network.goodIdentity() }),
  },
]);
