import { datagramSuite } from "./datagram-suite.ts";
import { endpointSuite } from "./endpoint-suite.ts";
import { fuzzSuite } from "./fuzz-suite.ts";
import { handshakeSuite } from "./handshake-suite.ts";
import { lossSuite } from "./loss-suite.ts";
import type { DtlsPairing } from "./pairing.ts";
import { questionSuite } from "./question-suite.ts";
import { refusalSuite } from "./refusal-suite.ts";
import { sessionSuite } from "./session-suite.ts";

export { datagramEngineSuite, type DatagramEngines } from "./engine-suite.ts";
export { dtlsInterop } from "./interop/interop-suite.ts";
export { manualClock, type ManualClock } from "./manual-clock.ts";
export type { DtlsPairing } from "./pairing.ts";

/**
 * Tests that two DTLS backends, which may be one, meet the contract together.
 *
 * @example
 * dtlsConformance("openssl", { client: openssl, server: openssl, live: () => library.live.size });
 */
export function dtlsConformance(name: string, pairing: DtlsPairing): void {
  handshakeSuite(name, pairing);
  refusalSuite(name, pairing);
  questionSuite(name, pairing);
  sessionSuite(name, pairing);
  datagramSuite(name, pairing);
  lossSuite(name, pairing);
  endpointSuite(name, pairing);
  fuzzSuite(name, pairing);
}
