import { ProtocolError } from "@fairlead/core";
import { cacheControl } from "@fairlead/http/cache";
import type { Reply } from "../../reply.ts";
import type { RequestOptions } from "../../request.ts";
import type { FetchScript } from "./pac-script.ts";

/** How long a server may take to hand out its script; whoever wants to go somewhere waits. */
const TIMEOUT_MILLISECONDS = 10_000;

/** Fetches scripts by the manager itself, past all proxies and without a word of who asks. */
export function fetchScriptBy(request: (url: URL, options: RequestOptions) => Promise<Reply>): FetchScript {
  return async (url, limitBytes) => {
    const reply = await request(url, {
      proxy: "none",
      cookies: false,
      onAuthenticate: false,
      authenticator: false,
      redirect: { type: "same-origin" },
      timeoutMilliseconds: TIMEOUT_MILLISECONDS,
    });
    if (reply.status !== 200) {
      reply.discard();
      throw new ProtocolError("RESPONSE_MALFORMED", { peer: url.host, detail: `status ${String(reply.status)}` });
    }
    const chunks: Uint8Array[] = [];
    let size = 0;
    for await (const chunk of reply) {
      size += chunk.length;
      if (size > limitBytes) throw new ProtocolError("RESPONSE_LENGTH_EXCEEDED", { peer: url.host, operation: "read" });
      chunks.push(chunk);
    }
    const lines = [reply.headers["cache-control"] ?? []].flat();
    const control = cacheControl(lines.map((line) => ["cache-control", line]));
    return { text: Buffer.concat(chunks).toString("utf8"), maxAgeSeconds: control.seconds("max-age") };
  };
}
