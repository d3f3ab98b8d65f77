/** TLS settings as plain data: what is valid, and what a change would lose. Usable without a browser. */
export {
  availableBackend,
  type AvailableBackend,
  type OfferedBackend,
  type OfferedCapabilities,
  type OfferedCertificate,
  type OfferedTls,
} from "./offered-tls.ts";
export {
  cipherNames,
  groupNames,
  type ChosenAnchors,
  type ChosenCipher,
  type ChosenGroup,
  type ChosenIdentity,
  type ChosenVersion,
  type TlsChoice,
} from "./tls-choice.ts";
