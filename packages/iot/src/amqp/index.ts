/** AMQP 1.0 over the network of an application, by the library `rhea`. */
export { connectAmqp, type AmqpOptions } from "./connect-amqp.ts";
export type { AmqpConnectionOptions } from "./amqp-connection-options.ts";
export type {
  BrokerCredentials,
  BrokerOptions,
  CredentialsQuestion,
  OnCredentials,
  Reconnecting,
} from "../messaging/broker-options.ts";
export type { Network, NetworkConnectOptions } from "../network.ts";
