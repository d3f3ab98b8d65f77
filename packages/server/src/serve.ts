import type { AddressInfo } from "node:net";
import { isCodedError } from "@fairlead/core";
import { httpServer, type HttpServer, type HttpServerOptions } from "./http-server.ts";
import type { DrainOptions } from "./life/index.ts";

/** What is served, and where. */
export interface ServeOptions extends HttpServerOptions {
  /** 0, the default, has the system choose. */
  readonly port?: number | undefined;
  /** All addresses by default with `tls`; without it only this machine's own, which nobody else can reach. */
  readonly host?: string | undefined;
  /** Serves on a Unix socket in place of a port. */
  readonly path?: string | undefined;
}

/** A server that serves. */
export interface RunningServer extends AsyncDisposable {
  readonly server: HttpServer;
  /** `https://localhost:8443`; `undefined` on a Unix socket. */
  readonly url: string | undefined;
  /** `undefined` on a Unix socket. */
  readonly port: number | undefined;
  /** Ends it when what is under way is answered: see `HttpServer.close`. */
  close(options?: DrainOptions): Promise<void>;
}

/**
 * Serves. Without `tls` it can be reached from this machine only, unless `host` says otherwise.
 *
 * @throws UsageError OPTION_INVALID; TransportError ADDRESS_IN_USE, PERMISSION_DENIED or another.
 *
 * @example
 * const { url, close } = await serve({ fetch: () => new Response("hello"), port: 8080 });
 */
export async function serve({ port = 0, host, path, ...options }: ServeOptions): Promise<RunningServer> {
  const server = httpServer(options);
  try {
    if (path !== undefined) {
      await server.listen({ path });
      return running(server, undefined, undefined);
    }
    const isLocal = host === undefined && options.tls === undefined;
    const address = isLocal ? await listenLocally(server, port) : await server.listen({ port, host });
    return running(
      server,
      `${options.tls === undefined ? "http" : "https"}://${authority(host, address)}`,
      address.port,
    );
  } catch (error) {
    await server[Symbol.asyncDispose]();
    throw error;
  }
}

/** On both of the addresses that `localhost` may stand for. */
async function listenLocally(server: HttpServer, port: number): Promise<AddressInfo> {
  const address = await server.listen({ port, host: "127.0.0.1" });
  try {
    await server.listen({ port: address.port, host: "::1" });
  } catch (error) {
    // A machine without IPv6 has no such address. Somebody else's server there would answer in our place.
    if (isCodedError(error) && error.code === "ADDRESS_IN_USE") throw error;
  }
  return address;
}

function running(server: HttpServer, url: string | undefined, port: number | undefined): RunningServer {
  return {
    server,
    url,
    port,
    close: (options) => server.close(options),
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  };
}

/** What a client on this machine can go by. */
function authority(host: string | undefined, { port }: AddressInfo): string {
  const name = host === undefined || host === "0.0.0.0" || host === "::" ? "localhost" : host;
  return `${name.includes(":") ? `[${name}]` : name}:${String(port)}`;
}
