import { amqpServices } from "./amqp/index.ts";
import { coapServices } from "./coap/index.ts";
import { dtlsServices } from "./dtls/index.ts";
import { mqttServices } from "./mqtt/index.ts";
import { udpServices } from "./udp/index.ts";

/** What small devices speak. */
export const deviceFamilies = [udpServices, dtlsServices, coapServices, mqttServices, amqpServices] as const;
