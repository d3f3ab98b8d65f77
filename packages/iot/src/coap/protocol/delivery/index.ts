/** The message layer of RFC 7252 section 4 as pure rules: what is asked, datagrams and the time in, effects out. */
export type { DeliveryEffect, DeliveryFailure } from "./effect.ts";
export { GroupExchange, type GroupReading } from "./group-exchange.ts";
export { type CoapDeliveryLimits, defaultDeliveryLimits } from "./limits.ts";
export { MemoryBudget } from "./memory-budget.ts";
export { MessageIds } from "./message-ids.ts";
export type { MessageContent } from "./message-content.ts";
export { MessageLayer, type MessageLayerOptions } from "./message-layer.ts";
export type { OpenExchange } from "./open-exchanges.ts";
export type { ReceivedRequest } from "./received-request.ts";
export { decideStranger, type StrangerDecision } from "./stranger.ts";
export {
  type CoapTransmission,
  type CoapTransmissionTimes,
  completeTransmission,
  defaultTransmission,
  transmissionTimes,
} from "./transmission.ts";
