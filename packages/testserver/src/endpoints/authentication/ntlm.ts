import type { ServerHttp2Stream } from "node:http2";
import { constants } from "node:http2";
import type { Endpoint } from "../endpoint.ts";
import type { Exchange } from "../exchange.ts";
import { parseCredentials } from "./credentials.ts";

/** NTLM as browsers and curl speak it: three messages, and a connection that is the user's from then on. */
export const ntlmEndpoint: Endpoint = {
  path: "/auth/ntlm/:user/:password",
  does: "asks for NTLMv2, whose login is the connection's: other requests on it need none; not in HTTP/2",
  example: "/auth/ntlm/user/secret",
  handle: async (exchange) => {
    const { request, response, connection, surroundings } = exchange;
    if (request.httpVersionMajor === 2) {
      // What answers in HTTP/2 has its stream; the service takes both versions for one.
      const { stream } = response as unknown as { readonly stream: ServerHttp2Stream };
      stream.close(constants.NGHTTP2_HTTP_1_1_REQUIRED);
      return;
    }
    const { authentication } = surroundings;
    const { scheme, token68 } = parseCredentials(request.headers.authorization) ?? {};
    const user = authentication.userOf(connection);
    if (scheme === "ntlm" && token68 !== undefined) await converse(exchange, Buffer.from(token68, "base64"));
    else if (user === exchange.text("user")) exchange.sendJson({ authenticated: true, user });
    else refuse(exchange, "log in");
  },
};

async function converse(exchange: Exchange, message: Buffer): Promise<void> {
  const { ntlmChallenge, ntlmMessageType, judgeNtlm } = await import("./ntlm-server.ts");
  const { connection, surroundings } = exchange;
  const { authentication } = surroundings;
  switch (ntlmMessageType(message)) {
    case 1: {
      const challenge = ntlmChallenge(authentication.challenge(connection), exchange.now());
      exchange.sendLine(401, "go on", { "www-authenticate": `NTLM ${challenge.toString("base64")}` });
      return;
    }
    case 3: {
      const [username, password] = [exchange.text("user"), exchange.text("password")];
      const challenge = authentication.takeChallenge(connection);
      const verdict = challenge === undefined ? "wrong" : judgeNtlm(message, challenge, { username, password });
      if (verdict === "right") {
        authentication.login(connection, username);
        exchange.sendJson({ authenticated: true, user: username });
      } else refuse(exchange, verdict === "wrong" ? "wrong name or password" : "NTLMv1 is not taken");
      return;
    }
    case undefined:
    default:
      exchange.sendLine(400, "this is no message of a client in NTLM");
  }
}

function refuse(exchange: Exchange, line: string): void {
  exchange.sendLine(401, line, { "www-authenticate": "NTLM" });
}
