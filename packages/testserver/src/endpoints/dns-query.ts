import type { NameMemory } from "../services/names/name-memory.ts";
import type { NameServer } from "../services/names/name-server.ts";
import { BadRequest } from "./bad-request.ts";
import { endpointFamily, type EndpointFamily } from "./endpoint.ts";
import type { Exchange, Surroundings } from "./exchange.ts";

const mediaType = "application/dns-message";

/** The longest that a question without an answer is kept waiting. */
const silenceMilliseconds = 600_000;

/** The endpoint that answers questions about names. */
export const dnsQueryFamily: EndpointFamily = endpointFamily(
  "names by HTTPS",
  "answer questions about names (RFC 8484)",
  [
    {
      path: "/dns-query?dns=BASE64URL",
      does: "answers as the service dns does, a message by GET or POST; over https it is DNS over HTTPS",
      example: "/dns-query?dns=AAABAAABAAAAAAAABGdvb2QFbmFtZXMEdGVzdAAAAQAB",
      handle: async (exchange) => {
        const server = await serverFor(exchange.surroundings);
        const answer = server.answer(messageOf(exchange), "https");
        await exchange.pause(answer?.afterMilliseconds ?? silenceMilliseconds);
        const [message] = answer?.messages ?? [];
        if (message === undefined) throw new BadRequest("no answer");
        // Names change on purpose: nobody may keep what they were.
        exchange.send(200, { "content-type": mediaType, "cache-control": "max-age=0" }, message);
      },
    },
  ],
);

function messageOf({ request, body, url }: Exchange): Uint8Array {
  if (request.method === "POST") {
    if (request.headers["content-type"] !== mediaType) throw new BadRequest(`send ${mediaType}`);
    return body;
  }
  const text = url.searchParams.get("dns") ?? "";
  if (!/^[\w-]{16,4096}$/.test(text)) throw new BadRequest(`"dns" takes a message in base64url, without padding`);
  return Buffer.from(text, "base64url");
}

const servers = new WeakMap<NameMemory, Promise<NameServer>>();

/** The library of messages is loaded at the first question. */
function serverFor({ host, port, names: memory }: Surroundings): Promise<NameServer> {
  const known = servers.get(memory);
  if (known !== undefined) return known;
  const loaded = import("../services/names/name-server.ts").then(({ openNameServer }) =>
    openNameServer({ host, port, memory }),
  );
  servers.set(memory, loaded);
  return loaded;
}
