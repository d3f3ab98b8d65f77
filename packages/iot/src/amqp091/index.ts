/** AMQP 0-9-1 over the network of an application, by the library `amqplib`. */
export { connectAmqp091, type Amqp091Options } from "./connect-amqp091.ts";
export type { Amqp091ConnectionOptions } from "./opening-fields.ts";
export type {
  BrokerCredentials,
  BrokerOptions,
  CredentialsQuestion,
  OnCredentials,
  Reconnecting,
} from "../messaging/broker-options.ts";
export type { Network, NetworkConnectOptions } from "../network.ts";
