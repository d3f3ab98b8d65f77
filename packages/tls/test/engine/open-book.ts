import { EngineFailure, type HandshakeStep, type TlsEngine } from "../../src/engine/index.ts";

/** All that the handshake of an {@link OpenBook} needs from its peer. */
export const handshakeRecord = Buffer.of(22, 3, 3, 0, 0);

/** An engine that hides nothing: the handshake is one record, and plaintext passes as it is. */
export class OpenBook implements TlsEngine {
  readonly calls: string[] = [];
  sent = "";
  closed = 0;
  failsReading = false;
  answerBytes = 0;
  /** What it asks when the record has come; asked again without an answer, it says so again. */
  question: "need-verdict" | "need-identity" | undefined;
  #shaken = false;
  #input: Buffer[] = [];
  #output: Buffer[] = [];

  feed(bytes: Uint8Array): void {
    this.#input.push(Buffer.from(bytes));
  }
  keepInput(): void {
    // Copied when it was fed.
  }
  recycle(): void {
    // Used once.
  }
  feedEnd(): void {
    this.calls.push("feedEnd");
  }
  take(): Buffer | undefined {
    return this.#output.length === 0 ? undefined : Buffer.concat(this.#output.splice(0));
  }
  handshake(): HandshakeStep {
    this.calls.push("handshake");
    if (!this.#shaken && this.#input.splice(0, 1).length === 0) return "need-data";
    this.#shaken = true;
    return this.question ?? "done";
  }
  send(bytes: Uint8Array): void {
    this.calls.push("send");
    this.sent += Buffer.from(bytes).toString();
    this.#output.push(Buffer.from(bytes));
  }
  receive(): Buffer | "need-data" | "end" {
    if (this.failsReading) throw new EngineFailure({ type: "library", detail: "broken" });
    const next = this.#input.shift();
    if (next !== undefined && this.answerBytes > 0) this.#output.push(Buffer.alloc(this.answerBytes));
    return next ?? "need-data";
  }
  end(): void {
    this.calls.push("end");
  }
  facts(): ReturnType<TlsEngine["facts"]> {
    const cipher = { name: "NULL", standardName: "NULL" };
    return { version: "TLSv1.3", cipher, alpnProtocol: undefined, resumed: false, group: undefined };
  }
  peerChain(): readonly [] {
    return [];
  }
  stapledResponse(): undefined {
    return undefined;
  }
  admit(): void {
    this.calls.push("admit");
    this.question = undefined;
  }
  refuse(): void {
    this.calls.push("refuse");
    this.question = undefined;
  }
  clientCertificateRequest(): ReturnType<TlsEngine["clientCertificateRequest"]> {
    return { authorities: [], keyTypes: [] };
  }
  identify(): void {
    this.calls.push("identify");
    this.question = undefined;
  }
  earlyCapacity(): number {
    return 0;
  }
  sendEarly(): void {
    this.calls.push("sendEarly");
  }
  updateKeys(): boolean {
    return false;
  }
  keyLog(): readonly [] {
    return [];
  }
  verification(): undefined {
    return undefined;
  }
  exportKeyingMaterial(length: number): Buffer {
    return Buffer.alloc(length);
  }
  sessions(): readonly [] {
    return [];
  }
  close(): void {
    this.closed += 1;
  }
}
