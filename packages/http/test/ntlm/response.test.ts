import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { ntlmv2Response } from "@fairlead/http/ntlm";
import { hashes, hex, pair } from "./hashes.ts";

describe("MS-NLMP section 4.2.4: the NTLMv2 response of the specification's example", () => {
  const targetInfo = Buffer.concat([
    pair(2, Buffer.from("Domain", "utf16le")),
    pair(1, Buffer.from("Server", "utf16le")),
    Buffer.alloc(4),
  ]);
  const response = ntlmv2Response(
    {
      serverChallenge: hex("0123456789abcdef"),
      clientChallenge: hex("aaaaaaaaaaaaaaaa"),
      time: Buffer.alloc(8),
      targetInfo,
    },
    { domain: "Domain", username: "User", password: "Password" },
    hashes,
  );

  test("4.2.4.2.2: proof, then what it covers", () => {
    const temp = hex(`01010000 00000000 00000000 00000000 aaaaaaaa aaaaaaaa 00000000
      02000c00 44006f00 6d006100 69006e00 01000c00 53006500 72007600 65007200 00000000 00000000`);
    const proof = hex("68cd0ab8 51e51c96 aabc927b ebef6a1c");
    assert.deepEqual(Buffer.from(response.ntChallengeResponse), Buffer.concat([proof, temp]));
  });

  test("4.2.4.2.1: LMv2", () => {
    assert.deepEqual(
      Buffer.from(response.lmChallengeResponse),
      hex("86c35097 ac9cec10 2554764a 57cccc19 aaaaaaaa aaaaaaaa"),
    );
  });

  test("4.2.4.1.2: session base key", () => {
    assert.deepEqual(Buffer.from(response.sessionBaseKey), hex("8de40cca dbc14a82 f15cb0ad 0de95ca3"));
  });
});

describe("the name of the user", () => {
  const proofOf = (username: string): string => {
    const input = {
      serverChallenge: Buffer.alloc(8),
      clientChallenge: Buffer.alloc(8),
      time: Buffer.alloc(8),
      targetInfo: Buffer.alloc(4),
    };
    const response = ntlmv2Response(input, { domain: "D", username, password: "p" }, hashes);
    return Buffer.from(response.ntChallengeResponse).toString("hex");
  };

  test("counts in capital letters, one for one", () => {
    assert.equal(proofOf("Jürgen"), proofOf("JÜRGEN"));
    assert.notEqual(proofOf("Strauß"), proofOf("STRAUSS"));
  });
});
