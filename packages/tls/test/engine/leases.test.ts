import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { leases } from "../../src/engine/index.ts";

describe("leases", () => {
  test("share what was made of the same inputs", () => {
    const store = leases<object>(2, () => undefined);
    const create = (): object => ({});
    assert.equal(store.lease(["a", 1], create).value, store.lease(["a", 1], create).value);
    assert.notEqual(store.lease(["a", 1], create).value, store.lease(["a", 2], create).value);
    assert.notEqual(store.lease(["a"], create).value, store.lease(["a", undefined], create).value);
  });

  test("free what is neither kept nor used, once", () => {
    const freed: string[] = [];
    const store = leases<string>(1, (value) => freed.push(value));
    const first = store.lease(["first"], () => "first");
    const again = store.lease(["first"], () => assert.fail("made twice"));
    store.lease(["second"], () => "second").release();
    assert.deepEqual(freed, []);
    first.release();
    first.release();
    assert.deepEqual(freed, []);
    again.release();
    assert.deepEqual(freed, ["first"]);
  });

  test("free what is forgotten when it is given back", () => {
    const freed: string[] = [];
    const store = leases<string>(2, (value) => freed.push(value));
    const used = store.lease(["used"], () => "used");
    store.lease(["kept"], () => "kept").release();
    store.forget();
    assert.deepEqual(freed, ["kept"]);
    used.release();
    assert.deepEqual(freed, ["kept", "used"]);
    assert.equal(store.lease(["used"], () => "made again").value, "made again");
  });

  test("keep nothing of what could not be made", () => {
    const store = leases<string>(1, () => assert.fail("freed what never was"));
    assert.throws(() => store.lease(["a"], () => assert.fail("no")));
    assert.equal(store.lease(["a"], () => "made").value, "made");
  });
});
