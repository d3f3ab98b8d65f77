import { UsageError } from "@fairlead/core";
import { formatTrailers, type SentFraming } from "@fairlead/http/h1";
import type { Duplex } from "node:stream";
import type { BodySink, FlatFields } from "../exchange/index.ts";
import { writePiece } from "./sent-content.ts";

/** Where content goes. */
export interface ContentLink {
  readonly stream: Duplex;
  /** Something was written. */
  onWritten(): void;
  /** Resolves when there is room, rejects when the connection is lost. */
  drained(): Promise<void>;
}

/** Whose content it is. */
export interface ContentOwner {
  /** Whether what is sent is dropped, for what reason. */
  readonly isOver: boolean;
  readonly failure: unknown;
  bytesOut: number;
  /** All was given to the stream. */
  onAnswered(): void;
  abort(reason: unknown): void;
}

/** Takes the content of an answer that comes by and by. */
export class SentBody implements BodySink {
  readonly #link: ContentLink;
  readonly #owner: ContentOwner;
  readonly #framing: SentFraming;
  #hasEnded = false;

  constructor(link: ContentLink, owner: ContentOwner, framing: SentFraming) {
    this.#link = link;
    this.#owner = owner;
    this.#framing = framing;
  }

  write(bytes: Uint8Array): boolean {
    if (this.#hasEnded || this.#owner.isOver || this.#framing === "none") return true;
    if (typeof this.#framing === "number" && this.#owner.bytesOut + bytes.length > this.#framing) {
      this.#break("more content than its Content-Length");
      return true;
    }
    this.#owner.bytesOut += bytes.length;
    writePiece(this.#link.stream, this.#framing, bytes);
    this.#link.onWritten();
    return !this.#link.stream.writableNeedDrain;
  }

  async drained(): Promise<void> {
    if (this.#owner.isOver) throw this.#owner.failure;
    if (this.#framing !== "none") await this.#link.drained();
  }

  end(trailers: FlatFields = []): void {
    if (this.#hasEnded || this.#owner.isOver) return;
    if (typeof this.#framing === "number" && this.#owner.bytesOut < this.#framing) {
      this.#break("less content than its Content-Length");
      return;
    }
    const last = this.#framing === "chunked" ? `0\r\n${formatTrailers(trailers)}\r\n` : "";
    this.#hasEnded = true;
    if (last !== "") this.#link.stream.write(last, "latin1");
    this.#owner.onAnswered();
  }

  /** What was promised cannot be kept; by the loss of its connection the client learns that its content is not whole. */
  #break(detail: string): void {
    this.#hasEnded = true;
    this.#owner.abort(new UsageError("OPTION_INVALID", { operation: "respond", detail }));
  }
}
