/** Datagrams: UDP, and a network in memory. */
export type * from "./contract.ts";
export { CarriedEndpoint, type DatagramCarrier } from "./endpoint.ts";
export * from "./memory-network.ts";
export { defaultMtu } from "./mtu.ts";
export * from "./udp.ts";
export type { UdpMulticast } from "./udp-multicast.ts";
