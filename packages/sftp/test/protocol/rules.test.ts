import { deepEqual, equal } from "node:assert/strict";
import { describe, test } from "node:test";
import ssh2 from "ssh2";
import {
  authenticationCodes,
  ciphers,
  hostKeyAlgorithms,
  keyExchanges,
  preferKnown,
} from "../../src/protocol/algorithms.ts";
import { nextMethod, type AuthenticationChoices } from "../../src/protocol/authentication-order.ts";
import { fileKind } from "../../src/protocol/file-attributes.ts";

describe("algorithms that are offered", () => {
  test("those of a host's known keys come first, so that it shows one of them", () => {
    const known = (keyType: string) => [{ marker: "none", hosts: "h", keyType, key: "" }] as const;
    deepEqual(preferKnown([]), hostKeyAlgorithms);
    deepEqual(preferKnown(known("ssh-rsa")).slice(0, 3), ["rsa-sha2-512", "rsa-sha2-256", "ssh-ed25519"]);
    equal(preferKnown(known("ecdsa-sha2-nistp384"))[0], "ecdsa-sha2-nistp384");
    equal(preferKnown(known("ssh-dss")).length, hostKeyAlgorithms.length);
  });

  test("weak ones are not among them", () => {
    const offered = [...keyExchanges, ...ciphers, ...authenticationCodes, ...hostKeyAlgorithms].join(" ");
    equal(/sha1|md5|cbc|arcfour|ssh-rsa|ssh-dss|group1-|-96|chacha20|group-exchange/.test(offered), false, offered);
  });

  test("the library knows all of them", () => {
    // It throws for a name that it does not know.
    const client = new ssh2.Client();
    client.on("error", () => undefined);
    const algorithms = {
      kex: [...keyExchanges],
      cipher: [...ciphers],
      hmac: [...authenticationCodes],
      serverHostKey: [...hostKeyAlgorithms],
    };
    client.connect({ host: "127.0.0.1", port: 1, username: "x", algorithms });
    client.destroy();
  });
});

describe("the order of proofs", () => {
  const cases: readonly (readonly [
    why: string,
    choices: Partial<AuthenticationChoices>,
    method: string | undefined,
  ])[] = [
    ["keys first", {}, "publickey"],
    ["the server's questions next", { keysLeft: 0 }, "keyboard-interactive"],
    ["then a password", { keysLeft: 0, refused: new Set(["keyboard-interactive"]) }, "password"],
    ["only what is offered", { offered: ["password"] }, "password"],
    ["nothing that is not known", { offered: ["gssapi-with-mic", "hostbased"] }, undefined],
    ["a wrong answer may be followed by another", { keysLeft: 0, wrongAnswers: 2 }, "keyboard-interactive"],
    ["three may not", { keysLeft: 0, wrongAnswers: 3 }, undefined],
    ["keys are tried whatever was answered", { wrongAnswers: 3 }, "publickey"],
    ["nothing is left", { keysLeft: 0, refused: new Set(["keyboard-interactive", "password"]) }, undefined],
  ];
  for (const [why, choices, method] of cases) {
    test(why, () => {
      const offered = ["password", "keyboard-interactive", "publickey"];
      equal(nextMethod({ offered, keysLeft: 1, wrongAnswers: 0, refused: new Set(), ...choices }), method);
    });
  }
});

describe("attributes of files", () => {
  test("the kind is in the permissions", () => {
    const kinds = [0o100644, 0o040755, 0o120777, 0o020666, 0o060660, 0o010644, 0o140755, 0, undefined].map(fileKind);
    const names = [
      "file",
      "directory",
      "link",
      "character device",
      "block device",
      "pipe",
      "socket",
      "unknown",
      "unknown",
    ];
    deepEqual(kinds, names);
    equal(fileKind(0xffff_8000 | 0o644), fileKind(0o100644));
  });
});
