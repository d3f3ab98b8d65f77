/** DTLS 1.2 over any datagram path, through interchangeable libraries. */
export * from "./cipher-suites.ts";
export * from "./clock.ts";
export type * from "./contract.ts";
export * from "./cookie-gate.ts";
export { datagramBackend } from "./datagram-backend.ts";
export type * from "./datagram-engine.ts";
export * from "./dtls-endpoint.ts";
export { packRecords, recordHeader } from "./protocol/records.ts";
