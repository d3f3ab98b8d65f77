import type { Endpoint } from "../endpoint.ts";
import type { Exchange } from "../exchange.ts";
import { parseCredentials } from "./credentials.ts";
import type { KerberosOptions } from "./kerberos-options.ts";

/** Negotiate with Kerberos inside, RFC 4559; for a network that was started with a key. */
export const negotiateEndpoint: Endpoint = {
  path: "/auth/negotiate",
  does: "asks for a login by Kerberos, and tells whose it was; without the option kerberos it says 501 and how",
  example: "/auth/negotiate",
  handle: async (exchange) => {
    const { kerberos } = exchange.surroundings;
    if (kerberos === undefined) {
      exchange.sendLine(501, "start the network with kerberos: { keytab }, the key of HTTP/localhost in your realm");
      return;
    }
    const { scheme, token68 } = parseCredentials(exchange.request.headers.authorization) ?? {};
    if (scheme === "negotiate" && token68 !== undefined)
      await judge(exchange, kerberos, Buffer.from(token68, "base64"));
    else refuse(exchange, "log in");
  },
};

/** One token suffices for Kerberos: a client that needs another is refused. */
async function judge(exchange: Exchange, kerberos: KerberosOptions, token: Buffer): Promise<void> {
  const { acceptNegotiate } = await import("@fairlead/gssapi");
  using conversation = acceptNegotiate(kerberos);
  const acceptance = conversation.accept(token);
  if (acceptance.type !== "done") {
    refuse(exchange, acceptance.type === "more" ? "one token must suffice" : acceptance.reason);
    return;
  }
  const user = acceptance.principal;
  const fields = { "www-authenticate": `Negotiate ${acceptance.token.toString("base64")}` };
  exchange.sendJson({ authenticated: true, user }, fields);
}

function refuse(exchange: Exchange, line: string): void {
  exchange.sendLine(401, line, { "www-authenticate": "Negotiate" });
}
