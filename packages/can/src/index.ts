/** CAN and ISO-TP. The driver of the bus is Linux's; the rest works over any {@link CanBus}. */
export type * from "./can-bus.ts";
export * from "./can-socket.ts";
export * from "./isotp/options.ts";
export * from "./isotp/iso-tp-path.ts";
export * from "./isotp/iso-tp-stream.ts";
export * from "./memory-can.ts";
export * from "./protocol/can-frame.ts";
export * from "./protocol/candump-log.ts";
export type { IsoTpLayout } from "./protocol/isotp/addressing.ts";
