import type { NetworkContext } from "../../network-context.ts";
import { type ServiceSelf, serviceFamily, type StreamDriver, type StreamServiceEntry } from "../../service-entry.ts";
import { deviceIdentity } from "../dtls/device-key.ts";
import { overTls } from "../over-tls.ts";
import { type BrokerTerms, openBroker } from "./broker.ts";
import { clientIdOf, connack, type MqttQuirk, mqttTypes, openQuirk, packetIdOf, publish, suback } from "./quirks.ts";

const { name: user, key: password } = deviceIdentity;

/** Brokers of MQTT, and what calls itself one. */
export const mqttServices = serviceFamily("mqtt", "speak MQTT 3.1.1", [
  {
    name: "mqtt",
    scheme: "mqtt",
    does: "speaks MQTT 3.1 and 3.1.1 to everybody: retained messages, wills, and sessions that are kept",
    example: "mosquitto_pub -h {host} -p {port} -t greeting -m hello -r",
    open: (network, self) => overTcp(network, self, {}),
  },
  {
    name: "mqtt-auth",
    scheme: "mqtt",
    does: `speaks MQTT to the user ${user} with the password ${password} and refuses others with code 4`,
    example: `mosquitto_pub -h {host} -p {port} -u ${user} -P ${password} -t greeting -m hello`,
    open: (network, self) => overTcp(network, self, { user: { name: user, password } }),
  },
  {
    name: "mqtts",
    scheme: "mqtts",
    does: "speaks MQTT over TLS with a good certificate",
    example: "mosquitto_pub --cafile {ca} -h localhost -p {port} -t greeting -m hello",
    followsClock: true,
    open: (network, self) => secured(network, self, false),
  },
  {
    name: "mqtt-client-certificate",
    scheme: "mqtts",
    does: "speaks MQTT over TLS and requires a client certificate from the test authority",
    example:
      "mosquitto_pub --cafile {ca} --cert device.pem --key device.pem -h localhost -p {port} -t greeting -m hello",
    followsClock: true,
    open: (network, self) => secured(network, self, true),
  },
  quirk("mqtt-refused", "refuses MQTT clients with the CONNACK code that their client ID is: 1 to 5, otherwise 5", {
    [mqttTypes.connect]: (packet) => {
      const code = Number(clientIdOf(packet));
      return { send: [connack(code >= 1 && code <= 5 ? code : 5)], then: "close" };
    },
  }),
  quirk("mqtt-no-connack", "takes the CONNECT of MQTT and never answers", { [mqttTypes.connect]: () => ({}) }),
  quirk("mqtt-close-after-connack", "lets MQTT clients in and closes at once", {
    [mqttTypes.connect]: () => ({ send: [connack(0)], then: "close" }),
  }),
  quirk("mqtt-malformed", "answers an MQTT CONNECT with a length of five bytes, which no packet has", {
    [mqttTypes.connect]: () => ({ send: [Uint8Array.of(0x20, 0x80, 0x80, 0x80, 0x80, 1)] }),
  }),
  quirk("mqtt-reserved-type", "answers an MQTT CONNECT with a packet whose type is reserved", {
    [mqttTypes.connect]: () => ({ send: [Uint8Array.of(0x00, 0)] }),
  }),
  quirk("mqtt-no-puback", "takes what is published to it by MQTT and never acknowledges it", {
    [mqttTypes.publish]: () => ({}),
  }),
  quirk("mqtt-wrong-puback", "acknowledges other MQTT packets than were published", {
    [mqttTypes.publish]: (packet) => {
      const [high, low] = packetIdOf(packet) ?? [0, 0];
      return { send: [Uint8Array.of(0x40, 2, high ^ 0x80, low)] };
    },
  }),
  quirk("mqtt-drop-after-publish", "resets the connection at each MQTT message that is published", {
    [mqttTypes.publish]: () => ({ then: "reset" }),
  }),
  quirk("mqtt-suback-failure", "refuses every MQTT subscription (SUBACK 0x80)", {
    [mqttTypes.subscribe]: (packet) => ({ send: [suback(packet, 0x80)] }),
  }),
  quirk("mqtt-duplicate", "sends each MQTT subscriber a message of quality 1 twice, as after a lost PUBACK", {
    [mqttTypes.subscribe]: (packet) => ({
      send: [
        suback(packet, 1),
        publish(qualityOne, "duplicate", [0, 7], "once"),
        publish(qualityOne | isDuplicate, "duplicate", [0, 7], "once"),
      ],
    }),
  }),
  quirk("mqtt-bad-topic", "sends each MQTT subscriber a message whose topic has a wildcard, which none may have", {
    [mqttTypes.subscribe]: (packet) => ({ send: [suback(packet, 0), publish(0, "wild/#", [], "never")] }),
  }),
  quirk("mqtt-no-pingresp", "takes the pings of MQTT clients and never answers", {
    [mqttTypes.pingRequest]: () => ({}),
  }),
]);

const qualityOne = 2;
const isDuplicate = 8;

function quirk<const Name extends string>(name: Name, does: string, how: MqttQuirk): StreamServiceEntry<Name> {
  const example = "mosquitto_pub -h {host} -p {port} -q 1 -t greeting -m hello";
  return { name, scheme: "mqtt", does, example, open: (network, self) => openQuirk(network, self, how) };
}

async function overTcp(network: NetworkContext, self: ServiceSelf, terms: BrokerTerms): Promise<StreamDriver> {
  const { serve, close } = await openBroker(network, self, terms);
  return { accept: serve, close };
}

async function secured(
  network: NetworkContext,
  self: ServiceSelf,
  requiresCertificate: boolean,
): Promise<StreamDriver> {
  const [{ serve, close }, identity] = await Promise.all([openBroker(network, self, {}), network.goodIdentity()]);
  return { ...overTls(network, self, { identity, requiresCertificate }, serve), close };
}
