import {
  authenticationErrorCodes,
  certificateProblemCodes,
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
  type ErrorCodeEntry,
  type Fixer,
} from "@fairlead/core";

interface Chapter {
  readonly className: string;
  readonly introduction: string;
  readonly codes: Readonly<Record<string, ErrorCodeEntry>>;
}

const chapters: readonly Chapter[] = [
  {
    className: "UsageError",
    introduction: "What the caller passed cannot be right. A `TypeError`, thrown before anything is sent or written.",
    codes: usageErrorCodes,
  },
  {
    className: "TransportError",
    introduction: "The path to the peer failed, before or below TLS.",
    codes: transportErrorCodes,
  },
  { className: "TlsError", introduction: "No secure channel came about, or it broke.", codes: tlsErrorCodes },
  {
    className: "Certificate problems",
    introduction:
      "What is wrong with the peer's certificates. A `TlsError` has all of them in `problems`, each with the certificate at fault; [how they are found](certificates.md).",
    codes: certificateProblemCodes,
  },
  {
    className: "AuthenticationError",
    introduction: "Above TLS, the user or the server could not be authenticated.",
    codes: authenticationErrorCodes,
  },
  { className: "ProtocolError", introduction: "The peer broke a rule of the protocol.", codes: protocolErrorCodes },
  {
    className: "ContentError",
    introduction:
      "The content of a message is not what it says it is, or not what its contract says. `bytes` has what came, as far as it was kept; `issues` what a schema found.",
    codes: contentErrorCodes,
  },
  {
    className: "ServiceError",
    introduction: "A service answered, and the answer was that it cannot or will not.",
    codes: serviceErrorCodes,
  },
  {
    className: "PolicyError",
    introduction: "Fairlead, or the application, refused to go on.",
    codes: policyErrorCodes,
  },
  {
    className: "TimeoutError",
    introduction:
      "A deadline passed. `phase` says which: `online` (what `waitFor` waits for), `resolve`, `connect`, `secure`, `request`, `response`, `body` or `total`.",
    codes: timeoutErrorCodes,
  },
  {
    className: "FileError",
    introduction: "A file that the application named could not be read or written.",
    codes: fileErrorCodes,
  },
  { className: "StoreError", introduction: "What is remembered could not be read or written.", codes: storeErrorCodes },
];

const fixers: Readonly<Record<Fixer, string>> = {
  caller: "the program that makes the call",
  operator: "who runs the server, or this machine",
  peer: "who wrote the other side",
  network: "time, or who runs the network",
  machine: "time, or more room on this machine",
};

/** The error reference in Markdown: a chapter for each class, a line for each code. */
export function errorReference(): string {
  return `# Error reference

<!-- Made by \`npm run docs\` from packages/core/src/error-codes.ts and certificate-problem-codes.ts. Change it there. -->

Every error of Fairlead has a \`code\`, the \`peer\` and \`operation\` where they are known, a \`remedy\`, and in \`cause\`
what came from the layer below. \`isCodedError\` of \`@fairlead/core\` tells them from other errors. An aborted call
rejects with its signal's reason, and an HTTP error status is a response: neither is listed here.

Who can mend it: ${Object.entries(fixers)
    .map(([fixer, who]) => `**${fixer}**, ${who}`)
    .join("; ")}.
A retry helps when the same call, unchanged, may succeed later.
${chapters.map(formatChapter).join("")}`;
}

function formatChapter({ className, introduction, codes }: Chapter): string {
  const rows = Object.entries(codes).map(([code, { what, remedy, fixer, retryHelps }]) =>
    row([`<a id="${code}"></a>\`${code}\``, what, remedy, fixer, retryHelps ? "yes" : "no"]),
  );
  return `
## ${className}

${introduction}

${row(["code", "what happened", "what to do", "who can mend it", "retry helps"])}
${row(["---", "---", "---", "---", "---"])}
${rows.join("\n")}
`;
}

function row(cells: readonly string[]): string {
  return `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
}
