import { createHash, createHmac, pbkdf2, timingSafeEqual } from "node:crypto";
import { promisify } from "node:util";
import { testUser } from "../lines/credentials.ts";

/** What the server's first message is made of. */
export interface ScramFacts {
  readonly clientFirst: string;
  readonly serverNonce: string;
  readonly salt: Buffer;
  /** What `tls-server-end-point` binds to; `undefined` in the clear. RFC 5929 section 4. */
  readonly endPoint: Buffer | undefined;
}

/** A SCRAM-SHA-256 exchange that the client has begun. */
export interface ScramExchange {
  readonly serverFirst: string;
  /** Judges the client's last message; the text is the server's own last one. */
  readonly finish: (clientFinal: string) => Promise<string | undefined>;
}

const iterations = 4096;

/**
 * Answers the first message of SCRAM-SHA-256 or SCRAM-SHA-256-PLUS for the password of the test user; `undefined` where
 * it is none.
 *
 * @see RFC 5802 sections 5 and 7, RFC 7677
 */
export function beginScram({ clientFirst, serverNonce, salt, endPoint }: ScramFacts): ScramExchange | undefined {
  const [, header, channel = "", bare = "", clientNonce = ""] =
    /^((n|y|p=tls-server-end-point),(?:a=[^,]*)?,)(n=[^,]*,r=([!-+\--~]{1,200}))$/.exec(clientFirst) ?? [];
  if (header === undefined) return undefined;
  // Who says "y" could bind and was told that the server can't: somebody in between has crossed that out.
  if (channel === "y" && endPoint !== undefined) return undefined;
  if (channel.startsWith("p") && endPoint === undefined) return undefined;
  const nonce = clientNonce + serverNonce;
  const serverFirst = `r=${nonce},s=${salt.toString("base64")},i=${iterations}`;
  const bound = Buffer.concat([
    Buffer.from(header),
    channel.startsWith("p") ? (endPoint ?? Buffer.alloc(0)) : Buffer.alloc(0),
  ]);
  return {
    serverFirst,
    finish: async (clientFinal) => {
      const [, withoutProof = "", channelBinding = "", nonceAgain = "", proof = ""] =
        /^(c=([A-Za-z0-9+/=]+),r=([^,]+)),p=([A-Za-z0-9+/=]+)$/.exec(clientFinal) ?? [];
      if (channelBinding !== bound.toString("base64") || nonceAgain !== nonce) return undefined;
      const salted = await promisify(pbkdf2)(testUser.password, salt, iterations, 32, "sha256");
      const message = `${bare},${serverFirst},${withoutProof}`;
      const clientKey = hmac(salted, "Client Key");
      const signature = hmac(createHash("sha256").update(clientKey).digest(), message);
      const expected = Buffer.from(clientKey.map((byte, index) => byte ^ (signature[index] ?? 0)));
      const given = Buffer.from(proof, "base64");
      if (given.length !== expected.length || !timingSafeEqual(given, expected)) return undefined;
      return `v=${hmac(hmac(salted, "Server Key"), message).toString("base64")}`;
    },
  };
}

function hmac(key: Buffer, message: string): Buffer {
  return createHmac("sha256", key).update(message).digest();
}
