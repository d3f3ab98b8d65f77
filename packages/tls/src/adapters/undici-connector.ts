import { UsageError } from "@fairlead/core";
import type { NetSurface } from "./net-surface.ts";
import { type AdapterOptions, openSecure } from "./open-secure.ts";

/** What undici asks a connector for. */
export interface UndiciConnectRequest {
  readonly hostname: string;
  readonly protocol: string;
  readonly port?: string | undefined;
  readonly servername?: string | null | undefined;
}

/** What undici is told. */
export type UndiciConnectResult = [error: null, socket: NetSurface] | [error: Error, socket: null];

/**
 * Makes the `connect` of an undici `Agent`, `Client` or `Pool`, for https origins. For HTTP/2 give `alpnProtocols:
 * ["h2", "http/1.1"]` here and `allowH2` there.
 *
 * @example
 * setGlobalDispatcher(new Agent({ connect: undiciConnector({ backend: loadOpensslTls() }) }));
 */
export function undiciConnector(
  options: AdapterOptions = {},
): (request: UndiciConnectRequest, callback: (...result: UndiciConnectResult) => void) => void {
  const secured: AdapterOptions = { alpnProtocols: ["http/1.1"], ...options };
  return ({ hostname, protocol, port, servername }, callback) => {
    const opening = Promise.resolve().then(() => {
      if (protocol !== "https:") throw new UsageError("URL_SCHEME_UNKNOWN", { remedy: "use https" });
      const host = hostname.replace(/^\[(.*)\]$/, "$1");
      const numbered = port === undefined || port === "" ? 443 : Number(port);
      return openSecure(secured, { host, port: numbered, serverName: servername ?? undefined });
    });
    opening.then(
      (socket) => callback(null, socket),
      (error: unknown) => callback(error instanceof Error ? error : new Error(String(error)), null),
    );
  };
}
