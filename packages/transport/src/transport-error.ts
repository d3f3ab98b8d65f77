import { FairleadError, TransportError, type ErrorFacts, type TransportErrorCode } from "@fairlead/core";
import { formatPeer } from "./peer-name.ts";

/**
 * Names what a socket, a lookup or a stream failed with.
 *
 * An error that Fairlead already named is returned as it is, so a cause is wrapped exactly once. The errno, and the
 * address where it is not the peer's, become the detail. Of the attempts in a Happy Eyeballs failure the one that came
 * furthest gives the code.
 *
 * @example
 * socket.on("error", (error) => fail(transportErrorFrom(error, { peer: "a.example:443", operation: "read" })));
 */
export function transportErrorFrom(cause: unknown, facts: ErrorFacts = {}): FairleadError {
  if (cause instanceof FairleadError) return cause;
  const attempts = cause instanceof AggregateError ? cause.errors.map(readAttempt) : [readAttempt(cause)];
  const [first = unknownAttempt, ...others] = attempts;
  const furthest = others.reduce((best, next) => (reach(next.code) > reach(best.code) ? next : best), first);
  const remedy = facts.remedy ?? remedies.get(furthest.errno ?? "");
  const detail = facts.detail ?? describeAttempts(attempts, facts.peer);
  return new TransportError(furthest.code, { ...facts, cause, detail, remedy });
}

/** What one system call, lookup or attempt reported. */
interface Attempt {
  readonly code: TransportErrorCode;
  readonly errno: string | undefined;
  readonly address: string | undefined;
}

const unknownAttempt: Attempt = { code: "TRANSPORT_FAILED", errno: undefined, address: undefined };

function readAttempt(error: unknown): Attempt {
  if (typeof error !== "object" || error === null) return unknownAttempt;
  const { code, address, port } = error as { code?: unknown; address?: unknown; port?: unknown };
  const errno = typeof code === "string" ? code : undefined;
  return {
    code: codes.get(errno ?? "") ?? "TRANSPORT_FAILED",
    errno,
    address: typeof address !== "string" ? undefined : typeof port === "number" ? formatPeer(address, port) : address,
  };
}

function describeAttempts(attempts: readonly Attempt[], peer: string | undefined): string | undefined {
  const parts = attempts.flatMap(({ errno, address }) => {
    if (errno === undefined) return [];
    return address === undefined || address === peer ? [errno] : [`${errno} at ${address}`];
  });
  return parts.length === 0 ? undefined : parts.join(", ");
}

/** How far along the path an attempt came before it failed; the default is 0. */
function reach(code: TransportErrorCode): number {
  return furthestLast.indexOf(code) + 1;
}

const furthestLast: readonly TransportErrorCode[] = [
  "NAME_LOOKUP_FAILED",
  "NAME_NOT_FOUND",
  "NETWORK_UNREACHABLE",
  "HOST_UNREACHABLE",
  "CONNECTION_TIMED_OUT",
  "PERMISSION_DENIED",
  "CONNECTION_REFUSED",
  "CONNECTION_RESET",
];

/** By errno, c-ares and getaddrinfo code, and the codes of Node's own streams. */
const codes: ReadonlyMap<string, TransportErrorCode> = new Map([
  ["ECONNREFUSED", "CONNECTION_REFUSED"],
  ["ECONNRESET", "CONNECTION_RESET"],
  ["ECONNABORTED", "CONNECTION_RESET"],
  ["EPIPE", "CONNECTION_RESET"],
  ["ENOTCONN", "CONNECTION_RESET"],
  ["EHOSTUNREACH", "HOST_UNREACHABLE"],
  ["EHOSTDOWN", "HOST_UNREACHABLE"],
  ["ENETUNREACH", "NETWORK_UNREACHABLE"],
  ["ENETDOWN", "NETWORK_UNREACHABLE"],
  ["EADDRNOTAVAIL", "NETWORK_UNREACHABLE"],
  ["ETIMEDOUT", "CONNECTION_TIMED_OUT"],
  ["ENOTFOUND", "NAME_NOT_FOUND"],
  ["ENODATA", "NAME_NOT_FOUND"],
  ["EAI_NONAME", "NAME_NOT_FOUND"],
  ["EAI_NODATA", "NAME_NOT_FOUND"],
  ["EAI_AGAIN", "NAME_LOOKUP_FAILED"],
  ["EAI_FAIL", "NAME_LOOKUP_FAILED"],
  ["ESERVFAIL", "NAME_LOOKUP_FAILED"],
  ["EREFUSED", "NAME_LOOKUP_FAILED"],
  ["ETIMEOUT", "NAME_LOOKUP_FAILED"],
  ["EADDRINUSE", "ADDRESS_IN_USE"],
  ["EACCES", "PERMISSION_DENIED"],
  ["EPERM", "PERMISSION_DENIED"],
  ["ENOENT", "SOCKET_NOT_FOUND"],
  ["ERR_STREAM_DESTROYED", "STREAM_CLOSED"],
  ["ERR_STREAM_PREMATURE_CLOSE", "STREAM_CLOSED"],
  ["ERR_STREAM_WRITE_AFTER_END", "STREAM_CLOSED"],
  ["ERR_SOCKET_CLOSED", "STREAM_CLOSED"],
] as const);

/** Where the errno knows a better way out than the code's own remedy. */
const remedies: ReadonlyMap<string, string> = new Map([
  ["EMFILE", "close idle connections, or raise the limit of open files (ulimit -n)"],
  ["ENFILE", "raise the machine's limit of open files (sysctl fs.file-max)"],
  ["EADDRNOTAVAIL", "choose a local address that this machine has, and check that it has ports left"],
]);
