/** CoAP for applications: a client, a server, and what carries both. */
export type * from "./channel.ts";
export type * from "./exchange.ts";
export { channelRequester } from "./client/channel-requester.ts";
export { serveChannel } from "./server/serve-channel.ts";
