import { type Endpoint, endpointFamily, type EndpointFamily } from "./endpoint.ts";
import type { Exchange } from "./exchange.ts";

const mediaType = "application/x-ns-proxy-autoconfig";

/** A script that says by which proxies to go. */
interface Script {
  readonly path: string;
  /** One line that begins with a verb. */
  readonly does: string;
  /** Given the address of a service, as `localhost:4711`. */
  readonly text: (at: (service: string) => string) => string;
  readonly type?: string;
  readonly encoding?: BufferEncoding;
}

const scripts: readonly Script[] = [
  { path: "/proxy.pac", does: "hands out a script that goes by the service proxy-http", text: byProxy },
  { path: "/wpad.dat", does: "hands out the same where clients look for it by themselves (WPAD)", text: byProxy },
  { path: "/pac/direct", does: "hands out a script that goes by no proxy", text: () => returning('"DIRECT"') },
  {
    path: "/pac/several",
    does: "hands out a script with a proxy that closes before the one that works, and DIRECT last",
    text: (at) => returning(`"PROXY ${at("proxy-close")}; PROXY ${at("proxy-http")}; DIRECT"`),
  },
  {
    path: "/pac/https",
    does: "hands out a script that goes by a proxy over TLS",
    text: (at) => returning(`"HTTPS ${at("proxy-https")}"`),
  },
  {
    path: "/pac/socks",
    does: "hands out a script that goes by SOCKS 5, or else by SOCKS 4",
    text: (at) => returning(`"SOCKS5 ${at("socks5")}; SOCKS ${at("socks4")}"`),
  },
  {
    path: "/pac/by-name",
    does: "hands out a script that goes by a proxy to fairlead.test alone",
    text: (at) => returning(`dnsDomainIs(host, ".fairlead.test") ? "PROXY ${at("proxy-http")}" : "DIRECT"`),
  },
  {
    path: "/pac/by-address",
    does: "hands out a script that goes by a proxy to what resolves to loopback",
    text: (at) =>
      returning(`isInNet(dnsResolve(host), "127.0.0.0", "255.0.0.0") ? "PROXY ${at("proxy-http")}" : "DIRECT"`),
  },
  {
    path: "/pac/by-url",
    does: "hands out a script that tells whole URLs apart, of which https shows no path to some",
    text: (at) => returning(`shExpMatch(url, "*/secret*") ? "PROXY ${at("proxy-http")}" : "DIRECT"`),
  },
  {
    path: "/pac/dead",
    does: "hands out a script that goes by a proxy where nobody listens",
    text: () => returning('"PROXY localhost:1"'),
  },
  {
    path: "/pac/syntax-error",
    does: "hands out a script that does not parse",
    text: () => "function FindProxyForURL(url, host) {",
  },
  {
    path: "/pac/throws",
    does: "hands out a script that throws",
    text: () => 'function FindProxyForURL() {\n  throw new Error("no");\n}\n',
  },
  {
    path: "/pac/nothing",
    does: "hands out a script without the function that is called",
    text: () => "var proxy = 1;\n",
  },
  { path: "/pac/null", does: "hands out a script that returns null", text: () => returning("null") },
  {
    path: "/pac/garbage",
    does: "hands out a script that returns what means nothing",
    text: () => returning('"PROXY; ;; GOPHER x:y; \\u0000"'),
  },
  {
    path: "/pac/loop",
    does: "hands out a script that never ends",
    text: () => "function FindProxyForURL() {\n  for (;;);\n}\n",
  },
  {
    path: "/pac/recursion",
    does: "hands out a script that calls itself without end",
    text: () => "function FindProxyForURL(url, host) {\n  return FindProxyForURL(url, host);\n}\n",
  },
  {
    path: "/pac/memory",
    does: "hands out a script that takes memory without end",
    text: () => 'function FindProxyForURL() {\n  for (var all = ["x"]; ; ) all.push(all.join("") + "x");\n}\n',
  },
  {
    path: "/pac/backtracking",
    does: "hands out a script with a regular expression that takes forever",
    text: () => returning(`/^(a+)+$/.test("${"a".repeat(40)}!") ? "DIRECT" : "DIRECT"`),
  },
  {
    path: "/pac/huge",
    does: "hands out a script of two mebibytes",
    text: () => `// ${"x".repeat(2_097_152)}\n${returning('"DIRECT"')}`,
  },
  {
    path: "/pac/text",
    does: "hands out a script as plain text, which it says it is",
    type: "text/plain",
    text: byProxy,
  },
  {
    path: "/pac/html",
    does: "hands out a page where a script belongs, as portals do",
    type: "text/html",
    text: () => "<!doctype html>\n<p>Log in\n",
  },
  {
    path: "/pac/utf16",
    does: "hands out a script in UTF-16 with a byte order mark",
    encoding: "utf16le",
    text: (at) => `\ufeff${byProxy(at)}`,
  },
];

/** Endpoints that hand out proxy auto-configuration, right and wrong. */
export const pacFamily: EndpointFamily = endpointFamily(
  "proxy configuration",
  "hand out scripts that say by which proxy to go (PAC, WPAD)",
  scripts.map(endpointFor),
);

function endpointFor({ path, does, text, type = mediaType, encoding = "utf8" }: Script): Endpoint {
  return {
    path,
    does,
    example: path,
    handle: (exchange) => {
      const at = (service: string): string => addressOf(exchange, service);
      exchange.send(200, { "content-type": type }, Buffer.from(text(at), encoding));
    },
  };
}

function addressOf({ surroundings }: Exchange, service: string): string {
  return `localhost:${surroundings.port(service)}`;
}

function byProxy(at: (service: string) => string): string {
  return returning(`"PROXY ${at("proxy-http")}"`);
}

function returning(expression: string): string {
  return `function FindProxyForURL(url, host) {\n  return ${expression};\n}\n`;
}
