import { UsageError } from "@fairlead/core";
import type { CredentialRecord } from "@fairlead/http/authentication";
import type { AuthenticationAnswer, CredentialLifetime, TriedCredentials } from "./question.ts";

/** An answer that was checked. Two are the same only if they came from one answer. */
export type Credentials = (
  | { readonly type: "password"; readonly username: string; readonly password: string }
  | { readonly type: "token"; readonly token: string }
  | { readonly type: "system" }
) & {
  /** Tells them from all others in this process, and says nothing about them. */
  readonly id: string;
  readonly lifetime: CredentialLifetime;
};

/**
 * Checks what an application answered; `undefined` for nobody, and for whatever an application without types answers
 * instead of one of the answers.
 *
 * @throws UsageError OPTION_INVALID for a name, password or token that is no text.
 */
export function readAnswer(answer: AuthenticationAnswer | undefined, id: string): Credentials | undefined {
  switch (answer?.type) {
    case "password": {
      const { username, password, remember: lifetime = "memory" } = answer;
      requireText("user name", username);
      requireText("password", password);
      return { type: "password", username, password, id, lifetime };
    }
    case "token": {
      const { token, remember: lifetime = "memory" } = answer;
      requireText("token", token);
      return { type: "token", token, id, lifetime };
    }
    case "system":
      return { type: "system", id, lifetime: answer.remember ?? "memory" };
    case "none":
    case undefined:
      return undefined;
  }
}

/** Whether they say the same. */
export function sameCredentials(one: Credentials, other: Credentials): boolean {
  switch (one.type) {
    case "password":
      return other.type === "password" && one.username === other.username && one.password === other.password;
    case "token":
      return other.type === "token" && one.token === other.token;
    case "system":
      return other.type === "system";
  }
}

/** What there is to store of them. */
export function secretOf(credentials: Credentials): CredentialRecord["credentials"] {
  switch (credentials.type) {
    case "password":
      return { type: "password", username: credentials.username, password: credentials.password };
    case "token":
      return { type: "token", token: credentials.token };
    case "system":
      return { type: "system" };
  }
}

/** What an application is told of credentials that were not good enough. */
export function triedCredentials(
  credentials: Credentials,
  scheme: TriedCredentials["scheme"],
  error: Error | undefined,
): TriedCredentials {
  const { type } = credentials;
  return { type, scheme, error, username: type === "password" ? credentials.username : undefined };
}

function requireText(what: string, value: unknown): void {
  if (typeof value === "string") return;
  throw new UsageError("OPTION_INVALID", { operation: "authenticate", detail: `the ${what} is no text` });
}
