import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { formFamily } from "../../src/endpoints/forms.ts";
import { describeFamily } from "./describe-family.ts";

describeFamily(formFamily, {
  "/form": async ({ send }) => {
    const post = (type: string, body: string) => send("POST", "/form", [`Content-Type: ${type}`], body);
    const lines = [
      ...['--"b"', 'Content-Disposition: form-data; name="a"', "", "one"],
      ...[
        '--"b"',
        'Content-Disposition: form-data; name="f"; filename="x.txt"',
        "Content-Type: text/plain",
        "",
        "file",
      ],
      ...['--"b"--', ""],
    ];
    const multipart = await post('multipart/form-data; boundary="b"', lines.join("\r\n").replaceAll('--"b"', "--b"));
    const sha256 = (text: string): string => createHash("sha256").update(text).digest("hex");
    assert.deepEqual(JSON.parse(multipart.body), {
      type: "multipart",
      parts: [
        { name: "a", text: "one", sizeBytes: 3, sha256: sha256("one") },
        { name: "f", fileName: "x.txt", contentType: "text/plain", sizeBytes: 4, sha256: sha256("file") },
      ],
    });
    const urlencoded = await post("application/x-www-form-urlencoded", "a=1&a=%20&b");
    assert.deepEqual(JSON.parse(urlencoded.body), {
      type: "urlencoded",
      parts: [
        { name: "a", text: "1" },
        { name: "a", text: " " },
        { name: "b", text: "" },
      ],
    });
    assert.equal((await post("multipart/form-data; boundary=b", "--b\r\n")).status, 400);
    assert.equal((await post("text/plain", "a=1")).status, 415);
  },
});
