import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { describe, test } from "node:test";
import fc from "fast-check";
import { curlCommand, type CurlRequest } from "../../../src/page/transaction/rules/curl-command.ts";

const request = (told: Partial<CurlRequest> = {}): CurlRequest => ({
  method: "GET",
  url: "https://example.com/",
  fields: [],
  body: undefined,
  ...told,
});

/** The command for a request that can be made again. */
function written(told: CurlRequest): string {
  const command = curlCommand(told);
  assert(command !== undefined);
  return command;
}

/** What curl is given by a shell that runs the command. */
function argumentsOf(...commands: readonly string[]): readonly (readonly string[])[] {
  const script = [
    String.raw`curl() { for each in "$@"; do printf '%s\0' "$each"; done; printf '\0'; }`,
    ...commands,
  ].join("\n");
  const written = execFileSync("sh", ["-c", script], { encoding: "utf8", cwd: import.meta.dirname });
  return written
    .split("\0\0")
    .slice(0, -1)
    .map((each) => each.split("\0"));
}

describe("the command that makes a request again", () => {
  test("says no more than it has to", () => {
    assert.equal(written(request()), "curl --globoff \\\n  --url 'https://example.com/'");
    assert.match(written(request({ method: "HEAD" })), /--head$/);
    assert.match(written(request({ method: "DELETE" })), /--request 'DELETE'$/);
    assert.doesNotMatch(written(request({ method: "POST", body: "a=b" })), /--request/);
    assert.match(written(request({ method: "POST" })), /--request 'POST'$/);
  });

  test("is not there where the URL had a secret that is not shown", () => {
    assert.equal(curlCommand(request({ url: "https://example.com/?token=REDACTED" })), undefined);
  });

  test("leaves out secrets, by their value and by their name", () => {
    const command = written(
      request({
        fields: [
          ["Authorization", "Bearer abc"],
          ["Cookie", "REDACTED"],
          ["proxy-authorization", "Basic abc"],
          ["x-api-key", "REDACTED"],
          ["accept", "*/*"],
        ],
      }),
    );
    assert.deepEqual(argumentsOf(command), [["--globoff", "--url", "https://example.com/", "--header", "accept: */*"]]);
  });

  test("leaves to curl what belongs to a connection", () => {
    const fields = [
      ["host", "example.com"],
      ["Content-Length", "3"],
      ["accept-encoding", "gzip"],
      [":authority", "example.com"],
    ] as const;
    assert.deepEqual(argumentsOf(written(request({ fields }))), [
      ["--globoff", "--url", "https://example.com/", "--compressed"],
    ]);
  });

  test("is understood by a shell as it was meant, whatever a peer chose", () => {
    const printable = fc.string({ unit: "binary" }).map((text) => text.replace(/[\p{Cc}\p{Cs}]/gu, ""));
    const requests = fc.record({
      method: fc.constantFrom("GET", "PUT", "it's", "$(touch ran)"),
      url: printable.map((path) => `https://example.com/${path}`),
      fields: fc.array(
        fc.tuple(
          fc.constantFrom("x-a", "x-'b"),
          printable.map((value) => `v${value}`),
        ),
      ),
      body: fc.option(
        printable.map((body) => `\t${body}\n'`),
        { nil: undefined },
      ),
    });
    const samples = fc.sample(requests, { numRuns: 60 });
    const seen = argumentsOf(...samples.map(written));
    samples.forEach(({ url, fields, body }, index) => {
      const given = seen[index] ?? [];
      assert.equal(given[2], url);
      assert.deepEqual(
        given.filter((_, at) => given[at - 1] === "--header"),
        fields.filter(([, value]) => !value.includes("REDACTED")).map(([name, value]) => `${name}: ${value}`),
      );
      assert.equal(given.includes("--data-raw") ? given.at(-1) : undefined, body);
    });
  });

  test("holds nothing that a terminal would act on when it is pasted", () => {
    const escape = "\u001b]0;owned\u0007\u0003";
    const command = written(
      request({
        fields: [
          ["x-a", escape],
          ["x\r\n-b", "c"],
        ],
        body: escape,
      }),
    );
    assert.deepEqual(argumentsOf(command), [["--globoff", "--url", "https://example.com/"]]);
  });
});
