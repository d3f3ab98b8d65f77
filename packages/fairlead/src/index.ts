/**
 * Fairlead: the network access manager and what an application needs around it.
 *
 * @example
 * import { openNetworkAccessManager, transactionOf } from "fairlead";
 *
 * await using manager = await openNetworkAccessManager({ store: "sqlite:./network/store.db" });
 * const response = await manager.fetch("https://example.com/");
 * console.log(transactionOf(response)?.hops);
 */
export * from "@fairlead/access";
export {
  AuthenticationError,
  FairleadError,
  FileError,
  isCodedError,
  PolicyError,
  ProtocolError,
  StoreError,
  TimeoutError,
  TlsError,
  TransportError,
  UsageError,
} from "@fairlead/core";
export type {
  AuthenticationErrorCode,
  CodedError,
  FileErrorCode,
  PolicyErrorCode,
  ProtocolErrorCode,
  StoreErrorCode,
  TimeoutErrorCode,
  TimeoutPhase,
  TlsErrorCode,
  TransportErrorCode,
  UsageErrorCode,
} from "@fairlead/core";
export type { RedirectPolicy } from "@fairlead/http/redirects";
export { openStore } from "@fairlead/store";
export type {
  Collection,
  CollectionOptions,
  OpenStoreOptions,
  Store,
  StoreKey,
  StoreRecord,
  StoreWarning,
} from "@fairlead/store";
export type { TlsBackend, TlsDangerousOptions, TlsIdentity, TlsTrust, TlsVersion } from "@fairlead/tls";
export { nodeTls } from "@fairlead/tls/node";
