/** WebSockets that a server opens, over HTTP/1.1 and HTTP/2. RFC 6455, RFC 7692, RFC 8441. */
export { acceptWebSocket, type OnWebSocket } from "./accept-websocket.ts";
export type { AcceptWebSocketOptions } from "./options.ts";
export type { ServerWebSocket, ServerWebSocketEvents } from "./server-websocket.ts";
