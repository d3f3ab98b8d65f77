import { AuthenticationError, ProtocolError } from "@fairlead/core";
import type { AmqpError, Connection, ConnectionError, ConnectionOptions, Container, EventContext } from "rhea";
import type { Duplex } from "node:stream";
import type { BrokerConnection, BrokerLine } from "../messaging/broker-line.ts";
import { StreamGauge } from "../messaging/protocol/stream-gauge.ts";
import type { AmqpConnectionOptions } from "./amqp-connection-options.ts";
import { amqpSizeBytes, bytesBehindAmqpSize } from "./protocol/bytes-behind-size.ts";
import { saslMechanisms } from "./sasl-mechanisms.ts";

/** What a connection is made of. */
export interface AmqpParts {
  readonly library: Pick<Container, "create_container">;
  readonly line: BrokerLine;
  readonly own: AmqpConnectionOptions;
}

/** Bytes of a frame; the library's own is 4 GiB. */
const FRAME_LIMIT_BYTES = 1024 * 1024;
/** What every peer may send. AMQP 1.0 part 2, section 2.8.19. */
const SMALLEST_FRAME_LIMIT_BYTES = 512;
/** SASL: what the library says of a login that was refused. AMQP 1.0 part 5, section 5.3.3.6. */
const UNAUTHORIZED = "amqp:unauthorized-access";

/**
 * Makes a connection on the first stream of a line, and keeps it on the later ones.
 *
 * @throws what the peer refuses it with, or what the stream failed with.
 */
export async function openConnection(parts: AmqpParts, connection: BrokerConnection): Promise<Connection> {
  return new AmqpSession(parts, connection).begin();
}

class AmqpSession {
  readonly #line: BrokerLine;
  readonly #connection: Connection;
  readonly #frameLimitBytes: number;
  #access: BrokerConnection;
  /** Whether the library has the stream. */
  #isResuming = true;

  constructor({ library, line, own }: AmqpParts, access: BrokerConnection) {
    this.#line = line;
    this.#access = access;
    this.#frameLimitBytes = Math.max(own.max_frame_size ?? FRAME_LIMIT_BYTES, SMALLEST_FRAME_LIMIT_BYTES);
    const { hostname } = line.broker.address;
    const options = {
      max_frame_size: FRAME_LIMIT_BYTES,
      ...own,
      host: hostname,
      ...saslMechanisms(access.credentials, () => this.#access.credentials),
      // It is asked when a connection is lost, and schedules nothing for what is less than 0; false would forget the links.
      reconnect: () => -1,
      connection_details: () => ({ host: hostname, port: 0, connect: this.#take }),
    };
    // The library takes a function for `reconnect`, too, which its types do not know.
    this.#connection = library.create_container().create_connection(options as unknown as ConnectionOptions);
    // Where nobody listens, the library prints what came, and waits.
    this.#connection.on("protocol_error", (error: Error) => this.#access.stream.destroy(this.#named(error)));
  }

  async begin(): Promise<Connection> {
    const connection = this.#connection;
    connection.connect();
    await this.#opened();
    const close = connection.close.bind(connection);
    connection.close = (error?: AmqpError): void => {
      close(error);
      // There is nobody to whom it could be said.
      if (this.#isResuming) this.#line.end();
    };
    this.#line.ended.addEventListener("abort", () => close());
    this.#isResuming = false;
    if (this.#access.stream.destroyed) void this.#resume();
    return connection;
  }

  /** `connect` of `node:net`, as far as the library uses it. */
  readonly #take = (_port: number, _host: string, _options: unknown, connected: () => void): Duplex => {
    const { stream } = this.#access;
    stream.once("close", () => void this.#resume());
    process.nextTick(() => {
      connected();
      this.#limitFrames(stream);
    });
    return stream;
  };

  /** The library tells the peer its limit, and keeps whatever comes all the same. */
  #limitFrames(stream: Duplex): void {
    const gauge = new StreamGauge(bytesBehindAmqpSize, this.#frameLimitBytes - amqpSizeBytes);
    stream.on("data", (bytes: Uint8Array) => {
      if (gauge.take(bytes)) return;
      stream.destroy(new ProtocolError("BROKER_MESSAGE_LIMIT", { peer: this.#line.broker.peer, operation: "receive" }));
    });
  }

  /** Until the peer has opened the connection, or refused it. */
  #opened(): Promise<undefined> {
    const connection = this.#connection;
    return this.#line.during(this.#access, (resolve, reject) => {
      const onOpen = (): void => resolve(undefined);
      const onError = ({ error }: EventContext): void => reject(this.#named(error));
      const onDisconnected = ({ error }: EventContext): void => reject(this.#line.named(asError(error)));
      connection.once("connection_open", onOpen);
      connection.on("connection_error", onError);
      connection.on("disconnected", onDisconnected);
      return () => {
        connection.off("connection_open", onOpen);
        connection.off("connection_error", onError);
        connection.off("disconnected", onDisconnected);
      };
    });
  }

  #named(error: Error | ConnectionError | undefined): Error {
    const { peer } = this.#line.broker;
    const condition: unknown = error !== undefined && "condition" in error ? error.condition : undefined;
    const facts = { peer, operation: "connect", detail: error?.message, cause: error };
    return condition === UNAUTHORIZED
      ? new AuthenticationError("BROKER_LOGIN_REFUSED", facts)
      : new ProtocolError("BROKER_REFUSED", facts);
  }

  /** A stream is lost: opens the next, until one lasts, or there is none. */
  async #resume(): Promise<void> {
    const connection = this.#connection;
    if (this.#isResuming || connection.is_closed() || this.#line.ended.aborted) return;
    this.#isResuming = true;
    try {
      let lostTo = this.#access.stream.errored ?? undefined;
      do {
        this.#access = await this.#line.next(lostTo);
        connection.reconnect();
        lostTo = await this.#admit();
      } while (this.#access.stream.destroyed);
    } catch (error) {
      if (this.#line.end(error)) connection.emit("error", error);
    } finally {
      this.#isResuming = false;
    }
  }

  /**
   * @returns what it failed with, where a later connection may do better.
   * @throws AuthenticationError BROKER_LOGIN_REFUSED
   */
  async #admit(): Promise<Error | undefined> {
    try {
      await this.#opened();
      this.#line.opened();
      return undefined;
    } catch (error) {
      this.#access.stream.destroy();
      if (error instanceof AuthenticationError) throw error;
      return error as Error;
    }
  }
}

function asError(error: unknown): Error | undefined {
  return error instanceof Error ? error : undefined;
}
