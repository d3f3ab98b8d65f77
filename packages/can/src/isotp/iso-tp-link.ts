import { TransportError, type FairleadError } from "@fairlead/core";
import type { CanFrame, SendableCanFrame } from "../protocol/can-frame.ts";
import { readPdu } from "../protocol/isotp/pdu.ts";
import { Receiving, type ReceivingEvent } from "../protocol/isotp/receiving.ts";
import { Sending } from "../protocol/isotp/sending.ts";
import type { IsoTpSettings } from "./options.ts";

/** Who is told of what happens. */
export interface IsoTpListener {
  readonly onMessage: (bytes: Buffer) => void;
  /** A message that had begun to come will not. */
  readonly onLost: (error: TransportError) => void;
  /** The bus is gone. */
  readonly onClose: (reason: FairleadError | undefined) => void;
}

/** Messages to and from one peer on a bus; one at a time in each direction. */
export class IsoTpLink {
  readonly settings: IsoTpSettings;
  readonly #listener: IsoTpListener;
  readonly #receiving: Receiving;
  #sending: Sending | undefined;
  #wake: () => void = () => undefined;
  /** What is being sent, with all that waits behind it. */
  #last: Promise<void> = Promise.resolve();
  #callOff: () => void = () => undefined;
  #closed = false;

  constructor(settings: IsoTpSettings, listener: IsoTpListener) {
    this.settings = settings;
    this.#listener = listener;
    this.#receiving = new Receiving(settings.layout, settings.receiving);
    settings.bus.on("frame", this.#onFrame);
    settings.bus.once("close", this.#onBusClose);
  }

  /**
   * Sends one message after those before it.
   *
   * @throws TransportError ISOTP_MESSAGE_LOST, STREAM_CLOSED, or as the bus.
   */
  send(message: Uint8Array): Promise<void> {
    const sent = this.#last.then(() => this.#transmit(message));
    this.#last = sent.catch(() => undefined);
    return sent;
  }

  /** Has the peer wait with long messages, or lets it go on. */
  hold(isHeld: boolean): void {
    this.#tell(this.#receiving.hold(isHeld, this.settings.clock.now()));
  }

  /** Stops hearing; the bus stays open. */
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.settings.bus.off("frame", this.#onFrame);
    this.settings.bus.off("close", this.#onBusClose);
    this.#callOff();
    this.#wake();
  }

  readonly #onBusClose = (reason: FairleadError | undefined): void => {
    this.close();
    this.#listener.onClose(reason);
  };

  readonly #onFrame = (frame: CanFrame): void => {
    const { receiveId, isExtended, layout, clock } = this.settings;
    if (frame.type !== "data" && frame.type !== "fd") return;
    if (frame.id !== receiveId || frame.isExtended !== isExtended) return;
    const pdu = readPdu(frame.data, layout);
    if (pdu === undefined) return;
    if (pdu.type === "flow-control") {
      this.#sending?.answer(pdu, clock.now());
      this.#wake();
    } else {
      this.#tell(this.#receiving.receive(pdu, clock.now()));
    }
  };

  #tell(events: readonly ReceivingEvent[]): void {
    this.#watchTime();
    for (const event of events) {
      // One who was told may have closed it.
      if (this.#closed) return;
      switch (event.type) {
        case "message":
          this.#listener.onMessage(Buffer.from(event.bytes.buffer, event.bytes.byteOffset, event.bytes.length));
          break;
        case "answer":
          // Without the answer the peer gives up, and then begins again or not.
          this.settings.bus.send(this.#frameOf(event.frame)).catch(() => undefined);
          break;
        case "lost":
          this.#listener.onLost(this.#lost("receive", event.reason));
          break;
      }
    }
  }

  #watchTime(): void {
    const { clock } = this.settings;
    this.#callOff();
    if (this.#closed || this.#receiving.due === undefined) return;
    this.#callOff = clock.after(this.#receiving.due - clock.now(), () => {
      this.#tell(this.#receiving.expire(clock.now()));
    });
  }

  async #transmit(message: Uint8Array): Promise<void> {
    const { bus, layout, sending: limits, clock, peer } = this.settings;
    const sending = new Sending(message, layout, limits);
    this.#sending = sending;
    try {
      for (;;) {
        if (this.#closed) throw new TransportError("STREAM_CLOSED", { peer, operation: "send" });
        const step = sending.step(clock.now());
        switch (step.type) {
          case "send":
            await bus.send(this.#frameOf(step.frame));
            break;
          case "wait":
            await this.#until(step.untilMilliseconds);
            break;
          case "sent":
            return;
          case "failed":
            throw this.#lost("send", step.reason);
        }
      }
    } finally {
      this.#sending = undefined;
    }
  }

  /** Also ends when there is something new to look at. */
  async #until(milliseconds: number): Promise<void> {
    const { clock } = this.settings;
    const { promise, resolve } = Promise.withResolvers<undefined>();
    this.#wake = () => resolve(undefined);
    const callOff = clock.after(milliseconds - clock.now(), this.#wake);
    await promise;
    callOff();
  }

  #frameOf(data: Uint8Array): SendableCanFrame {
    const { sendId: id, isExtended, layout } = this.settings;
    if (layout.frameBytes === 8) return { type: "data", id, isExtended, data };
    return { type: "fd", id, isExtended, data, hasBitRateSwitch: true, hasErrorState: false };
  }

  #lost(operation: "send" | "receive", detail: string): TransportError {
    return new TransportError("ISOTP_MESSAGE_LOST", { peer: this.settings.peer, operation, detail });
  }
}
