import type { ConnectionOptions } from "rhea";
import { tlsOptions } from "../messaging/refuse-options.ts";

/** Options of the library that are the application's. */
export type AmqpConnectionOptions = Omit<ConnectionOptions, (typeof refusedOptions)[number]>;

/** What would open other connections, or open them at other times. */
export const refusedOptions = [
  ...["host", "port", "transport", "connection_details", "username", "password", "token", "sasl_mechanisms"],
  ...["enable_sasl_external", "reconnect", "reconnect_limit", "initial_reconnect_delay", "max_reconnect_delay"],
  ...tlsOptions,
] as const;
