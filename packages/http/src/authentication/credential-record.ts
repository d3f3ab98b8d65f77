import type { AuthenticationScheme } from "./choice.ts";
import { isRecord, isText, parseStored } from "./stored-value.ts";

/** How credentials are sent; `password` is no HTTP: a server of another scheme asks for them. */
export type RememberedScheme = AuthenticationScheme | "password";

/** Credentials for one realm of one server or proxy, as they are stored. Secret. */
export interface CredentialRecord {
  readonly role: "origin" | "proxy";
  readonly origin: string;
  /** The top-level site on whose behalf they were given; empty for the application's own. */
  readonly partition: string;
  /** The bytes of the field, one character each. */
  readonly realm: string;
  readonly scheme: RememberedScheme;
  /** Of the strongest challenge that was answered, as `RankedChallenge` has it. */
  readonly strength: number;
  /** URLs of the origin that wanted them. */
  readonly scopes: readonly string[];
  readonly credentials:
    | { readonly type: "password"; readonly username: string; readonly password: string }
    | { readonly type: "token"; readonly token: string }
    | { readonly type: "system" };
}

/** Names what one record is for. No part can hold what separates them. */
export function credentialKey({
  role,
  origin,
  partition,
  realm,
}: Pick<CredentialRecord, "role" | "origin" | "partition" | "realm">): string {
  return [role, origin, partition, realm].map((part) => encodeURIComponent(part)).join(" ");
}

/** Reads what `credentialKey` made; `undefined` for anything else. */
export function decodeCredentialKey(
  key: string,
): Pick<CredentialRecord, "role" | "origin" | "partition" | "realm"> | undefined {
  const [role, origin = "", partition = "", realm = "", ...rest] = key.split(" ").map(decodePart);
  const isWhole = (role === "origin" || role === "proxy") && rest.length === 0;
  return isWhole && credentialKey({ role, origin, partition, realm }) === key
    ? { role, origin, partition, realm }
    : undefined;
}

function decodePart(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return "";
  }
}

/** Writes a record, as text. */
export function encodeCredentialRecord(record: CredentialRecord): string {
  return JSON.stringify(record);
}

/** Reads a record; `undefined` for what is none, whatever it is. */
export function decodeCredentialRecord(text: string): CredentialRecord | undefined {
  const value = parseStored(text);
  if (!isRecord(value)) return undefined;
  const { role, origin, partition, realm, strength, scopes, credentials } = value;
  const scheme = schemes.find((each) => each === value["scheme"]);
  const isWhole =
    (role === "origin" || role === "proxy") &&
    isText(origin) &&
    isText(partition) &&
    isText(realm) &&
    typeof strength === "number" &&
    Array.isArray(scopes);
  const secret = readCredentials(credentials);
  if (!isWhole || scheme === undefined || secret === undefined) return undefined;
  const own = scopes.filter((scope): scope is string => typeof scope === "string" && isOf(origin, role, scope));
  return { role, origin, partition, realm, scheme, strength, scopes: own, credentials: secret };
}

function isOf(origin: string, role: CredentialRecord["role"], scope: string): boolean {
  const url = URL.parse(scope);
  // Whatever goes through a proxy is within its space.
  return url !== null && (role === "proxy" || url.origin === origin);
}

function readCredentials(value: unknown): CredentialRecord["credentials"] | undefined {
  if (!isRecord(value)) return undefined;
  const { type, username, password, token } = value;
  if (type === "password" && typeof username === "string" && typeof password === "string") {
    return { type, username, password };
  }
  if (type === "token" && typeof token === "string") return { type, token };
  return type === "system" ? { type } : undefined;
}

const schemes = ["negotiate", "ntlm", "digest", "bearer", "basic", "password"] as const;
