import type { CoapCode, CoapMessage, CoapOption } from "@fairlead/iot/coap/protocol";

/** A request, whole: its body was put together from its blocks. */
export interface CoapRequest {
  readonly message: CoapMessage;
  readonly method: CoapCode;
  readonly path: readonly string[];
  readonly query: readonly string[];
  readonly payload: Uint8Array;
}

/** What is answered, whole: who sends it cuts it into blocks. */
export interface CoapAnswer {
  readonly code: CoapCode;
  readonly options?: readonly CoapOption[];
  readonly payload?: Uint8Array;
}

/** Something that a CoAP server has. */
export interface CoapResource {
  /** Its path without the first slash; one that ends in `*` has everything that begins so. */
  readonly path: string;
  /** What its link says. RFC 6690. */
  readonly title: string;
  /** Whether who observes it is told of each second. */
  readonly observable?: boolean;
  /** Whether a confirmable request is acknowledged first and answered by a message of its own. */
  readonly separate?: boolean;
  /** By the code of the request; without one, the method is not allowed. */
  readonly methods: Readonly<Partial<Record<CoapCode, (request: CoapRequest) => CoapAnswer>>>;
}

/** Answers with a line of text. */
export function textAnswer(code: CoapCode, text: string, options: readonly CoapOption[] = []): CoapAnswer {
  return { code, options, payload: Buffer.from(text) };
}
