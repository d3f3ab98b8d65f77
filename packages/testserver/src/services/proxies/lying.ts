import { rawHead } from "../../endpoints/raw-reply.ts";
import { serviceFamily } from "../service-entry.ts";
import { closing, guardAgainstAll, guardByBasic } from "./guard.ts";
import { openHttpProxy, openTunnel } from "./http-proxy.ts";
import { fixedProxy, scriptedProxy, tunnelAfter } from "./scripted-proxy.ts";
import { firstBytes } from "./tunnel.ts";
import type { StreamServiceEntry } from "../service-entry.ts";
import type { HttpProxyTerms } from "./http-proxy.ts";

const established = rawHead("200 Connection established");
const page = "<!doctype html><title>Blocked</title><p>Your company does not want you to see this.\n";
const pageFields = ["Content-Type: text/html", `Content-Length: ${page.length}`, "Connection: close"];
const nothing = ["Content-Length: 0", "Connection: close"];

/** HTTP proxies that answer what they should not. */
export const lyingProxyServices = serviceFamily("lying proxies", "answer as no proxy should", [
  meddlingProxy("proxy-407-forever", "asks for Basic credentials again and again, whatever comes", {
    guard: guardAgainstAll('Basic realm="proxy"'),
  }),
  meddlingProxy("proxy-407-close", "asks for Basic credentials (user, secret), and closes each time that it asks", {
    guard: closing(guardByBasic()),
  }),
  meddlingProxy("proxy-407-unknown", "asks for credentials of a scheme that nobody knows", {
    guard: guardAgainstAll('Quantum realm="proxy", entangled'),
  }),
  meddlingProxy("proxy-407-many", "offers many schemes in one field, and takes Basic: user, secret", {
    guard: guardByBasic(['Quantum x="a, b", Negotiate, Bearer realm="proxy", Basic realm="proxy, or \\"so\\""']),
  }),
  fixedProxy(
    "proxy-407-bare",
    "asks for credentials without a challenge, which RFC 9110 section 15.5.8 forbids",
    rawHead("407 Proxy Authentication Required", ...nothing),
  ),
  fixedProxy(
    "proxy-302",
    "answers by a redirect to a page, which no client may follow for a tunnel",
    rawHead("302 Found", "Location: http://portal.fairlead.test/blocked", ...nothing),
  ),
  fixedProxy("proxy-403", "forbids everything, with a page in HTML", rawHead("403 Forbidden", ...pageFields) + page),
  fixedProxy("proxy-502", "says that the target gave no answer", rawHead("502 Bad Gateway", ...pageFields) + page),
  fixedProxy(
    "proxy-503",
    "says that it is busy, and when to come again",
    rawHead("503 Service Unavailable", "Retry-After: 60", ...nothing),
  ),
  fixedProxy("proxy-504", "says that the target took too long", rawHead("504 Gateway Timeout", ...nothing)),
  fixedProxy(
    "proxy-200-page",
    "says that the tunnel is there, and sends a page in its place",
    `${established}${rawHead("200 OK", ...pageFields)}${page}`,
  ),
  fixedProxy(
    "proxy-101",
    "answers by 101 as if the request had asked for WebSocket",
    rawHead("101 Switching Protocols", "Connection: Upgrade", "Upgrade: websocket"),
  ),
  fixedProxy(
    "proxy-garbage",
    "answers with bytes that are not HTTP",
    "\x16\x03\x01\x00\x05hello\r\n\r\nSSH-2.0-proxy\r\n",
  ),
  fixedProxy("proxy-no-head", "answers with a page and no head at all, as HTTP/0.9 did", page),
  fixedProxy(
    "proxy-tls-alert",
    "answers with a TLS alert, as a proxy does that wants TLS",
    "\x15\x03\x01\x00\x02\x02\x46",
  ),
  scriptedProxy({
    name: "proxy-200-length",
    does: "opens the tunnel with Content-Length and Transfer-Encoding, which RFC 9110 section 9.3.6 has clients ignore",
    script: (asked) =>
      tunnelAfter(asked, () =>
        asked.conversation.say(rawHead("200 OK", "Content-Length: 5", "Transfer-Encoding: chunked")),
      ),
  }),
  scriptedProxy({
    name: "proxy-204",
    does: "opens the tunnel by 204, which is as good as 200",
    script: (asked) => tunnelAfter(asked, () => asked.conversation.say(rawHead("204 No Content"))),
  }),
  scriptedProxy({
    name: "proxy-interim",
    does: "says 100 and 103 before it opens the tunnel",
    script: (asked) =>
      tunnelAfter(asked, () =>
        asked.conversation.say(rawHead("100 Continue") + rawHead("103 Early Hints", "Link: </a>") + established),
      ),
  }),
  scriptedProxy({
    name: "proxy-bare-lf",
    does: "opens the tunnel with lines that end in LF alone, and no reason",
    script: (asked) => tunnelAfter(asked, () => asked.conversation.say("HTTP/1.0 200\nX-Proxy: old\n\n")),
  }),
  scriptedProxy({
    name: "proxy-extra-bytes",
    does: "opens the tunnel, and puts bytes of its own before those of the target",
    script: (asked) => tunnelAfter(asked, () => asked.conversation.say(`${established}surprise`)),
  }),
  scriptedProxy({
    name: "proxy-coalesced",
    does: "waits for a target that speaks first, and sends its words in one piece with the 200",
    script: (asked) =>
      tunnelAfter(asked, async (server) => {
        const greeting = await firstBytes(server);
        await asked.conversation.say(Buffer.concat([Buffer.from(established), greeting]));
      }),
  }),
  meddlingProxy("proxy-wrong-target", "opens every tunnel to the service https-wrong-host", {
    tunnel: (asked) => openTunnel({ ...asked, target: serviceOf(asked.network, "https-wrong-host") }),
  }),
  meddlingProxy("proxy-self-signed", "opens every tunnel to a server with a certificate that nobody signed", {
    tunnel: (asked) => openTunnel({ ...asked, target: serviceOf(asked.network, "https-self-signed") }),
  }),
  meddlingProxy("proxy-inject", "puts an advertisement into text that it passes on", {
    change: { text: (text) => `${text}<p>Buy our proxy!\n` },
  }),
  meddlingProxy("proxy-downgrade", "turns https into http in text and redirects, and drops HSTS", {
    change: {
      text: (text) => text.replaceAll("https://", "http://"),
      fields: (fields) =>
        fields.flatMap((name, index) => {
          if (index % 2 === 1 || name === "strict-transport-security") return [];
          return [name, (fields[index + 1] ?? "").replaceAll("https://", "http://")];
        }),
    },
  }),
]);

/** A proxy that is right but for one thing. */
function meddlingProxy<const Name extends string>(
  name: Name,
  does: string,
  terms: HttpProxyTerms,
): StreamServiceEntry<Name> {
  return {
    ...{ name, does, scheme: "http", halfOpen: true },
    example: "curl --cacert {ca} -x {origin} http://a.fairlead.test:{port:http}/echo",
    open: (network, self) => openHttpProxy(network, self, terms),
  };
}

function serviceOf(network: Parameters<typeof openHttpProxy>[0], name: string): { host: string; port: number } {
  return { host: "localhost", port: network.service(name).port };
}
