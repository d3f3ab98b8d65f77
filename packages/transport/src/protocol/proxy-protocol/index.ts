/** The PROXY protocol, versions 1 and 2: what somebody in between says of the client, in front of all other bytes. */
export type { ProxyEnds, ProxyHead, ProxyHeadReading, ProxyTls } from "./head.ts";
export { maxProxyHeadBytes, readProxyHead } from "./read-head.ts";
export { formatProxyHead, type ProxyHeadFormat } from "./format-head.ts";
