/** CoAP for applications: a client, a server, and what carries both. */
export type * from "./channel.ts";
export { type DatagramChannelOptions, datagramChannel } from "./datagram/datagram-channel.ts";
export { type CoapListener, type ListenDatagramsOptions, listenDatagrams } from "./datagram/listen-datagrams.ts";
export type * from "./exchange.ts";
export { channelRequester } from "./client/channel-requester.ts";
export {
  type CoapDeliveryLimits,
  type CoapTransmission,
  defaultDeliveryLimits,
  defaultTransmission,
} from "./protocol/delivery/index.ts";
export { serveChannel } from "./server/serve-channel.ts";
export type { OscoreContextName } from "./oscore/context-name.ts";
export { type OscoreContext, type OscoreContextOptions, openOscoreContext } from "./oscore/oscore-context.ts";
export { type FindOscoreContext, type ServeOscoreOptions, serveOscore } from "./oscore/serve-oscore.ts";
export { withOscore } from "./oscore/with-oscore.ts";
export type { OscoreParameters } from "./protocol/oscore/security-context.ts";
