export { featureInterop, type FeatureTraits } from "./feature-interop.ts";
export { gnutlsFeatureInterop } from "./gnutls-feature-interop.ts";
export { tlsInterop } from "./interop-suite.ts";
export { writePeerFiles, type PeerFiles } from "./peer-files.ts";
export { listeningPort, startPeer, type PeerProgram } from "../../peers/peer-program.ts";
export { peerPrograms, type PeerPrograms, type ServingPeer } from "./programs.ts";
