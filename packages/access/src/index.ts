/** The network access manager: one object that an application shares for all its requests. */
export type { AgentOptions } from "./adapters/agent/options.ts";
export { install, type InstallOptions } from "./adapters/install.ts";
export type { Installation } from "./adapters/installed.ts";
export type { AuthenticationTry } from "./authentication/attempt.ts";
export type {
  AuthenticationAnswer,
  AuthenticationQuestion,
  CredentialLifetime,
  OnAuthenticate,
  TriedCredentials,
} from "./authentication/question.ts";
export { ntlm } from "./authentication/ntlm.ts";
export type {
  AuthenticatedRequest,
  Refusal,
  RequestAuthenticator,
} from "./authentication/request-authenticator.ts";
export type { AuthenticatorOption } from "./authentication/request-authenticators.ts";
export type { AuthenticationSettings } from "./authentication/settings.ts";
export type { ConnectDatagramsOptions } from "./datagrams/options.ts";
export type { ConnectOptions } from "./connect/options.ts";
export { defaultManager } from "./default-manager.ts";
export type { ContentExpansion } from "./content-expansion.ts";
export type { CacheUsage } from "./cache/cache-storage.ts";
export type { CacheSettings } from "./cache/options.ts";
export type { CachedResource, ManagerCache } from "./cache/response-cache.ts";
export type { PermanentRedirect } from "@fairlead/http/cache";
export type { CaptivePortal, ConnectivityState } from "@fairlead/http/connectivity";
export type { ConnectivityCause, ConnectivityChange } from "./connectivity/connectivity-change.ts";
export type { Connectivity, ConnectivityListener, UntilOptions } from "./connectivity/connectivity.ts";
export type { ConnectivitySettings } from "./connectivity/options.ts";
export type { WaitFor } from "./exchange.ts";
export type { DownloadOptions, DownloadProgress, DownloadResult, ExpectedDigests } from "./download/options.ts";
export type { EventSourceEventMap } from "./event-source/event-source-target.ts";
export type { ManagedEventSource } from "./event-source/managed-event-source.ts";
export type { EventSourceClass } from "./event-source/event-source-class.ts";
export type { EventSourceOptions } from "./event-source/options.ts";
export { codedCauseOf, FetchError } from "./fetch/fetch-error.ts";
export type { ForgottenCounts, MemoryName } from "./forget/forget.ts";
export type { ForgetRequest } from "./forget/scope.ts";
export type { FetchInit, FetchInput } from "./fetch/fetch-arguments.ts";
export type { NetworkAccessManager } from "./manager.ts";
export type { Counters, Histogram, StatusClass } from "./observe/counters.ts";
export type { ConnectionMessage, HopMessage, RequestMessage } from "./observe/diagnostics.ts";
export type { HarRecording, RecordHarOptions } from "./har/har-recording.ts";
export { HopMessages, type KeptBody } from "./observe/hop-messages.ts";
export type {
  Attempt,
  AttemptObserver,
  ObservedRequest,
  Observer,
  RequestObserver,
} from "./observe/observer.ts";
export { prometheusText, type PrometheusTextOptions } from "./observe/prometheus-text.ts";
export { openNetworkAccessManager } from "./open-manager.ts";
export type {
  CertificateErrorAnswer,
  CertificateErrorQuestion,
  ClientCertificateAnswer,
  ClientCertificateQuestion,
  HstsSettings,
  NetworkAccessManagerOptions,
  IntermediateSettings,
  OnCertificateError,
  OnClientCertificate,
  OnRedirect,
  RedirectQuestion,
  Timeouts,
  TlsSettings,
} from "./options.ts";
export type { Reply } from "./reply.ts";
export type { BodyStream, RequestBody } from "./request-body.ts";
export type { RequestFieldsInput } from "./request-fields.ts";
export type { NameSettings, ResolvedName, ResolveName } from "./names/options.ts";
export { resolveByDns, type DnsSettings } from "./names/resolve-by-dns.ts";
export type { PacSource, ProxyOption, ProxyQuestion, ProxyWay, RouteSettings, TcpSettings } from "./route/options.ts";
export { parseRequestUrl } from "./request-url.ts";
export type { RequestOptions } from "./request.ts";
export type { RetryOption } from "./retry-option.ts";
export type {
  SchemeCredentials,
  SchemeCredentialsQuestion,
  SchemeHandler,
  SchemeRequest,
  SchemeResponse,
} from "./schemes/handler.ts";
export type { HstsSource } from "./memory/hsts-memory.ts";
export { fileScheme, type FileSchemeOptions } from "./schemes/file/file-scheme.ts";
export type { StoreOption, StoreSettings } from "./store-option.ts";
export { DEFAULT_TIMEOUTS } from "./timeouts.ts";
export type { RequestTimeouts } from "./timeouts.ts";
export { transactionOf } from "./transaction.ts";
export type {
  CacheFacts,
  CacheUse,
  ConnectionFacts,
  Hop,
  HopReason,
  HopTiming,
  RepeatReason,
  RetryFacts,
  TlsFacts,
  Transaction,
} from "./transaction.ts";
export { untilAborted } from "./until-aborted.ts";
export type { UploadOptions, UploadProgress } from "./upload/options.ts";
export type { FailureEvent } from "./web-events/failure-event.ts";
export type { ReceivedMessageEvent } from "./web-events/message-event.ts";
export type { ReconnectingEvent } from "./web-events/reconnecting-event.ts";
export type { WebSocketCloseEvent } from "./websocket/close-event.ts";
export type { ManagedWebSocket } from "./websocket/managed-websocket.ts";
export type { WebSocketMessage } from "./websocket/message.ts";
export type { WebSocketOptions } from "./websocket/options.ts";
export type { WebSocketEnd, WebSocketFacts } from "./websocket/outcome.ts";
export type { WebSocketData } from "./websocket/outbox.ts";
export type { WebSocketClass } from "./websocket/websocket-class.ts";
export type { WebSocketEventMap } from "./websocket/websocket-target.ts";
