import type { CertificateProblem } from "./certificate-problem-codes.ts";
import type { ClientCertificateRequest } from "./client-certificate-request.ts";
import { formatErrorMessage, type CodedError, type ErrorCodeEntry, type ErrorFacts } from "./coded-error.ts";
import {
  authenticationErrorCodes,
  contentErrorCodes,
  fileErrorCodes,
  policyErrorCodes,
  protocolErrorCodes,
  serviceErrorCodes,
  storeErrorCodes,
  timeoutErrorCodes,
  tlsErrorCodes,
  transportErrorCodes,
  usageErrorCodes,
} from "./error-codes.ts";

/** Codes of {@link TransportError}. */
export type TransportErrorCode = keyof typeof transportErrorCodes;
/** Codes of {@link TlsError}. */
export type TlsErrorCode = keyof typeof tlsErrorCodes;
/** Codes of {@link AuthenticationError}. */
export type AuthenticationErrorCode = keyof typeof authenticationErrorCodes;
/** Codes of {@link ProtocolError}. */
export type ProtocolErrorCode = keyof typeof protocolErrorCodes;
/** Codes of {@link ContentError}. */
export type ContentErrorCode = keyof typeof contentErrorCodes;
/** Codes of {@link ServiceError}. */
export type ServiceErrorCode = keyof typeof serviceErrorCodes;
/** Codes of {@link PolicyError}. */
export type PolicyErrorCode = keyof typeof policyErrorCodes;
/** Codes of {@link TimeoutError}. */
export type TimeoutErrorCode = keyof typeof timeoutErrorCodes;
/** Codes of {@link FileError}. */
export type FileErrorCode = keyof typeof fileErrorCodes;
/** Codes of {@link StoreError}. */
export type StoreErrorCode = keyof typeof storeErrorCodes;
/** Codes of {@link UsageError}. */
export type UsageErrorCode = keyof typeof usageErrorCodes;

/** Every code's entry in the error reference. */
const entries: ReadonlyMap<string, ErrorCodeEntry> = new Map(
  [
    transportErrorCodes,
    tlsErrorCodes,
    authenticationErrorCodes,
    contentErrorCodes,
    serviceErrorCodes,
    protocolErrorCodes,
    policyErrorCodes,
    timeoutErrorCodes,
    fileErrorCodes,
    storeErrorCodes,
    usageErrorCodes,
  ].flatMap((codes) => Object.entries<ErrorCodeEntry>(codes)),
);

/** Whether what failed with this error may succeed when it is tried again, unchanged. */
export function retryHelps({ code }: CodedError): boolean {
  return entries.get(code)?.retryHelps ?? false;
}

/** What a deadline was set for; with `online` nothing was sent yet, as the network was waited for. */
export type TimeoutPhase = "online" | "resolve" | "connect" | "secure" | "request" | "response" | "body" | "total";

/** Base of all errors that come from outside the caller: the path, the peer, the policy, the store. */
export abstract class FairleadError extends Error implements CodedError {
  abstract readonly code: string;
  readonly peer: string | undefined;
  readonly operation: string | undefined;
  readonly remedy: string;

  constructor(entry: ErrorCodeEntry, facts: ErrorFacts) {
    super(formatErrorMessage(entry, facts), facts.cause === undefined ? undefined : { cause: facts.cause });
    this.peer = facts.peer;
    this.operation = facts.operation;
    this.remedy = facts.remedy ?? entry.remedy;
  }
}

/** The path to the peer failed: name lookup, connection, reset. */
export class TransportError extends FairleadError {
  readonly code: TransportErrorCode;

  constructor(code: TransportErrorCode, facts: ErrorFacts = {}) {
    super(transportErrorCodes[code], facts);
    this.code = code;
  }

  override get name(): "TransportError" {
    return "TransportError";
  }
}

/** What the thrower of a {@link TlsError} knows. */
export interface TlsErrorFacts extends ErrorFacts {
  readonly problems?: readonly CertificateProblem[] | undefined;
  readonly clientCertificateRequest?: ClientCertificateRequest | undefined;
}

/** A secure channel could not be established or kept. */
export class TlsError extends FairleadError {
  readonly code: TlsErrorCode;
  /** Everything that is wrong with the peer's certificates, those of the leaf first; empty where that is not the matter. */
  readonly problems: readonly CertificateProblem[];
  /**
   * With CLIENT_CERTIFICATE_REQUIRED: what the server asked for. `undefined` where the TLS library does not tell, which is
   * so whenever the server's own refusal is what is known.
   */
  readonly clientCertificateRequest: ClientCertificateRequest | undefined;

  constructor(code: TlsErrorCode, facts: TlsErrorFacts = {}) {
    super(tlsErrorCodes[code], facts);
    this.code = code;
    this.problems = facts.problems ?? [];
    this.clientCertificateRequest = facts.clientCertificateRequest;
  }

  override get name(): "TlsError" {
    return "TlsError";
  }
}

/** Above TLS, the user or the server could not be authenticated. */
export class AuthenticationError extends FairleadError {
  readonly code: AuthenticationErrorCode;

  constructor(code: AuthenticationErrorCode, facts: ErrorFacts = {}) {
    super(authenticationErrorCodes[code], facts);
    this.code = code;
  }

  override get name(): string {
    return "AuthenticationError";
  }
}

/** One thing that is wrong with a value, as a schema says it. */
export interface ContentIssue {
  /** For people; never quotes the value. */
  readonly message: string;
  /** From the outermost member inward. */
  readonly path: readonly (string | number)[];
}

/** What the thrower of a {@link ContentError} knows. */
export interface ContentErrorFacts extends ErrorFacts {
  readonly bytes?: Uint8Array | undefined;
  readonly issues?: readonly ContentIssue[] | undefined;
}

/** Issues that a message names. */
const TOLD_ISSUES = 3;

function issuesDetail(issues: readonly ContentIssue[] = []): string | undefined {
  if (issues.length === 0) return undefined;
  const told = issues
    .slice(0, TOLD_ISSUES)
    .map(({ path, message }) => (path.length === 0 ? message : `${path.join(".")}: ${message}`));
  const more = issues.length - told.length;
  return told.join("; ") + (more > 0 ? `; and ${String(more)} more` : "");
}

/** The content of a message is not what it says it is, or not what its contract says. */
export class ContentError extends FairleadError {
  readonly code: ContentErrorCode;
  /** What came, as far as it was kept. Not enumerable: no log shows it unasked. */
  declare readonly bytes: Uint8Array | undefined;
  /** With CONTRACT_BROKEN: all that is wrong; empty with any other. */
  readonly issues: readonly ContentIssue[];

  constructor(code: ContentErrorCode, facts: ContentErrorFacts = {}) {
    super(contentErrorCodes[code], { ...facts, detail: facts.detail ?? issuesDetail(facts.issues) });
    this.code = code;
    this.issues = facts.issues ?? [];
    Object.defineProperty(this, "bytes", { value: facts.bytes, enumerable: false });
  }

  override get name(): "ContentError" {
    return "ContentError";
  }
}

/** A service answered, and the answer was that it cannot or will not; `@fairlead/rest` has a class for each that says more. */
export class ServiceError extends FairleadError {
  readonly code: ServiceErrorCode;

  constructor(code: ServiceErrorCode, facts: ErrorFacts = {}) {
    super(serviceErrorCodes[code], facts);
    this.code = code;
  }

  override get name(): string {
    return "ServiceError";
  }
}

/** The peer broke a rule of the protocol. */
export class ProtocolError extends FairleadError {
  readonly code: ProtocolErrorCode;

  constructor(code: ProtocolErrorCode, facts: ErrorFacts = {}) {
    super(protocolErrorCodes[code], facts);
    this.code = code;
  }

  override get name(): "ProtocolError" {
    return "ProtocolError";
  }
}

/** What the thrower of a {@link PolicyError} knows. */
export interface PolicyErrorFacts extends ErrorFacts {
  readonly status?: number | undefined;
}

/** Fairlead, or the application's own callback, refused. */
export class PolicyError extends FairleadError {
  readonly code: PolicyErrorCode;
  /** With STATUS_UNEXPECTED: the status of the response; not there with any other. */
  declare readonly status?: number;

  constructor(code: PolicyErrorCode, facts: PolicyErrorFacts = {}) {
    super(policyErrorCodes[code], facts);
    this.code = code;
    if (facts.status !== undefined) this.status = facts.status;
  }

  override get name(): "PolicyError" {
    return "PolicyError";
  }
}

/** A deadline passed; `phase` says which. */
export class TimeoutError extends FairleadError {
  readonly code: TimeoutErrorCode = "TIMED_OUT";
  readonly phase: TimeoutPhase;

  constructor(phase: TimeoutPhase, facts: ErrorFacts = {}) {
    super(timeoutErrorCodes.TIMED_OUT, { detail: `phase ${phase}`, ...facts });
    this.phase = phase;
  }

  override get name(): "TimeoutError" {
    return "TimeoutError";
  }
}

/** A file that the application named could not be read or written. Its `peer` is the path, or the host of a URL. */
export class FileError extends FairleadError {
  readonly code: FileErrorCode;

  constructor(code: FileErrorCode, facts: ErrorFacts = {}) {
    super(fileErrorCodes[code], facts);
    this.code = code;
  }

  override get name(): "FileError" {
    return "FileError";
  }
}

/** What Fairlead remembers could not be read or written. */
export class StoreError extends FairleadError {
  readonly code: StoreErrorCode;

  constructor(code: StoreErrorCode, facts: ErrorFacts = {}) {
    super(storeErrorCodes[code], facts);
    this.code = code;
  }

  override get name(): "StoreError" {
    return "StoreError";
  }
}

/** The caller's own mistake, thrown before any I/O. A `TypeError`, so it does not extend {@link FairleadError}. */
export class UsageError extends TypeError implements CodedError {
  readonly code: UsageErrorCode;
  readonly peer: string | undefined;
  readonly operation: string | undefined;
  readonly remedy: string;

  constructor(code: UsageErrorCode, facts: ErrorFacts = {}) {
    const entry = usageErrorCodes[code];
    super(formatErrorMessage(entry, facts), facts.cause === undefined ? undefined : { cause: facts.cause });
    this.code = code;
    this.peer = facts.peer;
    this.operation = facts.operation;
    this.remedy = facts.remedy ?? entry.remedy;
  }

  override get name(): "UsageError" {
    return "UsageError";
  }
}
