const NO_PORTS: readonly never[] = [];

/** Something that came, as `MessageEvent` has it; Node's own is loaded with its `fetch`, which nothing else here needs. */
export class ReceivedMessageEvent<Data = unknown> extends Event {
  readonly data: Data;
  /** Of whoever sent it: `wss://example.com`. */
  readonly origin: string;
  /** With server-sent events, what the stream called the last one; empty otherwise. */
  readonly lastEventId: string;
  readonly source = null;
  readonly ports = NO_PORTS;

  constructor(type: string, data: Data, origin: string, lastEventId = "") {
    super(type);
    this.data = data;
    this.origin = origin;
    this.lastEventId = lastEventId;
  }
}
