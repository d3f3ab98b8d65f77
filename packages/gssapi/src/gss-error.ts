import type { AuthenticationErrorCode } from "@fairlead/core";

/** Whether a call failed; a supplementary bit, such as "call again", is no failure. RFC 2744 section 3.9.1. */
export function hasFailed(major: number): boolean {
  return major >>> 16 !== 0;
}

/** Whether the other side has to say something before the context is there. */
export function needsMore(major: number): boolean {
  return (major & CONTINUE_NEEDED) !== 0;
}

const CONTINUE_NEEDED = 1;

/**
 * What was being done: getting credentials (`acquire`), making the first token from them (`ask`), judging what the server
 * says (`verify`).
 */
export type GssPhase = "acquire" | "ask" | "verify";

/**
 * Names what went wrong.
 *
 * @param isMinor tells whether the minor status stands for this error of Kerberos: inside SPNEGO it has another number.
 */
export function gssErrorCode(
  major: number,
  phase: GssPhase,
  isMinor: (code: number) => boolean,
): AuthenticationErrorCode {
  const kerberos = kerberosCodes.find(({ code, phases }) => phases.includes(phase) && isMinor(KRB5 + code));
  if (kerberos !== undefined) return kerberos.name;
  const routineError = (major >>> 16) & 0xff;
  if (routineError === DEFECTIVE_TOKEN) return "AUTHENTICATION_TOKEN_INVALID";
  if (phase === "verify") return "SERVER_NOT_AUTHENTICATED";
  return credentialErrors.get(routineError) ?? "AUTHENTICATION_FAILED";
}

// Routine errors. RFC 2744 section 3.9.1, table 2.
const DEFECTIVE_TOKEN = 9;
const credentialErrors: ReadonlyMap<number, AuthenticationErrorCode> = new Map([
  // GSS_S_NO_CRED, GSS_S_DEFECTIVE_CREDENTIAL, GSS_S_CREDENTIALS_EXPIRED
  [7, "KERBEROS_TICKET_MISSING"],
  [10, "KERBEROS_TICKET_MISSING"],
  [11, "KERBEROS_TICKET_EXPIRED"],
]);

/** The first of the numbers of Kerberos' errors, in every library. */
const KRB5 = -1_765_328_384;

const asking: readonly GssPhase[] = ["acquire", "ask"];
const always: readonly GssPhase[] = [...asking, "verify"];

/** RFC 4120 section 7.5.9, and from 128 those of the library itself. */
const kerberosCodes: readonly {
  readonly code: number;
  readonly name: AuthenticationErrorCode;
  readonly phases: readonly GssPhase[];
}[] = [
  // KDC_ERR_C_PRINCIPAL_UNKNOWN, KDC_ERR_S_PRINCIPAL_UNKNOWN
  { code: 6, name: "KERBEROS_USER_UNKNOWN", phases: asking },
  { code: 7, name: "KERBEROS_SERVICE_UNKNOWN", phases: asking },
  // KDC_ERR_PREAUTH_FAILED, and KRB_AP_ERR_BAD_INTEGRITY of what the password does not decrypt
  { code: 24, name: "KERBEROS_PASSWORD_WRONG", phases: ["acquire"] },
  { code: 31, name: "KERBEROS_PASSWORD_WRONG", phases: ["acquire"] },
  // KRB_AP_ERR_TKT_EXPIRED, KRB_AP_ERR_SKEW
  { code: 32, name: "KERBEROS_TICKET_EXPIRED", phases: asking },
  { code: 37, name: "KERBEROS_CLOCK_SKEW", phases: always },
  // KRB5_CC_NOTFOUND, KRB5_FCC_NOFILE
  { code: 141, name: "KERBEROS_TICKET_MISSING", phases: asking },
  { code: 195, name: "KERBEROS_TICKET_MISSING", phases: asking },
  // KRB5_REALM_UNKNOWN, KRB5_KDC_UNREACH, KRB5_REALM_CANT_RESOLVE
  { code: 154, name: "KERBEROS_SERVER_UNREACHABLE", phases: asking },
  { code: 156, name: "KERBEROS_SERVER_UNREACHABLE", phases: asking },
  { code: 220, name: "KERBEROS_SERVER_UNREACHABLE", phases: asking },
];
