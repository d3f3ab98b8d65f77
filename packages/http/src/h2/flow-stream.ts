import { Http2Fault } from "./fault.ts";
import { ErrorCode, WINDOW_LIMIT } from "./frames.ts";
import type { FlatFields } from "./field-rules.ts";
import { ReceiveWindow, type WindowPlan } from "./stream-windows.ts";

/** What a stream needs of its connection. */
export interface StreamPort {
  readonly windows: WindowPlan;
  /** What all streams together may send now. */
  readonly connectionWindow: number;
  sendFields(stream: FlowStream, fields: FlatFields, isLast: boolean): void;
  sendData(stream: FlowStream, data: Uint8Array, isLast: boolean): void;
  sendReset(stream: FlowStream, code: number): void;
  giveBack(stream: FlowStream, increment: number): void;
  /** Remembers a stream that has something to send. */
  wait(stream: FlowStream): void;
  /** The stream is closed on both sides. */
  closed(stream: FlowStream): void;
}

/** A stream as both ends of a connection have it: what may be sent on it, and what may come. RFC 9113 section 5.2. */
export abstract class FlowStream {
  readonly id: number;
  protected readonly port: StreamPort;
  readonly #window: ReceiveWindow;
  #sendWindow: number;
  #isSent: boolean;
  #isClosed = false;

  protected constructor(id: number, port: StreamPort, sendWindow: number, isSent: boolean) {
    this.id = id;
    this.port = port;
    this.#sendWindow = sendWindow;
    this.#isSent = isSent;
    this.#window = new ReceiveWindow(port.windows);
  }

  get isClosed(): boolean {
    return this.#isClosed;
  }

  /** Whether our message, its body included, was handed over whole. */
  get isSent(): boolean {
    return this.#isSent;
  }

  /** Octets of body that may be sent now. */
  get sendable(): number {
    return Math.max(0, Math.min(this.#sendWindow, this.port.connectionWindow));
  }

  /** Has `onSendable` called as soon as something may be sent. */
  whenSendable(): void {
    this.port.wait(this);
  }

  /** Sends a part of the body, no more than `sendable`; it must stay as it is until it is written. */
  send(data: Uint8Array, isLast: boolean): void {
    if (this.#isClosed || this.#isSent) return;
    this.#sendWindow -= data.length;
    this.#isSent = isLast;
    this.port.sendData(this, data, isLast);
    if (isLast) this.onSent();
  }

  /** Octets that `onData` told of are not needed any more. */
  read(octets: number): void {
    if (this.#isClosed) return;
    const increment = this.#window.read(octets);
    if (increment > 0) this.port.giveBack(this, increment);
  }

  /** Gives the stream up; nothing more is told of it. The connection goes on. */
  reset(code: number = ErrorCode.cancel): void {
    if (this.#isClosed) return;
    this.port.sendReset(this, code);
    this.close();
  }

  /** @throws Http2Fault for a window that is too large. @internal */
  openSendWindow(increment: number): void {
    this.#sendWindow += increment;
    if (this.#sendWindow > WINDOW_LIMIT) throw new Http2Fault(ErrorCode.flowControlError, "a window beyond 2^31-1");
  }

  /** A DATA frame counts as a whole, padding included. @internal */
  receiveFrame(length: number): void {
    if (!this.#window.receive(length)) {
      throw new Http2Fault(ErrorCode.flowControlError, "more data than its window allows");
    }
  }

  /** @internal */
  abstract writable(): void;
  /** @internal */
  abstract receiveFields(fields: FlatFields, isOverLimit: boolean, isLast: boolean): void;
  /** @internal */
  abstract receiveData(data: Uint8Array): void;
  /** @internal */
  abstract receiveEnd(): void;
  /** @internal */
  abstract receiveReset(code: number, codeName: string): void;

  /** Our message is whole. */
  protected abstract onSent(): void;

  protected sendFields(fields: FlatFields, isLast: boolean): void {
    if (this.#isClosed || this.#isSent) return;
    this.#isSent = isLast;
    this.port.sendFields(this, fields, isLast);
    if (isLast) this.onSent();
  }

  protected close(): void {
    this.#isClosed = true;
    this.#window.end();
    this.port.closed(this);
  }
}
