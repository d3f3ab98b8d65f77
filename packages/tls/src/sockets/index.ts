/** TLS sockets for everyone: client, server, and what servers need over time. */
export { connectTls, type ConnectTlsOptions } from "./connect-tls.ts";
export { identitiesByName } from "./identities-by-name.ts";
export { keyLogFile, type KeyLogFile } from "./key-log-file.ts";
export { ticketKeySchedule, type TicketKeyOptions, type TicketKeySchedule } from "./ticket-keys.ts";
export {
  type ConnectionFailure,
  type ListenAddress,
  type ServerConnection,
  TlsServer,
  tlsServer,
  type TlsServerEvents,
  type TlsServerOptions,
} from "./tls-server.ts";
