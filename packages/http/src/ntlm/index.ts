/** The messages of NTLMv2, MS-NLMP, as pure rules. Older versions of NTLM are not here, and will not be. */
export { authenticateMessage, type AuthenticateInput } from "./authenticate-message.ts";
export { parseChallengeMessage, type ChallengeMessage } from "./challenge-message.ts";
export type { AvPair } from "./av-pairs.ts";
export { md4 } from "./md4.ts";
export { negotiateMessage } from "./negotiate-message.ts";
export { ntlmv2Response, type NtlmHashes, type Ntlmv2Input, type Ntlmv2Response, type NtlmUser } from "./response.ts";
export { ntlmUser } from "./user.ts";
