/** What proxies go by: which server a request is for, and what is forwarded. RFC 7252 section 5.7, RFC 8075. */
export { type OptionForwarding, requestOptionsToForward, responseOptionsToForward } from "./forwarded-options.ts";
export { coapCodeOfHttpStatus, httpStatusOfCoapCode } from "./http-status.ts";
export { contentFormatOfMediaType, mediaTypeOfContentFormat } from "./media-type.ts";
export { type ProxyTarget, proxySchemeOptions, readProxyTarget } from "./proxy-target.ts";
