import { ContentError } from "@fairlead/core";
import assert from "node:assert/strict";
import { test } from "node:test";
import { multipartContent, readFormData, readMultipart } from "../../src/content/index.ts";
import { cut, outcome, streamOf } from "./pieces.ts";

const facts = { peer: "api.example:443", operation: "read" };
const contentType = 'multipart/form-data; boundary="b b"';
const part = (head: string, content: string): string =>
  `--b b\r\nContent-Disposition: form-data; ${head}\r\n\r\n${content}\r\n`;

/** Names, values and files that are hard to write. */
function hostileForm(): FormData {
  const form = new FormData();
  form.append("text", "line\nanother\r\n--x");
  form.append('na"me\r\n%', "é€😀");
  form.append("text", "");
  form.append(
    "file",
    new File([Buffer.from([0, 13, 10, 45, 45, 255])], 'wei"rd\r\nname: x.bin', { type: "image/png" }),
  );
  form.append("file", new File([], "é"));
  return form;
}

/** A form as lists of what is in it. */
async function entriesOf(form: FormData): Promise<readonly unknown[]> {
  return Promise.all(
    [...form].map(async ([name, value]) =>
      typeof value === "string"
        ? [name, value]
        : [name, value.name, value.type, [...new Uint8Array(await value.arrayBuffer())]],
    ),
  );
}

const HOSTILE: readonly unknown[] = [
  ["text", "line\r\nanother\r\n--x"],
  ['na"me\r\n%', "é€😀"],
  ["text", ""],
  ["file", 'wei"rd\r\nname: x.bin', "image/png", [0, 13, 10, 45, 45, 255]],
  ["file", "é", "application/octet-stream", []],
];

test("a form that is written is read as it was, as often as it is sent, and has the length that it says", async () => {
  const content = multipartContent(hostileForm());
  for (let times = 0; times < 2; times += 1) {
    const pieces = (await outcome(content.body())).items;
    assert.equal(Buffer.concat(pieces).length, content.length);
    const form = await readFormData(streamOf(...pieces), content.contentType, {}, facts);
    assert.deepEqual(await entriesOf(form), HOSTILE);
  }
});

test("what is written is read by the runtime's own reader, and what the runtime writes is read", async () => {
  const content = multipartContent(hostileForm());
  const octets = Buffer.concat((await outcome(content.body())).items);
  // eslint-disable-next-line @typescript-eslint/no-deprecated -- a peer that somebody else wrote
  const theirs = await new Response(octets, { headers: { "content-type": content.contentType } }).formData();
  assert.deepEqual(await entriesOf(theirs), HOSTILE);
  const response = new Response(hostileForm());
  const written = new Uint8Array(await response.clone().arrayBuffer());
  const ours = await readFormData(streamOf(...cut(written, 5)), response.headers.get("content-type") ?? "", {}, facts);
  assert.deepEqual(await entriesOf(ours), HOSTILE);
});

test("parts come in order; what is not read of one is passed over", async () => {
  const form = `${part('name="a"', "1")}${part('name="f"; filename="x"', "22\r\n33")}${part('name="c"', "4")}--b b--`;
  const seen: unknown[] = [];
  for await (const { name, ...received } of readMultipart(streamOf(...cut(Buffer.from(form), 4)), contentType)) {
    seen.push(name);
    assert.equal(received.fileName, name === "f" ? "x" : undefined);
  }
  assert.deepEqual(seen, ["a", "f", "c"]);
  for await (const received of readMultipart(streamOf(...cut(Buffer.from(form), 4)), contentType)) {
    if (received.name !== "f") continue;
    for await (const piece of received) {
      seen.push(Buffer.from(piece).toString());
      break;
    }
  }
  assert.equal(seen.length, 4);
});

test("a field in another charset says so", async () => {
  const head = 'name="a"\r\nContent-Type: text/plain; charset=latin1';
  const form = Buffer.from(`${part(head, "caf\xe9")}--b b--`, "latin1");
  assert.equal((await readFormData(streamOf(form), contentType)).get("a"), "café");
  const silent = Buffer.from(`${part('name="a"', "caf\xe9")}--b b--`, "latin1");
  await assert.rejects(readFormData(streamOf(silent), contentType, {}, facts), { code: "CHARSET_VIOLATED" });
});

const FAULTY: readonly (readonly [
  what: string,
  contentType: string | undefined,
  form: string,
  code: ContentError["code"],
])[] = [
  ["no media type", undefined, "", "CONTENT_TYPE_UNEXPECTED"],
  ["another media type", "text/html", "", "CONTENT_TYPE_UNEXPECTED"],
  ["no boundary", "multipart/form-data", "", "MULTIPART_INVALID"],
  ["a boundary with a line end", 'multipart/form-data; boundary="a\r\nb"', "", "MULTIPART_INVALID"],
  ["a boundary that is too long", `multipart/form-data; boundary=${"b".repeat(71)}`, "", "MULTIPART_INVALID"],
  ["a form that is cut", contentType, part('name="a"', "1"), "MULTIPART_INVALID"],
  ["a form that is cut in a part", contentType, part('name="a"', "1").slice(0, -1), "MULTIPART_INVALID"],
  ["a field of 2 MiB", contentType, part('name="a"', "x".repeat(2 ** 21)), "CONTENT_LIMIT"],
  ["a thousand and one parts", contentType, part('name="a"', "").repeat(1_001), "CONTENT_LIMIT"],
];

for (const [what, type, form, code] of FAULTY) {
  test(`${what} is refused with ${code}, and its source is let go`, async () => {
    let isOpen = true;
    const source = (async function* () {
      try {
        yield* streamOf(form);
      } finally {
        isOpen = false;
      }
    })();
    await assert.rejects(
      readFormData(source, type, {}, facts),
      (error) => error instanceof ContentError && error.code === code && error.peer === facts.peer,
    );
    if (type === contentType) assert.equal(isOpen, false);
  });
}

test("a file of a gibibyte takes the memory of a piece of it", async () => {
  const MIB = 1024 * 1024;
  const piece = Buffer.alloc(64 * 1024, `${"x".repeat(250)}\r\n--b `);
  const source = (async function* () {
    yield* streamOf('--b b\r\nContent-Disposition: form-data; name="f"; filename="f"\r\n\r\n');
    for (let pieces = 0; pieces < 16_384; pieces += 1) yield piece;
    yield* streamOf("\r\n--b b--");
  })();
  const before = process.memoryUsage().rss;
  let [octets, most] = [0, 0];
  for await (const received of readMultipart(source, contentType, { totalLimitBytes: Infinity })) {
    for await (const { length } of received) {
      octets += length;
      if (octets % (64 * MIB) < length) most = Math.max(most, process.memoryUsage().rss - before);
    }
  }
  assert.equal(octets, 1024 * MIB);
  assert.ok(most < 256 * MIB, `${String(Math.round(most / MIB))} MiB`);
});
