import { ServiceError } from "@fairlead/core";
import type { CoapResponse } from "../exchange.ts";
import { nameCoapCode } from "../protocol/index.ts";

/** The server refused to be observed, or ended it, by an answer of class 4 or 5. */
export class CoapObservationEnded extends ServiceError {
  readonly response: CoapResponse;

  constructor(response: CoapResponse) {
    const { code } = response;
    super("COAP_OBSERVATION_ENDED", { operation: "observe", detail: `${code} ${nameCoapCode(code) ?? ""}`.trim() });
    this.response = response;
  }

  override get name(): "CoapObservationEnded" {
    return "CoapObservationEnded";
  }
}
