import { memoryPair } from "@fairlead/transport";
import { handshakeSuite } from "./handshake-suite.ts";
import { identityQuestionSuite } from "./identity-question-suite.ts";
import { interruptionSuite } from "./interruption-suite.ts";
import type { TlsPairing } from "./pairing.ts";
import { refusalSuite } from "./refusal-suite.ts";
import { sessionSuite } from "./session-suite.ts";
import { streamSuite } from "./stream-suite.ts";
import type { OpenTransport } from "./transports.ts";

const memory: OpenTransport = async () => memoryPair({ allowHalfOpen: true });

export { watchCallbacks, type CallbackRegistry, type CallbackWatch } from "./callback-watch.ts";
export { eagerCollection, runProgram, type ProgramEnd, type ProgramOptions } from "./child-program.ts";
export { clientIdentityConformance } from "./client-identity-suite.ts";
export { engineConformance, type EngineLibraryUnderTest } from "./engine-suite.ts";
export { engineTraps } from "./engine-trap-suite.ts";
export { capabilitySuite, type CapabilityCase } from "./capability-suite.ts";
export { collectEagerly, type NativeLoader } from "./collect-eagerly.ts";
export { exercise } from "./exercise.ts";
export { fuzzLibrary, fuzzTest, type FuzzReport } from "./fuzz/index.ts";
export {
  sendPastSlowReader,
  slowReaderTest,
  soakConnections,
  soakTest,
  type SlowReaderReport,
  type SoakReport,
} from "./endurance/index.ts";
export { optionSuite } from "./option-suite.ts";
export { goodHost, mintCertificates, type Certificates, type FaultyIdentity } from "./certificates.ts";
export {
  featureInterop,
  gnutlsFeatureInterop,
  peerPrograms,
  startPeer,
  tlsInterop,
  type FeatureTraits,
  writePeerFiles,
  type PeerProgram,
} from "./interop/index.ts";
export { refuse, secure, type FailedPair, type PairOptions, type SecurePair, type TlsPairing } from "./pairing.ts";
export { transports, type OpenTransport } from "./transports.ts";

/**
 * Tests that two TLS backends, which may be one, meet the contract together: handshakes over every transport, every
 * refusal by its name, sessions, and the stream that comes of it.
 *
 * @example
 * tlsConformance("node", { client: nodeTls, server: nodeTls, reportsTruncation: false });
 */
export function tlsConformance(name: string, pairing: TlsPairing): void {
  handshakeSuite(name, pairing, memory);
  refusalSuite(name, pairing, memory);
  interruptionSuite(name, pairing, memory);
  sessionSuite(name, pairing, memory);
  streamSuite(name, pairing, memory);
  identityQuestionSuite(name, pairing, memory);
}

/**
 * The part of it that depends on how bytes are carried, over one transport.
 *
 * @param mostOnTheWayBytes what the transport may keep for a slow reader; see `streamSuite`.
 */
export function carrierConformance(
  name: string,
  pairing: TlsPairing,
  open: OpenTransport,
  mostOnTheWayBytes?: number,
): void {
  refusalSuite(name, pairing, open);
  sessionSuite(name, pairing, open);
  streamSuite(name, pairing, open, mostOnTheWayBytes);
}
export { clientCertificateSuite, type ClientCertificateTraits } from "./client-certificate-suite.ts";
export { outcomes, type Outcomes } from "./outcomes.ts";
export { keyLogSuite } from "./key-log-suite.ts";
export { engineStaplingSuite, staplingSuite } from "./stapling-suite.ts";
export { earlyDataSuite } from "./early-data-suite.ts";
export { pskSuite, type PskTraits } from "./psk-suite.ts";
export { keySuite, type KeyTraits } from "./key-suite.ts";
