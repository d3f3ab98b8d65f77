import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { attachmentOf } from "../../../src/page/transaction/rules/attachment.ts";
import { downloadOf } from "../../../src/page/transaction/rules/download-of.ts";
import { fakeListed } from "../../fake/fake-transaction.ts";

const of = (disposition: string) => attachmentOf([["Content-Disposition", disposition]]);

test("what is not inline is a file to keep: RFC 6266 section 4.2", () => {
  for (const shown of ["", "inline", "INLINE; filename=a.pdf", "; filename=a.pdf", '"attachment"']) {
    assert.equal(of(shown), undefined, shown);
  }
  assert.equal(attachmentOf([]), undefined);
  assert.deepEqual(of("attachment"), { fileName: undefined });
  assert.deepEqual(of("as-you-like"), { fileName: undefined });
});

test("a file has the name that its server gives it, without folders: RFC 6266 section 4.3", () => {
  for (const [disposition, fileName] of [
    ["attachment; filename=a.pdf", "a.pdf"],
    ['Attachment ; FileName = "a b;c.pdf"', "a b;c.pdf"],
    ['attachment; filename="a \\"b\\".pdf"', 'a "b".pdf'],
    ["attachment; filename=a.pdf; filename*=UTF-8''%C3%BCber.pdf", "über.pdf"],
    ["attachment; filename*=latin-9''%FC.pdf; filename=a.pdf", "a.pdf"],
    ["attachment; filename=first; filename=second", "first"],
    ['attachment; filename="../../etc/passwd"', "passwd"],
    ["attachment; filename*=UTF-8''..%5C..%5Ca.exe", "a.exe"],
    ["attachment; size=1; filename=b", "b"],
    ['attachment; filename="unended', undefined],
    ["attachment; filename=/", undefined],
  ] as const) {
    assert.deepEqual(of(disposition), { fileName }, disposition);
  }
});

test("whatever stands there, a name has no folder in it", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), (text) => {
      for (const each of [text, `attachment; filename="${text}"`, `attachment; filename*=UTF-8''${text}`]) {
        assert.doesNotMatch(of(each)?.fileName ?? "a", /^$|[/\\]/);
      }
    }),
  );
});

test("what GET has brought can be brought once more as a file, where its URL is known", () => {
  const secret = "https://a.example/?access_token=REDACTED";
  assert.deepEqual(downloadOf(fakeListed(7, { url: "https://a.example/b" })), { url: "https://a.example/b" });
  assert.deepEqual(downloadOf(fakeListed(7, { url: secret, lastUrl: secret, isOwn: true })), { repeat: 7 });
  assert.equal(downloadOf(fakeListed(7, { url: secret, lastUrl: secret })), undefined);
  assert.equal(downloadOf(fakeListed(7, { method: "POST" })), undefined);
  assert.equal(downloadOf(fakeListed(7, { url: "data:,a" })), undefined);
});
