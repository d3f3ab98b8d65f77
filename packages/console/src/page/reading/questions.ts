import type { OfferedIdentity, ShownQuestion } from "../../protocol/index.ts";
import { flag, list, number, object, optional, type Reader, text, variant, whole, oneOf } from "./reader.ts";
import { readStaple } from "./staple.ts";
import { readProblemOfCertificate } from "./transactions.ts";

type Question<Type extends ShownQuestion["type"]> = Extract<ShownQuestion, { readonly type: Type }>;

const identity = object<OfferedIdentity>({ fingerprint: text, subject: text, issuer: text, notAfter: text });

/** A question of the manager. */
export const readQuestion: Reader<ShownQuestion> = variant<"type", ShownQuestion>("type", {
  credentials: object<Question<"credentials">>({
    type: oneOf("credentials"),
    id: whole,
    origin: text,
    isProxy: flag,
    scheme: text,
    realm: text,
    isPlain: flag,
    url: text,
    username: optional(text),
    refused: list(text),
    canStore: flag,
  }),
  "client-certificate": object<Question<"client-certificate">>({
    type: oneOf("client-certificate"),
    id: whole,
    origin: text,
    authorities: list(text),
    identities: list(identity),
  }),
  "certificate-error": object<Question<"certificate-error">>({
    type: oneOf("certificate-error"),
    id: whole,
    origin: text,
    problems: list(readProblemOfCertificate),
    chain: list(text),
    staple: optional(readStaple),
    rememberMilliseconds: whole,
  }),
  redirect: object<Question<"redirect">>({
    type: oneOf("redirect"),
    id: whole,
    from: text,
    to: text,
    status: number,
    isLessSafe: flag,
  }),
});
