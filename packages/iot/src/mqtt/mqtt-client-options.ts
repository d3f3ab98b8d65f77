import type { IClientOptions } from "mqtt";
import { tlsOptions } from "../messaging/refuse-options.ts";

/** Options of the library that are the application's. */
export type MqttClientOptions = Omit<IClientOptions, (typeof refusedOptions)[number]>;

/** What would open other connections, or open them at other times. */
export const refusedOptions = [
  ...["host", "hostname", "port", "protocol", "servers", "path", "query", "auth", "unixSocket", "defaultProtocol"],
  ...["wsOptions", "transformWsUrl", "createWebsocket", "forceNativeWebSocket", "socksProxy", "socksTimeout"],
  ...["username", "password", "reconnectPeriod", "connectTimeout", "reconnectOnConnackError", "manualConnect"],
  ...["keyPath", "certPath", "caPaths", ...tlsOptions],
] as const;
