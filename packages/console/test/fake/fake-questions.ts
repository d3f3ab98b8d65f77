import type { ShownQuestion } from "../../src/protocol/index.ts";

/** A server that asks for a password. */
export const credentials: ShownQuestion = {
  type: "credentials",
  id: 1,
  origin: "https://intranet.example",
  isProxy: false,
  scheme: "digest",
  realm: "Staff",
  isPlain: false,
  url: "https://intranet.example/rota",
  username: undefined,
  refused: [],
  canStore: false,
};

/** A server that asks for a certificate. */
export const certificate: ShownQuestion = {
  type: "client-certificate",
  id: 2,
  origin: "https://bank.example:8443",
  authorities: ["CN=Staff authority"],
  identities: [
    {
      fingerprint: "ab".repeat(32),
      subject: "CN=Alice",
      issuer: "CN=Staff authority",
      notAfter: "2099-01-01T00:00:00Z",
    },
  ],
};

/** A redirect to plain text. */
export const redirect: ShownQuestion = {
  type: "redirect",
  id: 3,
  from: "https://shop.example/pay",
  to: "http://pay.example/<b>?a=1",
  status: 302,
  isLessSafe: true,
};

/** A certificate that is refused. */
export const refusedCertificate: ShownQuestion = {
  type: "certificate-error",
  id: 4,
  origin: "https://expired.example",
  problems: [{ code: "EXPIRED", index: 0, detail: undefined, message: "it ended yesterday", remedy: "renew it" }],
  chain: ["leaf", "issuer"],
  staple: { type: "none" },
  rememberMilliseconds: 7 * 86_400_000,
};

/** One of each kind. */
export const fakeQuestions = [credentials, certificate, redirect, refusedCertificate];
