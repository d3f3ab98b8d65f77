import { connect, type ClientHttp2Session, type ClientSessionOptions } from "node:http2";
import { TlsError } from "@fairlead/core";
import { type AdapterOptions, openSecure } from "./open-secure.ts";

/**
 * Opens an HTTP/2 session of `node:http2` with an https origin. The caller owns the session.
 *
 * @throws TlsError TLS_HANDSHAKE_FAILED when the server speaks no HTTP/2; and what `connectTls` throws.
 * @see RFC 9113 section 3.2
 */
export async function connectHttp2(
  origin: URL | string,
  options: AdapterOptions & { readonly signal?: AbortSignal | undefined } = {},
  sessionOptions: Omit<ClientSessionOptions, "createConnection"> = {},
): Promise<ClientHttp2Session> {
  const { signal, ...secured } = options;
  const url = new URL(origin);
  const host = url.hostname.replace(/^\[(.*)\]$/, "$1");
  const port = Number(url.port || "443");
  const socket = await openSecure({ ...secured, alpnProtocols: ["h2"] }, { host, port, signal });
  if (socket.alpnProtocol !== "h2") {
    socket.destroy();
    throw new TlsError("TLS_HANDSHAKE_FAILED", {
      peer: url.host,
      operation: "secure",
      detail: "the server chose no h2",
    });
  }
  return connect(url, { ...sessionOptions, createConnection: () => socket });
}
