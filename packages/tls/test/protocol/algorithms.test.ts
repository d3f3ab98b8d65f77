import assert from "node:assert/strict";
import { test } from "node:test";
import { registeredGroup, tlsGroups } from "@fairlead/tls";

test("groups have one name, whatever a library calls them", () => {
  const names = ["prime256v1", "SECP256R1", "P-256", "X25519", "X25519-MLKEM768", "FFDHE2048", "brainpoolP256r1"];
  assert.deepEqual(names.map(registeredGroup), [
    ...["secp256r1", "secp256r1", "secp256r1", "x25519", "X25519MLKEM768", "ffdhe2048", undefined],
  ]);
  assert.deepEqual(tlsGroups.map(registeredGroup), tlsGroups);
});
