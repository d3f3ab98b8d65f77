import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { chainPath } from "../../src/certificate-viewer/rules/chain-path.ts";
import { harbourIssuer, harbourLeaf, harbourRoot, routerLeaf } from "../../gallery/harbour-certificates.ts";

describe("chainPath", () => {
  test("begins at the root and ends at the leaf, and tells where each came from", () => {
    const nodes = chainPath(
      [harbourLeaf, { ...harbourIssuer, source: "added" }, { ...harbourRoot, source: "anchor" }],
      [],
    );
    assert.deepEqual(
      nodes.map((node) => node.type === "certificate" && [node.index, node.role, node.source, node.isMisplaced]),
      [
        [2, "root", "anchor", false],
        [1, "intermediate", "added", false],
        [0, "leaf", "sent", false],
      ],
    );
  });

  test("has a place for the issuer that verification did not find", () => {
    const problem = { code: "ISSUER_UNKNOWN", index: 0, message: "", remedy: "" };
    assert.deepEqual(chainPath([harbourLeaf], [problem])[0], { type: "missing", issuer: harbourLeaf.issuer });
  });

  test("has a place for the anchor that was not handed over", () => {
    assert.deepEqual(chainPath([harbourLeaf, harbourIssuer], [])[0], { type: "unseen", issuer: harbourIssuer.issuer });
  });

  test("needs nothing above what a device made for itself, nor above an anchor that is no root", () => {
    assert.equal(chainPath([routerLeaf], []).length, 1);
    assert.equal(chainPath([harbourLeaf, { ...harbourIssuer, source: "anchor" }], []).length, 2);
  });

  test("marks who did not issue the one below, unless the key identifiers fit", () => {
    const isMisplaced = (chain: Parameters<typeof chainPath>[0]): boolean | undefined => {
      const [node] = chainPath(chain, []);
      return node?.type === "certificate" ? node.isMisplaced : undefined;
    };
    assert.equal(isMisplaced([harbourLeaf, harbourRoot]), true);
    assert.equal(
      isMisplaced([harbourLeaf, { ...harbourRoot, subjectKeyIdentifier: harbourLeaf.authorityKeyIdentifier }]),
      false,
    );
  });

  test("counts the problems of each", () => {
    const problem = { code: "EXPIRED", index: 1, message: "", remedy: "" };
    const counts = chainPath([harbourLeaf, harbourIssuer, harbourRoot], [problem, problem]).map((node) =>
      node.type === "certificate" ? node.problemCount : undefined,
    );
    assert.deepEqual(counts, [0, 2, 0]);
  });
});
