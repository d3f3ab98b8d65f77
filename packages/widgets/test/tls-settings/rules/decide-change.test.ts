import assert from "node:assert/strict";
import { describe, test } from "node:test";
import {
  cipherNames,
  decideChange,
  defaultChoice,
  groupNames,
  presetNameOf,
  type TlsChange,
  type TlsChoice,
  type TlsDecision,
} from "@fairlead/widgets/tls-settings";
import fc from "fast-check";
import { backendOf, offered } from "./offered.ts";

const usual = defaultChoice(backendOf("gnutls"));
const ofNode = defaultChoice(backendOf("node"));
const pin = `${"A".repeat(43)}=`;
const otherPin = `${"B".repeat(43)}=`;

function made(choice: TlsChoice, change: TlsChange): TlsChoice {
  const decision = decideChange(choice, change, offered);
  if (decision.type !== "made") assert.fail(`${change.type} is ${decision.type}`);
  return decision.choice;
}

function asked(choice: TlsChoice, change: TlsChange): Extract<TlsDecision, { type: "ask" }> {
  const decision = decideChange(choice, change, offered);
  if (decision.type !== "ask") assert.fail(`${change.type} is ${decision.type}`);
  return decision;
}

function lostBy(choice: TlsChoice, change: TlsChange): readonly string[] {
  return asked(choice, change).lost.map(({ code }) => code);
}

describe("a change of TLS settings", () => {
  const modern = made(usual, { type: "preset", preset: "modern" });
  const ofNodeModern = made(ofNode, { type: "preset", preset: "modern" });

  test("to a modern choice asks nothing, and the way back names what is lost", () => {
    assert.equal(presetNameOf(modern, backendOf("gnutls")), "modern");
    assert.deepEqual(lostBy(modern, { type: "preset", preset: "compatible" }), [
      "cbc",
      "no-forward-secrecy",
      "tls-1.2",
      "small-group",
    ]);
  });

  for (const [name, change, lost] of [
    ["every certificate let in", { type: "accept-any-certificate", isOn: true }, ["any-certificate"]],
    ["secrets written down", { type: "log-keys", isOn: true }, ["keys-logged"]],
    ["early data", { type: "early-data", isOn: true }, ["early-data"]],
    ["issuers fetched", { type: "fetch-intermediates", isOn: true }, ["issuers-fetched"]],
    ["TLS 1.3 left out", { type: "max-version", version: "TLSv1.2" }, ["no-tls-1.3"]],
    ["a tag of eight bytes", { type: "ciphers", ciphers: ["AES_128_CCM_8"] }, ["short-tag"]],
    [
      "one identity for all",
      { type: "identity", identity: { type: "one", fingerprint: "c3".repeat(32) } },
      ["identity-shown"],
    ],
    [
      "an authority of one's own",
      { type: "anchors", anchors: { type: "own", fingerprints: ["a1".repeat(32)] } },
      ["trusts"],
    ],
    ["the system's authorities", { type: "anchors", anchors: { type: "system" } }, ["trusts"]],
  ] as const satisfies readonly (readonly [string, TlsChange, readonly string[]])[]) {
    test(`asks about ${name}`, () => {
      assert.deepEqual(lostBy(usual, change), lost);
    });
  }

  test("towards what is stronger asks nothing", () => {
    made(usual, { type: "min-version", version: "TLSv1.3" });
    made(usual, { type: "anchors", anchors: { type: "bundled" } });
    made(usual, { type: "ciphers", ciphers: ["AES_256_GCM"] });
    made(ofNode, { type: "groups", groups: ["X25519MLKEM768"] });
    made(usual, { type: "pins", pins: [pin] });
  });

  test("to groups of TLS 1.3 alone brings TLS 1.3 along", () => {
    const decision = decideChange(ofNode, { type: "groups", groups: ["X25519MLKEM768"] }, offered);
    assert.equal(decision.type === "made" && decision.choice.minVersion, "TLSv1.3");
    assert.deepEqual(decision.type === "made" && decision.consequences, [{ part: "minVersion", fallsAway: [] }]);
  });

  test("asks when groups that resist quantum computers are given up, or come later", () => {
    assert.deepEqual(lostBy(ofNodeModern, { type: "groups", groups: ["x25519"] }), ["quantum-never", "quantum-later"]);
    assert.deepEqual(lostBy(ofNodeModern, { type: "groups", groups: ["x25519", "X25519MLKEM768"] }), ["quantum-later"]);
  });

  test("asks when a pin is taken away, and when there is another", () => {
    const pinned = made(usual, { type: "pins", pins: [pin] });
    assert.deepEqual(asked(pinned, { type: "pins", pins: [] }).lost, [{ code: "unpinned", subject: "" }]);
    assert.deepEqual(asked(pinned, { type: "pins", pins: [pin, otherPin] }).lost, [
      { code: "unpinned", subject: otherPin },
    ]);
  });

  test("of the backend says what falls away, and asks", () => {
    const chosen = made(ofNodeModern, { type: "groups", groups: ["X25519MLKEM768", "x25519"] });
    const { choice, consequences, lost } = asked(chosen, { type: "backend", name: "gnutls" });
    assert.deepEqual(choice.groups, ["x25519"]);
    assert.deepEqual(consequences, [{ part: "groups", fallsAway: ["X25519MLKEM768"] }]);
    assert.deepEqual(
      lost.map(({ code }) => code),
      ["quantum-never", "quantum-later"],
    );
  });

  test("of the backend to one without TLS 1.3 takes all along", () => {
    const early = asked(modern, { type: "early-data", isOn: true }).choice;
    const { choice, consequences } = asked(early, { type: "backend", name: "old" });
    assert.deepEqual([choice.minVersion, choice.maxVersion, choice.earlyData], ["TLSv1.2", "TLSv1.2", false]);
    assert.deepEqual(
      consequences.map(({ part }) => part),
      ["groups", "ciphers", "minVersion", "maxVersion", "earlyData", "identity"],
    );
  });

  test("that cannot be carried out is refused with the reason", () => {
    const refused = (change: TlsChange): unknown => {
      const decision = decideChange(ofNode, change, offered);
      return decision.type === "refused" ? decision.problems : decision.type;
    };
    assert.deepEqual(refused({ type: "backend", name: "openssl" }), ["backend-missing"]);
    assert.deepEqual(refused({ type: "groups", groups: [] }), ["groups-empty"]);
    assert.deepEqual(refused({ type: "groups", groups: ["x25519", "x25519"] }), ["group-missing"]);
    assert.deepEqual(refused({ type: "ciphers", ciphers: ["AES_128_CCM_8"] }), ["cipher-missing"]);
    assert.deepEqual(refused({ type: "ciphers", ciphers: [] }), ["ciphers-empty"]);
    assert.deepEqual(refused({ type: "anchors", anchors: { type: "own", fingerprints: [] } }), ["authorities-empty"]);
    assert.deepEqual(refused({ type: "anchors", anchors: { type: "own", fingerprints: ["00"] } }), [
      "authority-missing",
    ]);
    assert.deepEqual(refused({ type: "pins", pins: ["short"] }), ["pin-malformed"]);
    assert.deepEqual(refused({ type: "identity", identity: { type: "ask" } }), ["identity-not-asked"]);
    assert.deepEqual(refused({ type: "identity", identity: { type: "one", fingerprint: "00" } }), ["identity-missing"]);
    assert.deepEqual(refused({ type: "early-data", isOn: true }), ["early-data-missing"]);
    const old = defaultChoice(backendOf("old"));
    const ofOld = decideChange(old, { type: "log-keys", isOn: true }, offered);
    assert.deepEqual(ofOld.type === "refused" && ofOld.problems, ["key-log-missing"]);
    const newer = decideChange(old, { type: "max-version", version: "TLSv1.3" }, offered);
    assert.deepEqual(newer.type === "refused" && newer.problems, ["version-missing"]);
  });
});

const change: fc.Arbitrary<TlsChange> = fc.oneof(
  fc.record({
    type: fc.constant("preset" as const),
    preset: fc.constantFrom("modern" as const, "compatible" as const),
  }),
  fc.record({ type: fc.constant("backend" as const), name: fc.constantFrom("node", "gnutls", "old", "openssl", "x") }),
  fc.record({
    type: fc.constantFrom("min-version" as const, "max-version" as const),
    version: fc.constantFrom("TLSv1.2" as const, "TLSv1.3" as const),
  }),
  fc.record({ type: fc.constant("groups" as const), groups: fc.option(fc.array(fc.constantFrom(...groupNames))) }),
  fc.record({ type: fc.constant("ciphers" as const), ciphers: fc.option(fc.array(fc.constantFrom(...cipherNames))) }),
  fc.record({
    type: fc.constant("anchors" as const),
    anchors: fc.oneof(
      fc.record({ type: fc.constantFrom("default" as const, "system" as const, "bundled" as const) }),
      fc.record({
        type: fc.constant("own" as const),
        fingerprints: fc.array(fc.constantFrom("a1".repeat(32), "b2".repeat(32), "00"), { maxLength: 3 }),
      }),
    ),
  }),
  fc.record({
    type: fc.constant("pins" as const),
    pins: fc.array(fc.constantFrom(pin, otherPin, "x"), { maxLength: 2 }),
  }),
  fc.record({
    type: fc.constant("identity" as const),
    identity: fc.oneof(
      fc.record({ type: fc.constantFrom("ask" as const, "none" as const) }),
      fc.record({ type: fc.constant("one" as const), fingerprint: fc.constantFrom("c3".repeat(32), "00") }),
    ),
  }),
  fc.record({
    type: fc.constantFrom(
      "remember-intermediates" as const,
      "fetch-intermediates" as const,
      "early-data" as const,
      "accept-any-certificate" as const,
      "accept-pinned-key-alone" as const,
      "log-keys" as const,
    ),
    isOn: fc.boolean(),
  }),
);

/** Says it anew, from the contract of TLS backends: nothing of the rules is used. */
function carriesOut(choice: TlsChoice): boolean {
  const backend = offered.backends.find(({ name }) => name === choice.backend);
  if (backend?.available !== true) return false;
  const { versions, groups, ciphers, earlyData, keyLog } = backend.capabilities;
  const enabled = versions.filter((version) => choice.minVersion <= version && version <= choice.maxVersion);
  const usable = (version: string): boolean =>
    choice.groups === null ||
    choice.groups.some((group) => version === "TLSv1.3" || /^(x25519|x448|secp\d+r1)$/.test(group));
  const unique = (list: readonly string[]): boolean => list.length > 0 && list.length === new Set(list).size;
  return (
    enabled.length > 0 &&
    enabled.includes(choice.minVersion) &&
    enabled.includes(choice.maxVersion) &&
    enabled.every(usable) &&
    (choice.groups === null || (unique(choice.groups) && choice.groups.every((each) => groups.includes(each)))) &&
    (choice.ciphers === null || (unique(choice.ciphers) && choice.ciphers.every((each) => ciphers.includes(each)))) &&
    (choice.anchors.type !== "own" ||
      (unique(choice.anchors.fingerprints) &&
        choice.anchors.fingerprints.every((each) => offered.authorities.some((one) => one.fingerprint === each)))) &&
    choice.pins.every((each) => Buffer.from(each, "base64").length === 32) &&
    (choice.identity.type !== "one" || choice.identity.fingerprint === "c3".repeat(32)) &&
    (choice.identity.type !== "ask" || backend.canAskForIdentity) &&
    (!choice.earlyData || (earlyData && enabled.includes("TLSv1.3"))) &&
    (!choice.dangerous.acceptPinnedKeyAlone || choice.pins.length > 0) &&
    (!choice.dangerous.logKeys || keyLog)
  );
}

/** What somebody on the way, or a server, may do: said anew as a set, so that a change that adds nothing to it is no weaker. */
function permissions(choice: TlsChoice): ReadonlySet<string> {
  const backend = backendOf(choice.backend);
  const groups = choice.groups ?? backend.capabilities.groups;
  const hybrid = groups.filter((group) => group.endsWith("MLKEM768") || group.endsWith("MLKEM1024"));
  const { anchors, identity, dangerous } = choice;
  const facts: Readonly<Record<string, boolean>> = {
    "TLS 1.2": choice.minVersion === "TLSv1.2",
    "no TLS 1.3": choice.maxVersion === "TLSv1.2",
    "CBC and static RSA": choice.minVersion === "TLSv1.2" && choice.ciphers === null,
    "read later by a quantum computer": hybrid.length < groups.length || choice.minVersion === "TLSv1.2",
    "never safe from it": hybrid.length === 0 || choice.maxVersion === "TLSv1.2",
    "2048 bits": groups.includes("ffdhe2048"),
    "8-byte tags": choice.ciphers?.includes("AES_128_CCM_8") === true,
    replay: choice.earlyData,
    "fetches in the clear": choice.fetchIntermediates,
    "any key": choice.pins.length === 0,
    "any server": dangerous.acceptAnyCertificate,
    "any certifier": dangerous.acceptPinnedKeyAlone,
    "keys on disk": dangerous.logKeys,
    "bundled roots": anchors.type === "bundled" || anchors.type === "default",
    "added roots": anchors.type === "default",
    "system roots": anchors.type === "system",
    "shown identity": identity.type === "one",
  };
  const named = Object.keys(facts).filter((name) => facts[name]);
  return new Set([...named, ...(anchors.type === "own" ? anchors.fingerprints : [])]);
}

test("whatever is changed in whatever order, the choice can be carried out, and is never weaker without a question", () => {
  fc.assert(
    fc.property(fc.constantFrom("node", "gnutls", "old"), fc.array(change, { maxLength: 25 }), (name, changes) => {
      let choice = defaultChoice(backendOf(name));
      assert.ok(carriesOut(choice));
      for (const each of changes) {
        const decision = decideChange(choice, each, offered);
        if (decision.type === "refused") {
          assert.notEqual(decision.problems.length, 0);
          continue;
        }
        assert.ok(carriesOut(decision.choice), JSON.stringify({ choice, each, decision }));
        const before = permissions(choice);
        const gained = [...permissions(decision.choice)].filter((permission) => !before.has(permission));
        if (gained.length > 0) {
          const isAsked = decision.type === "ask" && decision.lost.length > 0;
          assert.ok(isAsked, `${each.type} gives ${gained.join()} without a question`);
        }
        choice = decision.choice;
      }
    }),
    { numRuns: 1_000 },
  );
});
