import { serve } from "@fairlead/server";
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { promisify } from "node:util";

const run = promisify(execFile);

describe("curl", () => {
  let server: Awaited<ReturnType<typeof serve>>;
  let directory = "";
  const large = "0123456789".repeat(200_000);

  before(async () => {
    directory = await mkdtemp(join(tmpdir(), "fairlead-curl-"));
    await writeFile(join(directory, "large"), large);
    server = await serve({
      fetch: async (request, context) => {
        const { pathname } = new URL(request.url);
        switch (pathname) {
          case "/stream":
            return new Response(new Blob(["streamed"]).stream());
          case "/hint":
            context.inform(103, ["link", "</a.css>; rel=preload"]);
            return new Response("hinted");
          case "/refused":
            return new Response("no", { status: 403 });
          default:
            return Response.json({
              method: request.method,
              length: (await request.arrayBuffer()).byteLength,
              trailers: context.requestTrailers,
            });
        }
      },
      port: 0,
    });
  });

  after(async () => {
    await server.close();
    await rm(directory, { recursive: true });
  });

  async function curl(path: string, ...options: readonly string[]): Promise<string> {
    const { stdout, stderr } = await run(
      "curl",
      ["--silent", "--show-error", "--max-time", "10", "--noproxy", "*", ...options, new URL(path, server.url).href],
      { encoding: "latin1" },
    );
    return stdout + stderr;
  }

  const table: [what: string, path: string, options: readonly string[], answer: RegExp][] = [
    ["HTTP/1.1", "/", ["--http1.1"], /^\{"method":"GET","length":0,"trailers":\[\]\}$/],
    ["HTTP/1.0", "/", ["--http1.0", "--include"], /^HTTP\/1\.1 200 OK\r\n[^]*connection: close\r\n[^]*"GET"/],
    ["HTTP/1.0 of a stream", "/stream", ["--http1.0", "--include"], /connection: close\r\n[^]*\r\n\r\nstreamed$/],
    ["a stream in chunks", "/stream", ["--include", "--raw"], /chunked\r\n[^]*\r\n\r\n8\r\nstreamed\r\n0\r\n\r\n$/],
    ["HEAD", "/", ["--head"], /^HTTP\/1\.1 200 OK\r\n[^]*json\r\n[^]*\r\n\r\n$/],
    ["an interim response", "/hint", ["--include"], /^HTTP\/1\.1 103 Early Hints\r\n[^]*HTTP\/1\.1 200 OK[^]*hinted$/],
    [
      "a large upload, which waits for 100",
      "/",
      ["--verbose", "--header", "Expect: 100-continue", "--data-binary", "@large"],
      /"length":2000000[^]*HTTP\/1\.1 100 Continue/,
    ],
    [
      "a large upload in chunks",
      "/",
      ["--header", "Transfer-Encoding: chunked", "--header", "Expect:", "--data-binary", "@large"],
      /"POST","length":2000000/,
    ],
    [
      "a refusal before the upload, which curl saves itself",
      "/refused",
      ["--write-out", "%{http_code} %{size_upload}", "--header", "Expect: 100-continue", "--data-binary", "@large"],
      /^no403 0$/,
    ],
    [
      "a refusal in the middle of the upload, which curl reads",
      "/refused",
      ["--write-out", "%{http_code}", "--header", "Expect:", "--data-binary", "@large"],
      /^no403$/,
    ],
    ["another expectation", "/", ["--write-out", "%{http_code}", "--header", "Expect: tea"], /^417$/],
    [
      "a length that is too large",
      "/",
      ["--write-out", "%{http_code}", "--header", "Content-Length: 99999999999", "--data", "a"],
      /^413/,
    ],
  ];
  for (const [what, path, options, answer] of table) {
    test(what, async () => {
      assert.match(
        await curl(path, ...options.map((each) => each.replace("@large", `@${join(directory, "large")}`))),
        answer,
      );
    });
  }

  test("one connection for several requests", async () => {
    const url = new URL("/stream", server.url).href;
    const said = await curl("/", "--verbose", url, url);
    assert.equal(said.match(/Re-using existing connection/gi)?.length, 2);
  });
});
