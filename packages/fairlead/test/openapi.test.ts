import assert from "node:assert/strict";
import { readFile, writeFile } from "node:fs/promises";
import { describe, test } from "node:test";
import { createUser } from "./child.ts";
import { runHere } from "./in-process.ts";

const document = `openapi: 3.1.0
info: { title: Pets, version: "1", contact: { name: Somebody } }
paths:
  /pets/{id}:
    get:
      operationId: readPet
      parameters: [{ name: id, in: path, required: true, schema: { type: integer } }]
      responses: { "200": { description: the pet, content: { application/json: { schema: { type: string } } } } }
`;

describe("fairlead openapi", () => {
  test("import writes a contract, and tells on standard error what it does not say", async () => {
    await using user = await createUser();
    await writeFile(user.path("pets.yaml"), document);
    const { exitCode, stdout, stderr } = await runHere(["openapi", "import", user.path("pets.yaml")], user);
    assert.equal(exitCode, 0);
    assert.match(stdout, /^import \{ defineApi \} from "fairlead\/rest";\nimport \{ z \} from "zod";$/m);
    assert.match(stdout, /readPet: \{\n {6}method: "GET",\n {6}path: "\/pets\/\{id\}",/);
    assert.equal(stderr, "fairlead: left-out /info/contact: contact has no place in a contract\n");
  });

  test("import replaces no file that is there, unless it is told to", async () => {
    await using user = await createUser();
    await writeFile(user.path("pets.yaml"), document);
    const args = ["openapi", "import", user.path("pets.yaml"), "--output", user.path("contract.ts")];
    assert.deepEqual(await runHere(args, user).then(({ exitCode, stdout }) => [exitCode, stdout]), [0, ""]);
    assert.match(await readFile(user.path("contract.ts"), "utf8"), /export const api = defineApi/);

    await writeFile(user.path("contract.ts"), "mine");
    const refused = await runHere(args, user);
    assert.equal(refused.exitCode, 9);
    assert.match(refused.stderr, /it exists already; --force replaces it/);
    assert.equal(await readFile(user.path("contract.ts"), "utf8"), "mine");

    assert.equal((await runHere([...args, "--force"], user)).exitCode, 0);
    assert.match(await readFile(user.path("contract.ts"), "utf8"), /defineApi/);
  });

  test("check says what a contract would not say, for people and for programs", async () => {
    await using user = await createUser();
    await writeFile(user.path("pets.yaml"), document);
    const { stdout } = await runHere(["openapi", "check", user.path("pets.yaml")], user);
    assert.match(stdout, /^left-out \/info\/contact: .+\n.+a contract says it otherwise in 1 thing\n$/);
    const { stdout: json } = await runHere(["openapi", "check", user.path("pets.yaml"), "--json"], user);
    assert.deepEqual((JSON.parse(json) as { warnings: unknown }).warnings, [
      { pointer: "/info/contact", kind: "left-out", message: "contact has no place in a contract" },
    ]);
  });

  for (const [what, text, exitCode, message] of [
    ["no document of OpenAPI", "{}", 13, /does not say which version of OpenAPI .*\[OPENAPI_INVALID\]$/m],
    ["a document of version 2.0", 'swagger: "2.0"', 13, /version 2\.0.*convert it.*\[OPENAPI_UNSUPPORTED\]$/m],
    ["octets that are no text", Buffer.from([0xff, 0xfe]), 9, /it is not in UTF-8$/m],
  ] as const) {
    test(`refuses ${what} with exit code ${exitCode.toString()}`, async () => {
      await using user = await createUser();
      await writeFile(user.path("given"), text);
      const ran = await runHere(["openapi", "check", user.path("given")], user);
      assert.equal(ran.exitCode, exitCode);
      assert.match(ran.stderr, message);
    });
  }

  for (const [args, message] of [
    [["openapi"], /an action is missing: import or check/],
    [["openapi", "imprt"], /did you mean import\?/],
    [["openapi", "import"], /FILE is missing/],
  ] as const) {
    test(`'${args.join(" ")}' is a mistake, and is told`, async () => {
      await using user = await createUser();
      const { exitCode, stderr } = await runHere(args, user);
      assert.equal(exitCode, 2);
      assert.match(stderr, message);
    });
  }

  test("a file that is not there is told", async () => {
    await using user = await createUser();
    const { exitCode, stderr } = await runHere(["openapi", "check", user.path("nowhere")], user);
    assert.equal(exitCode, 9);
    assert.match(stderr, /cannot read .+nowhere: there is no such file or directory/);
  });
});
