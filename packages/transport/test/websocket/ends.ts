import { type MemoryStream, memoryPair } from "@fairlead/transport";
import {
  openWebSocket,
  type WebSocketClosure,
  type WebSocketConnection,
  type WebSocketConnectionOptions,
  type WebSocketRole,
} from "@fairlead/transport/websocket";
import { once } from "node:events";

/** One end of a WebSocket, and what it heard. */
export interface End {
  readonly socket: WebSocketConnection;
  readonly stream: MemoryStream;
  /** Messages, pings and pongs in order. */
  readonly heard: unknown[];
  /** Settles when `heard` has so many entries. */
  whenHeard(count: number): Promise<readonly unknown[]>;
  /** Settles when there is room again. */
  whenRoom(): Promise<void>;
  readonly closed: Promise<WebSocketClosure>;
}

/** What is told of, beside messages. */
export interface EndOptions extends Omit<WebSocketConnectionOptions, "role"> {
  readonly onMessage?: (data: string | Uint8Array, socket: WebSocketConnection) => void;
}

/** Opens one end over a stream. */
export function openEnd(stream: MemoryStream, role: WebSocketRole, options: EndOptions = {}): End {
  const { promise: closed, resolve: onClose } = Promise.withResolvers<WebSocketClosure>();
  const heard: unknown[] = [];
  const waiters = new Set<() => void>();
  let room = Promise.withResolvers<undefined>();
  const hear = (what: unknown): void => {
    heard.push(what);
    for (const waiter of waiters) waiter();
  };
  const socket = openWebSocket(
    stream,
    { peer: "peer.example:80", ...options, role },
    {
      onMessage: (data) => {
        hear(typeof data === "string" ? data : Buffer.from(data));
        options.onMessage?.(data, socket);
      },
      onClose,
      onPing: (payload) => hear(["ping", Buffer.from(payload).toString()]),
      onPong: (payload) => hear(["pong", Buffer.from(payload).toString()]),
      onDrain: () => {
        room.resolve(undefined);
        room = Promise.withResolvers<undefined>();
      },
    },
  );
  const whenHeard = async (count: number): Promise<readonly unknown[]> => {
    await new Promise<void>((resolve) => {
      const look = (): void => {
        if (heard.length < count) return;
        waiters.delete(look);
        resolve();
      };
      waiters.add(look);
      look();
    });
    return heard;
  };
  return { socket, stream, heard, closed, whenHeard, whenRoom: () => room.promise };
}

/** A client and a server that talk to each other. */
export function openPair(options: EndOptions = {}): { readonly client: End; readonly server: End } {
  const [left, right] = memoryPair();
  return { client: openEnd(left, "client", options), server: openEnd(right, "server", options) };
}

/** One end, and the raw stream of its peer, which writes and reads bytes. */
export function openAgainstBytes(
  role: WebSocketRole,
  options: EndOptions = {},
): { readonly end: End; readonly peer: MemoryStream; readonly received: () => Buffer } {
  const [left, right] = memoryPair({ allowHalfOpen: true });
  const chunks: Buffer[] = [];
  right.on("data", (chunk: Buffer) => chunks.push(chunk));
  right.on("error", () => undefined);
  return { end: openEnd(left, role, options), peer: right, received: () => Buffer.concat(chunks) };
}

/** Waits until so many bytes came. */
export async function whenReceived(peer: MemoryStream, received: () => Buffer, count: number): Promise<Buffer> {
  while (received().length < count) await once(peer, "data");
  return received();
}
