import { REDACTED, redactUrls } from "./redact-urls.ts";
import { isSecretName } from "./secret-name.ts";

/** What is no scheme may be a secret itself: some put a bare token into the field. */
const SCHEMES =
  /^(?:basic|bearer|digest|dpop|gnap|hawk|hoba|mutual|negotiate|ntlm|oauth|privatetoken|scram-sha-1|scram-sha-256|token|vapid|aws4-hmac-sha256) /i;
/** Longer than the names of subprotocols that are registered. */
const PROTOCOL_LENGTH = 40;
const COOKIE_ATTRIBUTES = /^(?:domain|expires|httponly|max-age|partitioned|path|priority|samesite|secure)(?:=|$)/i;

/**
 * The value of a field without what is secret in it: what is left is of use to whoever looks for a fault. Credentials leave
 * their scheme, cookies their names and attributes, URLs all but what {@link redactUrls} takes out.
 *
 * @example
 * redactField("Authorization", "Bearer 6f1c"); // Bearer REDACTED
 * redactField("Set-Cookie", "sid=31d4; Secure"); // sid=REDACTED; Secure
 */
export function redactField(name: string, value: string): string {
  switch (name.toLowerCase()) {
    case "authorization":
    case "proxy-authorization":
      return (SCHEMES.exec(value)?.[0] ?? "") + REDACTED;
    // A proof of possession: whoever has it and the token may be taken for the client, for a while. RFC 9449 section 11.1.
    case "dpop":
      return REDACTED;
    case "www-authenticate":
    case "proxy-authenticate":
      // A challenge is for anybody; the token of a handshake is not.
      return value.replace(/\b(negotiate|ntlm) +[^\s,]+/gi, `$1 ${REDACTED}`);
    case "cookie":
      return value.split(";").map(redactPair).join(";");
    case "set-cookie":
      return redactSetCookie(value);
    case "sec-websocket-protocol":
      return redactProtocols(value);
    default:
      return isSecretName(name) ? REDACTED : redactUrls(value);
  }
}

function redactSetCookie(value: string): string {
  const [pair = "", ...attributes] = value.split(";");
  const known = attributes.filter((attribute) => COOKIE_ATTRIBUTES.test(attribute.trim()));
  return [redactPair(pair), ...known].join(";");
}

/**
 * Pages cannot give a WebSocket's handshake any other field, so some put a token there: as the name that follows one which
 * says so, or within it, as Kubernetes does (`base64url.bearer.authorization.k8s.io.` and the token).
 */
function redactProtocols(value: string): string {
  const names = value.split(",").map((name) => name.trim());
  const shown = names.map((name, index) => {
    if (name.length > PROTOCOL_LENGTH) return REDACTED;
    if (isSecretName(name)) return name.includes(".") ? REDACTED : name;
    return isSecretName(names[index - 1] ?? "") ? REDACTED : name;
  });
  return shown.join(", ");
}

/** A cookie without a name is all value. */
function redactPair(pair: string): string {
  const equals = pair.indexOf("=");
  return pair.slice(0, equals + 1) + REDACTED;
}
