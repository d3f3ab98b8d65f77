/** MQTT 3.1.1 and 5 over the network of an application, by the library `mqtt`. */
export { connectMqtt, type MqttClientOptions, type MqttOptions } from "./connect-mqtt.ts";
export type {
  BrokerCredentials,
  BrokerOptions,
  CredentialsQuestion,
  OnCredentials,
  Reconnecting,
} from "../messaging/broker-options.ts";
export type { Network, NetworkConnectOptions } from "../network.ts";
