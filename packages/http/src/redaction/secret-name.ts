/** Parts of names whose values open something: of fields, of parameters in a query, of cookies. */
const SECRET_WORDS: ReadonlySet<string> = new Set([
  ...["auth", "authorization", "authentication", "assertion", "bearer", "cookie", "credential", "credentials"],
  ...["accesstoken", "apikey", "idtoken", "jwt", "key", "refreshtoken", "secret", "ticket", "token", "tokens"],
  ...["otp", "pass", "passcode", "passphrase", "passwd", "password", "pin", "pwd"],
  ...["samlart", "samlrequest", "samlresponse", "session", "sessionid", "jsessionid", "phpsessid", "sid"],
  ...["hmac", "sig", "signature", "signed"],
]);

/** Secrets by these names alone: `country_code` is none. RFC 6749 section 4.1.2. */
const SECRET_NAMES: ReadonlySet<string> = new Set(["code", "user_code", "device_code", "code_verifier"]);

/**
 * Whether a name says that its value is a secret: `X-Api-Key`, `access_token`, `clientSecret`, `X-Amz-Signature`. Nobody can
 * know them all; whoever names a secret `q` is not helped.
 */
export function isSecretName(name: string): boolean {
  if (SECRET_NAMES.has(name.toLowerCase())) return true;
  return wordsOf(name).some((word) => SECRET_WORDS.has(word)) || SECRET_WORDS.has(name.toLowerCase());
}

/** The words of a name, by whatever it joins them, in lower case. */
function wordsOf(name: string): readonly string[] {
  const spaced = name.replace(/([a-z\d])([A-Z])/g, "$1 $2").replace(/([A-Z])([A-Z][a-z])/g, "$1 $2");
  return spaced.toLowerCase().split(/[^a-z\d]+/);
}
