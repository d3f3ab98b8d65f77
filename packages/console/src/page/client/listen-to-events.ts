import type { ConsoleHappening } from "../state/console-state.ts";
import { readEvent } from "./read-event.ts";
import { reconnectDelayMilliseconds } from "./reconnect-delay.ts";

/**
 * Listens to the console's events, again and again when the connection is lost: each time the server begins with `hello`
 * and tells all anew, so that what was missed is made up for.
 *
 * @returns ends it.
 */
export function listenToEvents(url: URL, take: (happening: ConsoleHappening) => void): () => void {
  const address = new URL(url);
  address.protocol = url.protocol === "https:" ? "wss:" : "ws:";
  let attempt = 0;
  let socket: WebSocket | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let isOver = false;

  const open = (): void => {
    socket = new WebSocket(address);
    socket.addEventListener("message", ({ data }: MessageEvent<unknown>) => {
      const event = typeof data === "string" ? readEvent(data) : undefined;
      if (event === undefined) return;
      if (event.type === "hello") attempt = 0;
      take(event);
    });
    socket.addEventListener("close", () => {
      if (isOver) return;
      take({ type: "connection-lost" });
      timer = setTimeout(open, reconnectDelayMilliseconds(attempt));
      attempt += 1;
    });
  };
  open();
  return () => {
    isOver = true;
    clearTimeout(timer);
    socket?.close();
  };
}
