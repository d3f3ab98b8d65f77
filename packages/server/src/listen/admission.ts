import type { AdmissionDecision } from "../admission/index.ts";
import type { Endpoint } from "../exchange/index.ts";

/**
 * Decides which connections are let in. It is asked once for each, as soon as it is known who the client is and before
 * anything else is done: at once, or behind the head of the PROXY protocol where a trusted sender sends one.
 *
 * @param client `undefined` for a Unix socket. Where it throws the client is cut off.
 */
export type Admission = (client: Endpoint | undefined) => AdmissionDecision;
