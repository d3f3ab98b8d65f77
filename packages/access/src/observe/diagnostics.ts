import { redactField, redactUrls } from "@fairlead/http/redaction";
import { channel, tracingChannel, type Channel, type TracingChannel } from "node:diagnostics_channel";
import { fieldPairs } from "../request-fields.ts";
import type { ConnectionFacts, Hop, HopReason, TlsFacts } from "../transaction.ts";
import { HopMessages } from "./hop-messages.ts";
import type { Observer } from "./observer.ts";

/**
 * Requests of every manager of the process, in Node's convention: `start` and `end` around the call, whose stores hold for
 * what is done for it; `asyncStart` when there is a response, or none will be; `asyncEnd` when its body has ended, too;
 * `error` before either. All of one request are told the same {@link RequestMessage}.
 */
export const requestChannel: TracingChannel<RequestMessage, RequestMessage> = tracingChannel("fairlead:request");
/** Told a {@link HopMessage} when a hop has ended. */
export const hopChannel = channel("fairlead:hop") as Channel<unknown, HopMessage>;
/** Told a {@link ConnectionMessage} when a connection was opened, could not be, or is closed. */
export const connectionChannel = channel("fairlead:connection") as Channel<unknown, ConnectionMessage>;

/** What `fairlead:request` tells. Holds no secrets. */
export class RequestMessage {
  readonly method: string;
  /** Of the response; `undefined` until there is one. */
  status: number | undefined = undefined;
  /** What it failed with; `undefined` for nothing. */
  error: Error | undefined = undefined;
  readonly #url: string;

  constructor(method: string, url: string) {
    this.method = method;
    this.#url = url;
  }

  /** As it was asked for, secrets redacted. */
  get url(): string {
    return redactUrls(this.#url);
  }
}

type FieldPairs = readonly (readonly [name: string, value: string])[];

/** What `fairlead:hop` tells. Holds no secrets. */
export class HopMessage {
  readonly #hop: Hop;

  constructor(hop: Hop) {
    this.#hop = hop;
  }

  get method(): string {
    return this.#hop.method;
  }

  /** Secrets redacted. */
  get url(): string {
    return redactUrls(this.#hop.url);
  }

  /** `redirect` is not known yet when a hop has ended: it is told by the status. */
  get reason(): HopReason {
    return this.#hop.reason;
  }

  /** `undefined` when there was no response. */
  get status(): number | undefined {
    return this.#hop.status;
  }

  get error(): Error | undefined {
    return this.#hop.error;
  }

  get durationMilliseconds(): number | undefined {
    return this.#hop.timing.total;
  }

  /** Of the body, over the wire. */
  get bytes(): number {
    return this.#hop.bodyBytes;
  }

  /** Counts within a manager; `undefined` where nobody was asked. */
  get connection(): number | undefined {
    return this.#hop.connection?.id;
  }

  /** As they were sent, or would have been, names in lower case, secrets redacted. */
  get requestFields(): FieldPairs {
    return this.#hop.messages === undefined ? [] : redactedPairs(this.#hop.messages.askedFields);
  }

  /** Names in lower case, secrets redacted. */
  get responseFields(): FieldPairs {
    const fields = Object.entries(this.#hop.messages?.responseFields ?? {});
    return redactedPairs(fields.flatMap(([name, values]) => [values ?? []].flat().flatMap((value) => [name, value])));
  }
}

/** What `fairlead:connection` tells. */
export interface ConnectionMessage {
  readonly type: "opened" | "failed" | "closed";
  readonly origin: string;
  /** Counts within a manager; `undefined` for one that was not opened. */
  readonly connection: number | undefined;
  readonly remoteAddress: string | undefined;
  readonly tls: TlsFacts | undefined;
  readonly error: unknown;
}

/** Publishes what is told of hops and connections. */
export const diagnosticsObserver: Required<Observer> = {
  requestStarted: () => ({
    hopStarted: (hop) => {
      hop.messages ??= new HopMessages();
    },
    hopEnded: (hop) => {
      hopChannel.publish(new HopMessage(hop));
    },
  }),
  connectionOpened: (connection, origin) => {
    connectionChannel.publish(messageOf("opened", origin, connection));
  },
  connectionFailed: (error, origin) => {
    connectionChannel.publish({ ...messageOf("failed", origin, undefined), error });
  },
  connectionClosed: (connection, origin) => {
    connectionChannel.publish(messageOf("closed", origin, connection));
  },
};

function messageOf(
  type: ConnectionMessage["type"],
  origin: string,
  connection: ConnectionFacts | undefined,
): ConnectionMessage {
  const { id, remoteAddress, tls } = connection ?? {};
  return { type, origin, connection: id, remoteAddress, tls, error: undefined };
}

function redactedPairs(flat: readonly string[]): FieldPairs {
  return fieldPairs([...flat]).map(([name, value]) => [name, redactField(name, value)]);
}
