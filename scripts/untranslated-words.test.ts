import assert from "node:assert/strict";
import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "node:test";
import { untranslatedWords } from "./untranslated-words.ts";
import { root } from "./workspace-packages.ts";

/** What Arabic writes in Latin letters too: protocols, formats, programs, hosts, and a language by its own name. */
const names: ReadonlySet<string> = new Set(
  "TLS HTTP http https HSTS DNS IP URI OCSP CBC SHA RSA ECDSA EdDSA Ed25519 Ed448 JSON HAR base64 Basic Digest NTLM Negotiate Node js curl png example com English".split(
    " ",
  ),
);

describe("catalogues in Arabic", () => {
  const catalogues = globSync("packages/{widgets/src,console/src/page}/*/messages/ar.ts", { cwd: root });

  test("say nothing in English", () => {
    assert.ok(catalogues.length > 10, "the catalogues are elsewhere");
    const found = catalogues
      .map((path) => ({ path, words: untranslatedWords(readFileSync(join(root, path), "utf8"), names) }))
      .filter(({ words }) => words.length > 0);
    assert.deepEqual(found, []);
  });

  test("are looked at wherever a text can stand", () => {
    const catalogue = `
      import { formatBytes } from "one";
      export const words: Words = {
        "key-one": "Close",
        label: \`مفتوح \${count} files\`,
        kind: (kind) => (kind === "local" ? "here" : formatBytes(1, "en")),
        tls: "عبر TLS",
        list: ["first"],
      };
      function reason(type: string): string {
        switch (type) {
          case "left":
            return "gone";
        }
      }`;
    const words = untranslatedWords(catalogue, new Set(["TLS"]));
    assert.deepEqual(words, ["Close", "files", "here", "first", "gone"]);
  });
});
