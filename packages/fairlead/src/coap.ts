/**
 * CoAP, both sides of it. What carries it is loaded with it, so it is an entry of its own.
 *
 * @example
 * import { coapClient } from "fairlead/coap";
 *
 * await using client = coapClient();
 * console.log((await client.get("coap://thermostat.example/sensors/temp")).text());
 */
export * from "@fairlead/iot/coap";
