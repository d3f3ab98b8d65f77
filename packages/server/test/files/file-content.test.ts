import assert from "node:assert/strict";
import { appendFileSync, readdirSync, readlinkSync, statSync, truncateSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { describe, test, type TestContext } from "node:test";
import { FileError } from "@fairlead/core";
import { answerByFetch } from "../../src/fetch/index.ts";
import { FakeExchange, fakeContext } from "../fetch/fake-exchange.ts";
import { openDescriptor } from "../../src/files/descriptor.ts";
import { FileContent, OpenFile, type ContentPart } from "../../src/files/file-content.ts";
import { staticFiles } from "../../src/files/index.ts";
import { ask, temporaryDirectory } from "./served.ts";

const size = 400_000;

async function fileOf(t: TestContext, parts?: readonly ContentPart[]): Promise<{ path: string; content: FileContent }> {
  const path = join(await temporaryDirectory(t), "file");
  writeFileSync(path, "x".repeat(size));
  // Changed long ago, so that any change shows.
  utimesSync(path, 1_000, 1_000);
  const file = new OpenFile(await openDescriptor(path, 0), statSync(path));
  return { path, content: new FileContent(file, parts ?? [{ first: 0, last: size - 1 }]) };
}

/** Whether this process has the file open. Closing is waited for, as the system is told of it in passing. */
function isOpen(path: string): boolean {
  return readdirSync("/proc/self/fd").some((descriptor) => {
    try {
      return readlinkSync(`/proc/self/fd/${descriptor}`) === path;
    } catch {
      return false;
    }
  });
}

async function closed(path: string): Promise<void> {
  while (isOpen(path)) await new Promise(setImmediate);
}

/** The collector of garbage, which Node.js gives only to who asks for it. */
function collector(): () => void {
  setFlagsFromString("--expose-gc");
  return runInNewContext("gc") as () => void;
}

async function drain(content: FileContent): Promise<number> {
  let bytes = 0;
  for (let piece = await content.read(); piece !== undefined; piece = await content.read()) bytes += piece.length;
  return bytes;
}

describe("the content of a file", { timeout: 60_000 }, () => {
  test("comes in pieces, as long as it was said to be, and closes the file at its end", async (t) => {
    const { path, content } = await fileOf(t);
    assert.equal(content.length, size);
    assert.equal((await content.read())?.length, 131_072);
    assert.ok(isOpen(path));
    assert.equal(await drain(content), size - 131_072);
    await closed(path);
    assert.equal(await content.read(), undefined);
  });

  test("is made of text and parts in turn", async (t) => {
    const { content } = await fileOf(t, [
      Buffer.from("<"),
      { first: 1, last: 3 },
      Buffer.from("|"),
      { first: 9, last: 9 },
      Buffer.from(">"),
    ]);
    const pieces: string[] = [];
    for (let piece = await content.read(); piece !== undefined; piece = await content.read()) {
      pieces.push(Buffer.from(piece).toString());
    }
    assert.equal(pieces.join(""), "<xxx|x>");
    assert.equal(content.length, 7);
  });

  test("closes the file when nobody wants the rest, before it is read, between pieces and while one is read", async (t) => {
    const unread = await fileOf(t);
    unread.content.cancel();
    unread.content.cancel();
    await closed(unread.path);
    const begun = await fileOf(t);
    await begun.content.read();
    begun.content.cancel();
    await closed(begun.path);
    assert.equal(await begun.content.read(), undefined);
    const reading = await fileOf(t);
    const piece = reading.content.read();
    reading.content.cancel();
    await piece;
    await closed(reading.path);
  });

  test("closes the file when it is forgotten, as by a plug-in that fails", async (t) => {
    const path = await (async () => (await fileOf(t)).path)();
    const collect = collector();
    while (isOpen(path)) {
      collect();
      await new Promise(setImmediate);
    }
  });

  for (const [how, change] of [
    ["becomes shorter", (path: string) => truncateSync(path, 200_000)],
    ["becomes longer", (path: string) => appendFileSync(path, "y")],
    ["is written anew", (path: string) => writeFileSync(path, "y".repeat(size))],
  ] as const) {
    test(`is cut, and the file closed, when it ${how} meanwhile`, async (t) => {
      const { path, content } = await fileOf(t);
      const first = await content.read();
      change(path);
      let bytes = first?.length ?? 0;
      await assert.rejects(
        async () => {
          for (let piece = await content.read(); piece !== undefined; piece = await content.read())
            bytes += piece.length;
        },
        { code: "FILE_CHANGED" },
      );
      assert.ok(bytes < size);
      await closed(path);
    });
  }

  test("keeps its last piece from who would take a mixture for the file", async (t) => {
    const { path, content } = await fileOf(t, [{ first: 0, last: 9 }]);
    writeFileSync(path, "y".repeat(size));
    await assert.rejects(content.read(), { code: "FILE_CHANGED" });
  });
});

describe("an answer with a file", { timeout: 60_000 }, () => {
  /** A client that has taken one piece of a file, and may take more. */
  async function halfway(t: TestContext): Promise<{ path: string; exchange: FakeExchange; errors: unknown[] }> {
    const root = await temporaryDirectory(t);
    const path = join(root, "file");
    writeFileSync(path, "x".repeat(size));
    utimesSync(path, 1_000, 1_000);
    const exchange = new FakeExchange({ path: "/file", room: 1 });
    const errors: unknown[] = [];
    const onError = (error: unknown): void => void errors.push(error);
    answerByFetch(staticFiles({ root }), { onError, context: fakeContext })(exchange);
    while (exchange.content === "") await new Promise(setImmediate);
    assert.ok(isOpen(path));
    return { path, exchange, errors };
  }

  test("is cut, not wrong, when the file changes while it is sent, and the application is told", async (t) => {
    const { path, exchange, errors } = await halfway(t);
    writeFileSync(path, "y".repeat(size));
    exchange.take(100);
    await exchange.ended;
    assert.equal(exchange.isComplete, false);
    assert.ok(exchange.content.length < size);
    assert.ok(errors[0] instanceof FileError && errors[0] === exchange.abortion && errors[0].code === "FILE_CHANGED");
    await closed(path);
  });

  test("is complete when it does not", async (t) => {
    const { path, exchange } = await halfway(t);
    exchange.take(100);
    await exchange.ended;
    assert.ok(exchange.isComplete && exchange.content === "x".repeat(size));
    await closed(path);
  });

  test("closes its file when the client leaves", async (t) => {
    const { path, exchange, errors } = await halfway(t);
    exchange.leave();
    await closed(path);
    assert.deepEqual(errors, []);
  });

  test("needs no file by HEAD, nor when it is not modified", async (t) => {
    const root = await temporaryDirectory(t);
    const path = join(root, "file");
    writeFileSync(path, "x".repeat(size));
    const handler = staticFiles({ root, etag: () => '"a"' });
    await ask(handler, "/file", {}, { method: "HEAD" });
    await ask(handler, "/file", { "if-none-match": '"a"' });
    await ask(handler, "/file", { range: "bytes=999999-" });
    await closed(path);
  });
});
