/** TLS over any byte stream, through interchangeable libraries. */
export type * from "./contract.ts";
export { channelBinding, type ChannelBindingType } from "./channel-binding.ts";
export { registeredGroup, tlsCiphers, tlsGroups } from "./protocol/algorithms.ts";
export { identityFingerprint, trustFingerprint } from "./certificates/fingerprints.ts";
export { backendCan, unsupported, type TlsFeature } from "./features.ts";
export { certificateMatchesHost } from "./certificates/host.ts";
export { describeTrust } from "./certificates/trust.ts";
export { describeStaple } from "./verdict/staple-verdict.ts";
export { httpIssuerFetcher } from "./intermediates/fetch-issuer.ts";
export { memoryIntermediates } from "./intermediates/intermediate-memory.ts";
export * from "./tickets/index.ts";
