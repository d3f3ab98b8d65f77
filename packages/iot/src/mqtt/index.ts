/** MQTT over the network of an application. */
export {};
