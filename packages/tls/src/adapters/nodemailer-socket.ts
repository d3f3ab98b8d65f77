import { formatPeer } from "@fairlead/transport";
import { startTls } from "../start-tls/start-tls.ts";
import { refuseForeignOptions } from "./foreign-options.ts";
import { asNetSocket, type NetSurface } from "./net-surface.ts";
import { type AdapterOptions, openBelow, openSecure } from "./open-secure.ts";

/** What nodemailer asks for a connection with. */
export interface NodemailerSocketRequest {
  readonly host?: string | undefined;
  readonly port?: number | string | undefined;
  /** TLS from the first byte on; by STARTTLS without it. */
  readonly secure?: boolean | undefined;
  readonly name?: string | undefined;
  readonly tls?: object | undefined;
}

/** What nodemailer goes on with. */
export interface NodemailerSocket {
  readonly connection: NetSurface;
  readonly secure: true;
  readonly secured: true;
}

/**
 * Makes the `getSocket` of a nodemailer transport. Every mail goes over TLS: with `secure: true` from the first byte on,
 * else by STARTTLS, and never without. Settings in the transport's `tls` are refused: they belong here.
 *
 * @example
 * createTransport({ host: "mail.example", port: 587, getSocket: nodemailerSocket({ backend: loadGnutlsTls() }) });
 */
export function nodemailerSocket(
  options: AdapterOptions = {},
): (
  request: NodemailerSocketRequest,
  callback: (error: Error | null, socket?: NodemailerSocket | false) => void,
) => void {
  return (request, callback) => {
    const opening = Promise.resolve().then(() => connect(options, request));
    opening.then(
      (connection) => callback(null, { connection, secure: true, secured: true }),
      (error: unknown) => callback(error instanceof Error ? error : new Error(String(error))),
    );
  };
}

async function connect(options: AdapterOptions, request: NodemailerSocketRequest): Promise<NetSurface> {
  const { host = "localhost", secure = false, name, tls } = request;
  refuseForeignOptions({ ...tls });
  const port = Number(request.port ?? (secure ? 465 : 587));
  if (secure) return openSecure(options, { host, port });
  const { open, ...secured } = options;
  const below = await openBelow(open, { host, port });
  const peer = formatPeer(host, port);
  const socket = await startTls(below, "smtp", { ...secured, host, peer, ...(name !== undefined && { name }) });
  // The greeting came in the clear and is spent; nodemailer waits for one before it says EHLO.
  socket.unshift("220 secured\r\n");
  return asNetSocket(socket, below);
}
