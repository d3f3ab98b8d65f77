import { UsageError } from "@fairlead/core";
import { formatTrailers, type SentFraming } from "@fairlead/http/h1";
import type { BodySink, FlatFields } from "../exchange/index.ts";
import type { ExchangeLink, Http1Exchange } from "./http1-exchange.ts";
import { writePiece } from "./sent-content.ts";

/** Takes the content of an answer that comes by and by. */
export class SentBody implements BodySink {
  readonly #link: ExchangeLink;
  readonly #exchange: Http1Exchange;
  readonly #framing: SentFraming;
  #hasEnded = false;

  constructor(link: ExchangeLink, exchange: Http1Exchange, framing: SentFraming) {
    this.#link = link;
    this.#exchange = exchange;
    this.#framing = framing;
  }

  write(bytes: Uint8Array): boolean {
    const { stream } = this.#link;
    if (this.#hasEnded || this.#exchange.isOver || this.#framing === "none") return true;
    if (typeof this.#framing === "number" && this.#exchange.bytesOut + bytes.length > this.#framing) {
      this.#break("more content than its Content-Length");
      return true;
    }
    this.#exchange.bytesOut += bytes.length;
    writePiece(stream, this.#framing, bytes);
    this.#link.onWritten();
    return !stream.writableNeedDrain;
  }

  async drained(): Promise<void> {
    if (this.#exchange.isOver) throw this.#exchange.failure;
    if (this.#framing !== "none") await this.#link.drained();
  }

  end(trailers: FlatFields = []): void {
    if (this.#hasEnded || this.#exchange.isOver) return;
    if (typeof this.#framing === "number" && this.#exchange.bytesOut < this.#framing) {
      this.#break("less content than its Content-Length");
      return;
    }
    const last = this.#framing === "chunked" ? `0\r\n${formatTrailers(trailers)}\r\n` : "";
    this.#hasEnded = true;
    if (last !== "") this.#link.stream.write(last, "latin1");
    this.#exchange.onAnswered();
  }

  /** What was promised cannot be kept, and the client sees that its content is not whole. */
  #break(detail: string): void {
    this.#hasEnded = true;
    this.#exchange.abort(new UsageError("OPTION_INVALID", { operation: "respond", detail }));
  }
}
