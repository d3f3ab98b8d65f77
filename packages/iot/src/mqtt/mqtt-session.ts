import { AuthenticationError, isCodedError, ProtocolError, TransportError } from "@fairlead/core";
import type { IClientOptions, MqttClient } from "mqtt";
import { Duplex } from "node:stream";
import type { BrokerConnection, BrokerLine } from "../messaging/broker-line.ts";
import { StreamGauge } from "../messaging/protocol/stream-gauge.ts";
import type { MqttClientOptions } from "./mqtt-client-options.ts";
import { bytesBehindMqttHeader } from "./protocol/bytes-behind-header.ts";
import { sortConnackRefusal } from "./protocol/connack-refusal.ts";

/** What a client is made of. */
export interface MqttParts {
  readonly library: { readonly MqttClient: typeof MqttClient };
  readonly line: BrokerLine;
  readonly own: MqttClientOptions;
  readonly packetLimitBytes: number;
}

/** The library's own timers would open connections when it pleases them; at this they never fire. */
const NEVER_MILLISECONDS = 2 ** 31 - 1;

/**
 * Makes a client on the first connection of a line, and keeps it on the later ones.
 *
 * @throws what the broker refuses it with, or what the connection failed with; the client has ended then.
 */
export async function logIn(parts: MqttParts, connection: BrokerConnection): Promise<MqttClient> {
  return new MqttSession(parts, connection).begin();
}

class MqttSession {
  readonly #client: MqttClient;
  readonly #parts: MqttParts;
  #connection: BrokerConnection;
  /** Whether the library was given the connection. */
  #isTaken = false;
  /** What the connection was lost to, as far as the library has said. */
  #lostTo: Error | undefined;
  #isResuming = true;

  constructor(parts: MqttParts, connection: BrokerConnection) {
    const { library, own, packetLimitBytes } = parts;
    this.#parts = parts;
    this.#connection = connection;
    const properties = own.protocolVersion === 5 && { maximumPacketSize: packetLimitBytes, ...own.properties };
    const options: IClientOptions = {
      ...own,
      ...(properties && { properties }),
      ...passwordOf(connection),
      reconnectPeriod: NEVER_MILLISECONDS,
      connectTimeout: NEVER_MILLISECONDS,
    };
    this.#client = new library.MqttClient(() => this.#take(), options);
    // A client is printed with its options.
    hidePassword(this.#client.options);
  }

  async begin(): Promise<MqttClient> {
    const client = this.#client;
    const { line } = this.#parts;
    client.on("error", (error) => {
      this.#lostTo = error;
    });
    try {
      await this.#admitted();
    } catch (error) {
      client.end(true);
      throw error;
    }
    client.on("close", () => void this.#resume());
    client.once("end", () => line.end());
    line.ended.addEventListener("abort", () => client.end(true));
    this.#isResuming = false;
    if (this.#connection.stream.destroyed) void this.#resume();
    return client;
  }

  /** The stream of the connection, once. */
  #take(): Duplex {
    const { line, packetLimitBytes } = this.#parts;
    const { stream } = this.#connection;
    if (this.#isTaken) {
      // The application had the library connect by itself. It hears of it as of a connection that fails.
      const { peer } = line.broker;
      const remedy = "call connectMqtt again";
      const spent = new Duplex({ read: () => undefined });
      spent.destroy(new TransportError("STREAM_CLOSED", { peer, operation: "connect", remedy }));
      return spent;
    }
    this.#isTaken = true;
    const gauge = new StreamGauge(bytesBehindMqttHeader, packetLimitBytes);
    stream.on("data", (bytes: Uint8Array) => {
      if (gauge.take(bytes)) return;
      stream.destroy(new ProtocolError("BROKER_MESSAGE_LIMIT", { peer: line.broker.peer, operation: "receive" }));
    });
    return stream;
  }

  /** Until the broker lets the client in, or does not. */
  #admitted(): Promise<undefined> {
    const client = this.#client;
    return this.#parts.line.during(this.#connection, (resolve, reject) => {
      const onConnect = (): void => resolve(undefined);
      const onError = (error: Error): void => reject(this.#named(error));
      client.once("connect", onConnect);
      client.on("error", onError);
      return () => {
        client.off("connect", onConnect);
        client.off("error", onError);
      };
    });
  }

  #named(error: Error): Error {
    const { line } = this.#parts;
    const code: unknown = "code" in error ? error.code : undefined;
    if (typeof code === "string") return line.named(error);
    const facts = { peer: line.broker.peer, operation: "connect", detail: error.message, cause: error };
    if (typeof code !== "number") return new ProtocolError("BROKER_REFUSED", facts);
    switch (sortConnackRefusal(code)) {
      case "login":
        return new AuthenticationError("BROKER_LOGIN_REFUSED", facts);
      case "unavailable":
        return new TransportError("BROKER_UNAVAILABLE", facts);
      case "other":
        return new ProtocolError("BROKER_REFUSED", facts);
    }
  }

  /** A connection is lost: opens the next, until one lasts, or there is none. */
  async #resume(): Promise<void> {
    const client = this.#client;
    const { line } = this.#parts;
    if (this.#isResuming || client.disconnecting || line.ended.aborted) return;
    this.#isResuming = true;
    try {
      do {
        this.#connection = await line.next(this.#connection.stream.errored ?? this.#lostTo);
        this.#isTaken = false;
        this.#lostTo = undefined;
        Object.assign(client.options, { username: undefined, password: undefined }, passwordOf(this.#connection));
        hidePassword(client.options);
        client.emit("reconnect");
        client.connect();
        await this.#admit();
      } while (this.#connection.stream.destroyed);
    } catch (error) {
      if (line.end(error)) client.emit("error", error as Error);
    } finally {
      this.#isResuming = false;
    }
  }

  /** @throws what the broker refuses the client with for good. */
  async #admit(): Promise<void> {
    const { line } = this.#parts;
    try {
      await this.#admitted();
      line.opened();
    } catch (error) {
      this.#connection.stream.destroy();
      line.ended.throwIfAborted();
      if (isCodedError(error) && (error.code === "BROKER_LOGIN_REFUSED" || error.code === "BROKER_REFUSED"))
        throw error;
      this.#lostTo = error as Error;
    }
  }
}

function hidePassword(options: object): void {
  if ("password" in options) Object.defineProperty(options, "password", { enumerable: false });
}

function passwordOf({ credentials }: BrokerConnection): Pick<IClientOptions, "username" | "password"> {
  if (credentials?.type !== "password") return {};
  const { username, password } = credentials;
  return { username, password };
}
