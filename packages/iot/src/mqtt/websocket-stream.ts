import { ProtocolError, UsageError } from "@fairlead/core";
import { Duplex } from "node:stream";
import type { LineNetwork } from "../messaging/broker-line.ts";
import type { Network, NetworkWebSocket } from "../network.ts";

/**
 * Has a network open WebSockets where it is asked for streams.
 *
 * @param path of the resource, as the URL has it.
 * @throws UsageError URL_SCHEME_UNKNOWN where it opens none.
 * @see MQTT 5.0 section 6
 */
export function webSocketNetwork(network: Network, peer: string, path: string): LineNetwork {
  if (network.webSocket === undefined) {
    const remedy = "give a network that opens WebSockets, or connect by mqtts";
    throw new UsageError("URL_SCHEME_UNKNOWN", { operation: "connect", peer, remedy });
  }
  const open = network.webSocket.bind(network);
  return {
    connectivity: network.connectivity,
    connect: async (address, { signal = new AbortController().signal } = {}) => {
      const socket = open(new URL(path, address), { protocols: SUBPROTOCOL, signal });
      await socket.opened;
      if (socket.protocol !== SUBPROTOCOL) {
        socket.close(NORMAL_CLOSURE);
        const detail = "it does not speak MQTT on this WebSocket";
        throw new ProtocolError("BROKER_REFUSED", { peer, operation: "connect", detail, remedy: "check the path" });
      }
      return webSocketStream(socket, peer);
    },
  };
}

const SUBPROTOCOL = "mqtt";
/** RFC 6455 section 7.4.1. */
const NORMAL_CLOSURE = 1000;

/** The bytes of its binary messages, whose bounds mean nothing. */
function webSocketStream(socket: NetworkWebSocket, peer: string): Duplex {
  const messages = socket[Symbol.asyncIterator]();
  const send = (bytes: Uint8Array<ArrayBuffer>, done: () => void): void => {
    // What it is lost to, who reads hears.
    sendMessage(socket, bytes).then(done, done);
  };
  const stream = new Duplex({
    allowHalfOpen: false,
    read: () => {
      void readMessage();
    },
    write: (bytes: Buffer<ArrayBuffer>, _encoding, done) => send(bytes, done),
    // The library writes a packet in parts.
    writev: (writes, done) => send(Buffer.concat(writes.map((part) => part.chunk as Buffer)), done),
    final: (done) => {
      socket.close(NORMAL_CLOSURE);
      done();
    },
    destroy: (error, done) => {
      socket.close(NORMAL_CLOSURE);
      done(error);
    },
  });
  const readMessage = async (): Promise<void> => {
    try {
      const next = await messages.next();
      if (next.done === true) stream.push(null);
      else if (typeof next.value === "string") stream.destroy(textMessage(peer));
      // An empty one would not have the stream ask for the next.
      else if (next.value.length === 0) await readMessage();
      else stream.push(next.value);
    } catch (error) {
      stream.destroy(error as Error);
    }
  };
  return stream;
}

async function sendMessage(socket: NetworkWebSocket, bytes: Uint8Array<ArrayBuffer>): Promise<void> {
  await socket.send(bytes);
  await socket.drained?.();
}

/** Packets go in binary messages. MQTT 5.0 section 6, MQTT-6.0.0-1. */
function textMessage(peer: string): ProtocolError {
  return new ProtocolError("BROKER_REFUSED", { peer, operation: "receive", detail: "it sent a text message" });
}
