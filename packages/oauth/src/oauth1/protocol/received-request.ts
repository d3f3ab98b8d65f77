import { parseAuthorization } from "./authorization-field.ts";
import { signatureBaseString } from "./base-string.ts";
import { parseParameters, type Parameter } from "./parameters.ts";
import { decodeText } from "./percent-encoding.ts";
import type { OAuth1Claims } from "./protocol-parameters.ts";
import { signedParameters } from "./protocol-parameters.ts";
import { signatureMethods } from "./signature-method.ts";

/** Why a request is refused, in the words of the Problem Reporting extension. */
export type OAuth1Problem =
  | "parameter_absent"
  | "parameter_rejected"
  | "version_rejected"
  | "signature_method_rejected"
  | "signature_invalid"
  | "timestamp_refused"
  | "nonce_used";

/** A request as far as it can be read without any key. */
export type ReceivedRequest =
  | {
      readonly type: "signed";
      readonly claims: OAuth1Claims;
      readonly realm: string | undefined;
      readonly signature: string;
      readonly baseString: string;
    }
  | {
      readonly type: "refused";
      readonly problem: OAuth1Problem;
      /** Names a parameter; quotes no value. */
      readonly detail: string;
    };

/** The parts of a request that matter. */
export interface RequestParts {
  readonly method: string;
  /** As the client wrote it: where a proxy is in between, its own. */
  readonly url: URL;
  /** The value of `Authorization`. */
  readonly authorization: string | undefined;
  /** The content, where it is a form; empty otherwise. */
  readonly form: string;
}

/**
 * Reads what a request says of its sender. The parameters of the protocol stand in one place, and each of them once.
 *
 * @see RFC 5849 sections 3.1, 3.2 and 3.5
 */
export function readRequest({ method, url, authorization, form }: RequestParts): ReceivedRequest {
  const field = parseAuthorization(authorization ?? "");
  const places = [field?.parameters ?? [], parseParameters(form), parseParameters(url.search.slice(1))];
  const [own = [], ...others] = places.map((each) => each.filter(isOwn)).filter((each) => each.length > 0);
  if (others.length > 0) return refused("parameter_rejected", "they stand in more than one place");

  const values = new Map<string, string>();
  for (const [name, encoded] of own) {
    const value = decodeText(encoded);
    if (value === undefined) return refused("parameter_rejected", `${name} is no UTF-8`);
    if (values.has(name)) return refused("parameter_rejected", `${name} stands there twice`);
    values.set(name, value);
  }
  const version = values.get("oauth_version");
  if (version !== undefined && version !== "1.0") return refused("version_rejected", "it is not 1.0");
  const given = values.get("oauth_signature_method");
  const signatureMethod = signatureMethods.find((known) => known === given);
  if (given !== undefined && signatureMethod === undefined) {
    return refused("signature_method_rejected", "it is not known");
  }
  const required = ["oauth_consumer_key", "oauth_signature_method", "oauth_signature"];
  if (signatureMethod !== "PLAINTEXT") required.push("oauth_timestamp", "oauth_nonce");
  const missing = required.find((name) => (values.get(name) ?? "") === "");
  if (missing !== undefined || signatureMethod === undefined) return refused("parameter_absent", missing ?? "");
  const timestamp = values.get("oauth_timestamp");
  if (timestamp !== undefined && !/^[1-9]\d{0,14}$/.test(timestamp)) {
    return refused("parameter_rejected", "oauth_timestamp is no positive number");
  }

  // An empty one is none. RFC 5849 section 3.1.
  const token = values.get("oauth_token") === "" ? undefined : values.get("oauth_token");
  return {
    type: "signed",
    claims: {
      consumerKey: values.get("oauth_consumer_key") ?? "",
      token,
      method: signatureMethod,
      timestamp: timestamp === undefined ? undefined : Number(timestamp),
      nonce: values.get("oauth_nonce"),
      callback: values.get("oauth_callback"),
      verifier: values.get("oauth_verifier"),
      bodyHash: values.get("oauth_body_hash"),
    },
    realm: field?.realm,
    signature: values.get("oauth_signature") ?? "",
    baseString: signatureBaseString(method, url, signedParameters(url, field?.parameters ?? [], form)),
  };
}

function isOwn([name]: Parameter): boolean {
  return name.startsWith("oauth_");
}

function refused(problem: OAuth1Problem, detail: string): ReceivedRequest {
  return { type: "refused", problem, detail };
}
