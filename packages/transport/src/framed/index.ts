/** Byte streams over whatever carries messages: serial lines, data channels, ports of workers. */
export { acceptLinkStreams, type AcceptLinkStreamsOptions, type LinkStreamAcceptor } from "./accept-link-streams.ts";
export { type DataChannel, dataChannelLink } from "./data-channel-link.ts";
export { framedLink, type FramedLinkOptions } from "./framed-link.ts";
export type { LinkPatience } from "./link-patience.ts";
export type { MessageLink, MessageLinkListener } from "./message-link.ts";
export { openLinkStream, type OpenLinkStreamOptions } from "./open-link-stream.ts";
export { type PostingPort, portLink } from "./port-link.ts";
export { cobs, type FrameReader, type FrameReading, type Framing, lengthPrefix } from "./protocol/framing.ts";
