import assert from "node:assert/strict";
import { globSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, test } from "node:test";
import { describedElements, elementManifest, undescribed } from "./element-manifest.ts";
import { root } from "./workspace-packages.ts";

const source = join(root, "packages/widgets/src");
const manifest = elementManifest();
const elements = describedElements(manifest);

describe("the manifest of the custom elements", () => {
  test("has every element that the sources name", () => {
    const named = globSync("**/*.ts", { cwd: source }).flatMap((file) => {
      const tag = /static override readonly tag(?:: string)? = "([^"]+)"/.exec(
        readFileSync(join(source, file), "utf8"),
      )?.[1];
      return tag === undefined ? [] : [tag];
    });
    assert.ok(named.length > 0);
    assert.deepEqual(elements.map(({ tagName }) => tagName).sort(), named.sort());
  });

  test("describes all that is public of them", () => {
    assert.deepEqual(elements.flatMap(undescribed), []);
    const [bare] = elements.map((each) => ({ ...each, description: "", members: [], events: [], cssParts: [] }));
    assert.ok(bare !== undefined);
    assert.deepEqual(undescribed({ ...bare, cssProperties: [] }), [
      `<${bare.tagName}>: class ${bare.name} has no description`,
    ]);
  });

  test("has each event of the sources, with the class of its data", () => {
    const written = globSync("**/*.ts", { cwd: source }).flatMap((file) =>
      [...readFileSync(join(source, file), "utf8").matchAll(/class (\w+) extends Event /g)].map(([, name]) => name),
    );
    const fired = elements.flatMap(({ events = [] }) => events.map(({ type }) => type.text));
    assert.deepEqual([...new Set(fired)].sort(), written.sort());
    const { declarations = [] } = manifest.modules[0] ?? {};
    for (const name of written)
      assert.ok(
        declarations.some((each) => each.name === name),
        name,
      );
  });

  test("has the parts that templates have, and no others", () => {
    for (const { tagName, cssParts = [] } of elements) {
      const file = globSync("**/*.ts", { cwd: source }).find((each) =>
        new RegExp(`readonly tag(?:: string)? = "${tagName}"`).test(readFileSync(join(source, each), "utf8")),
      );
      assert.ok(file !== undefined);
      const parts = cssParts.map(({ name }) => name);
      const templates = globSync("*.ts", { cwd: join(source, dirname(file)) })
        .map((each) => readFileSync(join(source, dirname(file), each), "utf8"))
        .join("\n");
      for (const part of parts)
        assert.match(templates, new RegExp(`\\bpart="[^"]*\\b${part}\\b`), `<${tagName}> ${part}`);
    }
  });

  test("has the custom properties that the style sheet reads", () => {
    const read = [...readFileSync(join(source, "styles/tokens.ts"), "utf8").matchAll(/var\((--fairlead-[a-z-]+)/g)];
    const [first, ...others] = elements.map(({ cssProperties = [] }) => cssProperties.map(({ name }) => name));
    const described = first?.filter((name) => others.every((names) => names.includes(name)));
    assert.deepEqual(
      described,
      read.map(([, name]) => name),
    );
  });
});
