/** CoAP's messages over reliable transports, RFC 8323: frames, and what is said about the connection itself. */
export {
  applyCapabilities,
  type CoapPeerSettings,
  type CoapStreamDecision,
  decideStreamMessage,
  takesGatheredBlocks,
} from "./decide-message.ts";
export type { CoapFraming } from "./frame-head.ts";
export { type CoapFrameFlaw, CoapFrameReader, type CoapFrameReading, readWebSocketFrame } from "./read-frame.ts";
export {
  abortMessage,
  capabilitiesMessage,
  type CoapAbort,
  type CoapCapabilities,
  type CoapRelease,
  type CoapSignal,
  coapSignalCodes,
  coapSignalOptions,
  healthMessage,
  readSignal,
  releaseMessage,
} from "./signal.ts";
export {
  baseStreamLimits,
  type CoapStreamLimits,
  type CoapStreamMessage,
} from "./stream-message.ts";
export { writeCoapFrame } from "./write-frame.ts";
