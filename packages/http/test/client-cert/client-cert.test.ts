import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { formatClientCert, readClientCert } from "@fairlead/http/client-cert";
import fc from "fast-check";

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

describe("Client-Cert and Client-Cert-Chain, RFC 9440", () => {
  test("come back as they were written", () => {
    const sequences = fc.uint8Array({ minLength: 1, maxLength: 64 });
    fc.assert(
      fc.property(sequences, fc.array(sequences, { maxLength: 3 }), (certificate, chain) => {
        const [, value = "", , chainValue] = formatClientCert({ certificate, chain });
        const chainLines = chainValue === undefined ? [] : [chainValue];
        assert.deepEqual(readClientCert([value], chainLines), { certificate, chain });
      }),
    );
  });

  test("are read from any number of lines of the chain, with parameters that mean nothing", () => {
    assert.deepEqual(readClientCert([" :YQ==:;x=1 "], [":Yg==:", ":Yw==:;y, :ZA==:"]), {
      certificate: bytes("a"),
      chain: [bytes("b"), bytes("c"), bytes("d")],
    });
    assert.deepEqual(readClientCert([":YQ==:"], []), { certificate: bytes("a"), chain: [] });
  });

  for (const [what, lines, chainLines] of [
    ["nothing", [], []],
    ["a chain alone", [], [":Yg==:"]],
    ["two certificates", [":YQ==:", ":YQ==:"], []],
    ["two certificates in a line", [":YQ==:, :YQ==:"], []],
    ["what is no byte sequence", ["YQ=="], []],
    ["a string", ['"YQ=="'], []],
    ["PEM", ["-----BEGIN CERTIFICATE-----"], []],
    ["a sequence without its end", [":YQ=="], []],
    ["what is no base64", [":Y*==:"], []],
    ["more behind it", [":YQ==: x"], []],
    ["a chain that is none", [":YQ==:"], [":Yg==:,"]],
    ["a chain with something else in it", [":YQ==:"], [":Yg==:, token"]],
    ["a chain with an inner list", [":YQ==:"], ["(:Yg==:)"]],
  ] as const) {
    test(`are no identity: ${what}`, () => assert.equal(readClientCert(lines, chainLines), undefined));
  }

  test("never throw, whatever comes", () => {
    const texts = fc.array(fc.oneof(fc.string(), fc.stringMatching(/^[:a-zA-Z=,;() ]*$/)), { maxLength: 2 });
    fc.assert(
      fc.property(texts, texts, (lines, chainLines) => {
        const read = readClientCert(lines, chainLines);
        assert.ok(read === undefined || lines.length === 1);
      }),
    );
  });
});
