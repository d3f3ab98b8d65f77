import type { Duplex } from "node:stream";
import { setImmediate as nextTurn } from "node:timers/promises";
import { mintCertificate } from "../../authority/authority.ts";
import { type DatagramServiceEntry, serviceFamily } from "../service-entry.ts";
import { openDatagramNames } from "./datagram-driver.ts";
import { a, good, nameError, rcodes } from "./replies.ts";
import { openSecureNames, openStreamNames } from "./stream-driver.ts";
import type { NameQuestion, NameReply } from "./test-name.ts";

/** Name servers. What single names do is in the catalogue; these differ as a whole. */
export const nameServices = serviceFamily("names", "answer questions about names, right and wrong", [
  {
    name: "dns",
    transport: "udp",
    scheme: "dns",
    does: "answers for names under .test, and below names.test as each of those says",
    example: "dig @{host} -p {port} cname-5.names.test",
    open: (network, self, endpoint) => openDatagramNames(network, self, endpoint),
  },
  {
    name: "dns-tcp",
    scheme: "dns",
    samePortAs: "dns",
    does: "answers the same by TCP",
    example: "dig @{host} -p {port} +tcp txt-5000.names.test TXT",
    halfOpen: true,
    open: (network, self) => openStreamNames(network, self),
  },
  {
    name: "dns-tls",
    scheme: "tls",
    does: "answers the same over TLS (RFC 7858)",
    example: "dig @{host} -p {port} +tls-ca={ca} +tls-hostname=localhost good.names.test",
    followsClock: true,
    open: (network, self) => openSecureNames(network, self),
  },
  {
    name: "dns-tls-wrong-host",
    scheme: "tls",
    does: "answers over TLS with a certificate for another name server",
    example: "dig @{host} -p {port} +tls-ca={ca} +tls-hostname=localhost good.names.test",
    followsClock: true,
    open: async (network, self) => {
      const { authorities, clock } = network;
      const terms = { issuer: authorities.intermediate, names: ["elsewhere.invalid"], now: clock.now() };
      return openSecureNames(network, self, { identity: await mintCertificate(terms) });
    },
  },
  {
    name: "dns-tcp-slices",
    scheme: "dns",
    does: "answers by TCP in pieces of one byte",
    example: "dig @{host} -p {port} +tcp good.names.test",
    halfOpen: true,
    open: (network, self) => openStreamNames(network, self, { write: writeInSlices }),
  },
  {
    name: "dns-tcp-close",
    scheme: "dns",
    does: "closes the connection in the middle of its answer",
    example: "dig @{host} -p {port} +tcp good.names.test",
    open: (network, self) =>
      openStreamNames(network, self, {
        write: (stream, message) => {
          stream.end(Buffer.concat([Buffer.of(message.length >> 8, message.length & 0xff), message.subarray(0, 10)]));
        },
      }),
  },
  {
    name: "dns-silent",
    transport: "udp",
    scheme: "dns",
    does: "leaves every question without an answer",
    example: "dig @{host} -p {port} good.names.test",
    open: () => ({}),
  },
  everyName("dns-refuse", "refuses every question", () => ({ rcode: rcodes.refused })),
  everyName("dns-servfail", "fails at every question", () => ({ rcode: rcodes.serverFailure })),
  everyName("dns-truncate", "truncates every answer, and has nobody at its port for TCP", () => ({
    flags: { truncated: true },
  })),
  everyName("dns-portal", "gives the network's address for every name, as captive portals do", (question) => ({
    answers: good(question),
  })),
  everyName("dns-no-edns", "does not understand any question that comes with EDNS", (question, ordinary) =>
    question.edns === undefined ? ordinary() : { rcode: rcodes.formatError, edns: "none" },
  ),
  everyName(
    "dns-no-missing",
    "gives the network's address where a name is not there, as some providers do",
    (question, ordinary) => {
      const reply = ordinary();
      return reply.rcode === rcodes.nameError || reply.rcode === rcodes.refused ? { answers: good(question) } : reply;
    },
  ),
  everyName(
    "dns-filter",
    "gives 0.0.0.0 for names that begin with ads, and blocks those that begin with malware",
    (question, ordinary) => {
      if (question.name.startsWith("ads.")) return { answers: question.type === "A" ? a("0.0.0.0") : [] };
      // RFC 8914 section 4.16: Blocked.
      if (question.name.startsWith("malware."))
        return { ...nameError(question), options: [[15, Uint8Array.of(0, 15)]] };
      return ordinary();
    },
  ),
  {
    name: "dns-slow",
    transport: "udp",
    scheme: "dns",
    does: "takes half a second for each answer",
    example: "dig @{host} -p {port} good.names.test",
    open: (network, self, endpoint) => openDatagramNames(network, self, endpoint, { delayMilliseconds: 500 }),
  },
]);

/** A server that treats all names alike, or all that it does not leave to the ordinary. */
function everyName<const Name extends string>(
  name: Name,
  does: string,
  override: (question: NameQuestion, ordinary: () => NameReply) => NameReply,
): DatagramServiceEntry<Name> {
  return {
    ...{ name, does, scheme: "dns" },
    transport: "udp",
    example: "dig @{host} -p {port} good.names.test",
    open: (network, self, endpoint) => openDatagramNames(network, self, endpoint, { override }),
  };
}

/** Byte by byte, and never two in one turn: a client that is listening hears each by itself. */
async function writeInSlices(stream: Duplex, message: Uint8Array): Promise<void> {
  for (const byte of [message.length >> 8, message.length & 0xff, ...message]) {
    if (!stream.writable) return;
    stream.write(Uint8Array.of(byte));
    await nextTurn();
  }
}
