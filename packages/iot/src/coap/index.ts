/** CoAP for applications: a client, a server, and what carries both. */
export type * from "./channel.ts";
export { type AskGroupOptions, askGroup, type GroupResponse } from "./datagram/ask-group.ts";
export { type DatagramChannelOptions, datagramChannel } from "./datagram/datagram-channel.ts";
export { type CoapListener, type ListenDatagramsOptions, listenDatagrams } from "./datagram/listen-datagrams.ts";
export type * from "./exchange.ts";
export type { BlocksChannel, BlocksOptions } from "./blocks/blocks-options.ts";
export { memoryBody, sequentialBody } from "./blocks/bodies.ts";
export { type CoapPiece, downloadBody, type DownloadOptions } from "./blocks/download-body.ts";
export type { PeerTableLimits } from "./blocks/peer-table.ts";
export { serveBlocks, type ServeBlocksOptions } from "./blocks/serve-blocks.ts";
export { uploadBody, type UploadOptions } from "./blocks/upload-body.ts";
export { withBlocks, type WithBlocksOptions } from "./blocks/with-blocks.ts";
export { channelRequester } from "./client/channel-requester.ts";
export {
  type CoapDeliveryLimits,
  type CoapTransmission,
  defaultDeliveryLimits,
  defaultTransmission,
} from "./protocol/delivery/index.ts";
export * from "./client/coap-client.ts";
export type { ClientBodyOptions } from "./client/channel-requesters.ts";
export type { CoapDownload } from "./client/coap-download.ts";
export type { DiscoveredDevice, GroupDiscoveryOptions } from "./client/discover-group.ts";
export type { DiscoveredResource, DiscoveryFilter } from "./client/discovery.ts";
export type { CborMap, CborOptions, CborValue } from "../protocol/cbor.ts";
export { CoapReply } from "./client/coap-reply.ts";
export type { CoapMethod, CoapRequestOptions } from "./client/coap-request.ts";
export type { ChannelPoolLimits, OpenCoapChannel } from "./client/channel-pool.ts";
export * from "./server/coap-answer.ts";
export * from "./server/coap-server.ts";
export * from "./server/resource.ts";
export { resourceHandler } from "./server/resource-handler.ts";
export { type DirectoryEndpoint, lookUpEndpoints, lookUpResources, type LookUpOptions } from "./directory/look-up.ts";
export { echoTickets, type EchoTickets } from "./echo/echo-tickets.ts";
export { requireEcho, type RequireEchoOptions } from "./echo/require-echo.ts";
export { withEcho } from "./echo/with-echo.ts";
export { limitHops } from "./hop-limit/limit-hops.ts";
export { heedNoResponse } from "./no-response/heed-no-response.ts";
export { type CoapAnswerClass, tell, type TellOptions } from "./no-response/tell.ts";
export { type PatienceOptions, withPatience } from "./patience/with-patience.ts";
export { coapToHttp, type CoapToHttpOptions, type CoapToHttpRequest } from "./proxy/coap-to-http.ts";
export { httpToCoap, type HttpToCoapOptions, type HttpToCoapRequest } from "./proxy/http-to-coap.ts";
export { forwardProxy, type ForwardProxyOptions, type ProxiedCoapRequest } from "./proxy/forward-proxy.ts";
export { serveQBlocks, type ServeQBlocksOptions } from "./q-block/serve-q-blocks.ts";
export { withQBlocks, type WithQBlocksOptions } from "./q-block/with-q-blocks.ts";
export { CoapObservationEnded } from "./observe/observation-ended.ts";
export { type CoapObservable, observable, type ObservableOptions } from "./observe/observable.ts";
export { observe, type ObserveOptions } from "./observe/observe.ts";
export { serveChannel, type ServeChannelOptions } from "./server/serve-channel.ts";
export type { OscoreContextName } from "./oscore/context-name.ts";
export { type OscoreContext, type OscoreContextOptions, openOscoreContext } from "./oscore/oscore-context.ts";
export { type FindOscoreContext, type ServeOscoreOptions, serveOscore } from "./oscore/serve-oscore.ts";
export { withOscore } from "./oscore/with-oscore.ts";
export type { CoapAnswerMessage, CoapRequestMessage } from "./telemetry/diagnostics.ts";
export type { OscoreParameters } from "./protocol/oscore/security-context.ts";
export * from "./stream/index.ts";
export {
  connectCoaps,
  type CoapsConnectSecurity,
  type CoapsDestination,
  type ConnectCoapsOptions,
} from "./secure/connect-coaps.ts";
export { listenCoaps, type ListenCoapsOptions } from "./secure/listen-coaps.ts";
export type { OnPreSharedKey, PreSharedKeyQuestion } from "./secure/pre-shared-key.ts";
