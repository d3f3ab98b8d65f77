/** Where connections come in: admission, PROXY protocol, TLS, and what is spoken on them. */
export type { Admission } from "./admission.ts";
export { type IdentityFiles, type ReloadableIdentity, reloadIdentity } from "./identity-files.ts";
export { createListener, type IncomingConnection, Listener, type ListenerOptions } from "./listener.ts";
export type { ProxyProtocolOptions } from "./proxy-protocol.ts";
export type { ListenTlsOptions } from "./tls-options.ts";
