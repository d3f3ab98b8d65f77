import { createHmac } from "node:crypto";

/** Who is let in wherever a name and a password are asked for, as the README says. */
export const testUser = { name: "user", password: "pass" } as const;

/** Whether these are the credentials that are let in. */
export function isTestUser(name: string, password: string): boolean {
  return name === testUser.name && password === testUser.password;
}

/** Whether a response of the SASL mechanism PLAIN has them: an identity, a name and a password. RFC 4616 section 2. */
export function isPlainOfTestUser(base64: string): boolean {
  const [identity = "", name = "", password = "", ...rest] = Buffer.from(base64, "base64").toString().split("\0");
  return rest.length === 0 && (identity === "" || identity === name) && isTestUser(name, password);
}

/** Whether a response of CRAM-MD5 answers the challenge. RFC 2195 section 2. */
export function isCramOfTestUser(base64: string, challenge: string): boolean {
  const [name = "", digest = ""] = Buffer.from(base64, "base64").toString().split(" ");
  const wanted = createHmac("md5", testUser.password).update(challenge).digest("hex");
  return name === testUser.name && digest === wanted;
}
