import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import { ArgumentsError, parseArguments } from "../src/arguments.ts";

const specification = {
  options: {
    loud: { type: "flag", short: "l" },
    name: { type: "value", short: "n" },
    field: { type: "values", short: "f" },
  },
  positionals: ["FIRST", "[SECOND]"],
} as const;

describe("arguments", () => {
  for (const [args, expected] of [
    [["a"], { options: { loud: false, name: undefined, field: [] }, positionals: ["a"] }],
    [["a", "b"], { positionals: ["a", "b"] }],
    [["-l", "a"], { options: { loud: true } }],
    [["--name", "x", "a"], { options: { name: "x" } }],
    [["--name=x", "a"], { options: { name: "x" } }],
    [["--name=-x", "a"], { options: { name: "-x" } }],
    [["--name=", "a"], { options: { name: "" } }],
    [["-n-x", "a"], { options: { name: "-x" } }],
    [["-n", "-", "a"], { options: { name: "-" } }],
    [["-f", "1", "--field", "2", "-f3", "a"], { options: { field: ["1", "2", "3"] } }],
    [["--", "-l"], { options: { loud: false }, positionals: ["-l"] }],
  ] as const) {
    test(`${JSON.stringify(args)} are understood`, () => {
      assert.partialDeepStrictEqual(parseArguments(specification, args), expected);
    });
  }

  for (const [args, message] of [
    [[], "FIRST is missing"],
    [["a", "b", "c"], 'unexpected argument "c"'],
    [["--laud", "a"], "unknown option --laud; did you mean --loud?"],
    [["--toString", "a"], "unknown option --toString"],
    [["-x", "a"], "unknown option -x"],
    [["--no-loud", "a"], "unknown option --no-loud"],
    [["--loud=yes", "a"], "--loud takes no value"],
    [["a", "--name"], "--name needs a value"],
    [["--name", "--loud", "a"], "--name needs a value; one that begins with a dash is written --name=VALUE"],
    [["-n", "-l", "a"], "-n needs a value; one that begins with a dash is written -nVALUE"],
    [["--name", "1", "-n", "2", "a"], "-n is given twice"],
  ] as const) {
    test(`${JSON.stringify(args)} are refused`, () => {
      assert.throws(() => parseArguments(specification, args), new ArgumentsError(message));
    });
  }

  test("whatever arrives is understood or refused", () => {
    const words = fc.constantFrom("--loud", "--name", "--field", "-l", "-n", "-f", "--", "-", "=", "--name=", "-lnx");
    fc.assert(
      fc.property(fc.array(fc.oneof(words, fc.string(), fc.string({ unit: "binary" }))), (args) => {
        try {
          const { options, positionals } = parseArguments(specification, args);
          assert.ok(positionals.length === 1 || positionals.length === 2);
          assert.ok(options.name === undefined || args.some((arg) => arg.endsWith(options.name ?? "")));
        } catch (error) {
          assert.ok(error instanceof ArgumentsError, String(error));
        }
      }),
    );
  });
});
