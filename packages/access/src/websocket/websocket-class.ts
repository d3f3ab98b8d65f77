import type { StreamGround } from "../web-events/stream-ground.ts";
import { ManagedWebSocket } from "./managed-websocket.ts";

/** The class `WebSocket` of the standard. */
export interface WebSocketClass {
  readonly CONNECTING: 0;
  readonly OPEN: 1;
  readonly CLOSING: 2;
  readonly CLOSED: 3;
  /** @throws UsageError */
  new (url: string | URL, protocols?: string | readonly string[]): ManagedWebSocket;
}

/** Makes the class whose sockets are one manager's. */
export function webSocketClass(ground: StreamGround): WebSocketClass {
  return class WebSocket extends ManagedWebSocket {
    constructor(url: string | URL, protocols: string | readonly string[] = []) {
      super(ground, url, { protocols });
    }
  };
}
