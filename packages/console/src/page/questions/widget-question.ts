import type { CredentialQuestion, IdentityQuestion } from "@fairlead/widgets";
import type { ShownQuestion } from "../../protocol/index.ts";

type Of<Type extends ShownQuestion["type"]> = Extract<ShownQuestion, { readonly type: Type }>;

/** A question for credentials as `<fairlead-sign-in>` takes it. */
export function credentialQuestion(question: Of<"credentials">): CredentialQuestion {
  const { isProxy, origin, realm, scheme, isPlain, username, refused, canStore } = question;
  return { role: isProxy ? "proxy" : "origin", origin, realm, scheme, isPlain, username, refused, canStore };
}

/** A question for a client certificate as `<fairlead-certificate-picker>` takes it. */
export function identityQuestion({ origin, authorities, identities }: Of<"client-certificate">): IdentityQuestion {
  return { role: "server", origin, authorities, identities, canRemember: true };
}

/** Host and port as a certificate is judged for them. */
export function hostOf(origin: string): { readonly host: string; readonly port: number } {
  const url = URL.parse(origin);
  if (url === null) return { host: origin, port: 443 };
  return { host: url.hostname, port: url.port === "" ? 443 : Number(url.port) };
}
