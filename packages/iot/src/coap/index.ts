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
