import {
  authenticationErrorCodes,
  contentErrorCodes,
  fileErrorCodes,
  isCodedError,
  policyErrorCodes,
  protocolErrorCodes,
  serviceErrorCodes,
  storeErrorCodes,
  timeoutErrorCodes,
  tlsErrorCodes,
  transportErrorCodes,
  usageErrorCodes,
  type ErrorCodeEntry,
} from "@fairlead/core";

/** What the process ends with, and what that says. Numbers are never given another meaning. */
export const exitCodes = {
  ok: { code: 0, meaning: "done; an HTTP error status is a response, not a failure" },
  failed: { code: 1, meaning: "something unexpected, or a step of the tour did not behave" },
  usage: { code: 2, meaning: "arguments, a URL or a store URL that cannot be" },
  transport: { code: 3, meaning: "no connection: name lookup, refusal, reset" },
  tls: { code: 4, meaning: "no secure channel: certificate, version, handshake" },
  protocol: { code: 5, meaning: "the peer broke a rule of HTTP: cut body, wrong length, bad coding" },
  policy: { code: 6, meaning: "Fairlead or you refused: a redirect, a loop, a limit" },
  timeout: { code: 7, meaning: "a deadline passed" },
  store: { code: 8, meaning: "the store could not be opened, read or written" },
  file: { code: 9, meaning: "a file or standard output could not be read or written" },
  authentication: { code: 10, meaning: "the user or the server could not be authenticated" },
  portal: { code: 11, meaning: "connectivity: a captive portal wants something of you first" },
  notOnline: { code: 12, meaning: "connectivity: offline, or no verdict about the internet" },
  content: { code: 13, meaning: "content is not what it says it is, or a service cannot or will not" },
  status: { code: 22, meaning: "get --fail: a status of 400 or more; coap: an answer of class 4 or 5" },
  hangUp: { code: 129, meaning: "the terminal was closed (SIGHUP)" },
  interrupt: { code: 130, meaning: "interrupted by Ctrl-C (SIGINT)" },
  brokenPipe: { code: 141, meaning: "the reader of standard output went away (as SIGPIPE)" },
  terminate: { code: 143, meaning: "told to end (SIGTERM)" },
} as const satisfies Record<string, { readonly code: number; readonly meaning: string }>;

/** Name of one meaning. */
export type ExitName = keyof typeof exitCodes;

const classes: readonly (readonly [name: ExitName, codes: Readonly<Record<string, ErrorCodeEntry>>])[] = [
  ["usage", usageErrorCodes],
  ["transport", transportErrorCodes],
  ["tls", tlsErrorCodes],
  ["authentication", authenticationErrorCodes],
  ["protocol", protocolErrorCodes],
  ["policy", policyErrorCodes],
  ["content", contentErrorCodes],
  ["content", serviceErrorCodes],
  ["timeout", timeoutErrorCodes],
  ["file", fileErrorCodes],
  ["store", storeErrorCodes],
];

/** The exit code for an error that has a code of Fairlead; 1 for any other. */
export function exitCodeOf(error: unknown): number {
  if (!isCodedError(error)) return exitCodes.failed.code;
  // A store URL is an argument like any other.
  if (error.code === "STORE_URL_INVALID") return exitCodes.usage.code;
  const name = classes.find(([, codes]) => error.code in codes)?.[0] ?? "failed";
  return exitCodes[name].code;
}
