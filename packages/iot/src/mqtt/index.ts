/** MQTT 3.1.1 and 5 over the network of an application, by the library `mqtt`. */
export { connectMqtt, type MqttOptions } from "./connect-mqtt.ts";
export type { MqttClientOptions } from "./mqtt-client-options.ts";
export type {
  BrokerCredentials,
  BrokerOptions,
  CredentialsQuestion,
  OnCredentials,
  Reconnecting,
} from "../messaging/broker-options.ts";
export type { Network, NetworkConnectOptions } from "../network.ts";
