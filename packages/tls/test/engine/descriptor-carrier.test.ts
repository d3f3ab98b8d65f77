import assert from "node:assert/strict";
import { PassThrough } from "node:stream";
import { test } from "node:test";
import { DescriptorCarrier, type DescriptorOpener } from "../../src/engine/descriptor-carrier.ts";

test("whoever writes again when told that a write is out, and is asked to wait, hears of the drain", () => {
  const takes = [4, 1];
  let tell: Parameters<DescriptorOpener>[1] = () => undefined;
  const opener: DescriptorOpener = (_socket, onReady) => {
    tell = onReady;
    return {
      read: () => undefined,
      write: (bytes) => Math.min(bytes.length, takes.shift() ?? 4),
      wants: () => undefined,
      handBack: () => undefined,
      close: () => undefined,
    };
  };
  let drains = 0;
  const listener = {
    onBytes: () => undefined,
    onEnd: () => undefined,
    onDrain: () => (drains += 1),
    onError: () => undefined,
    onClose: () => undefined,
  };
  const carrier = DescriptorCarrier.open(opener, new PassThrough(), listener, () => undefined);
  let mayGoOn: boolean | undefined;
  carrier?.write(Buffer.from("last"), () => (mayGoOn = carrier.write(Buffer.from("next"))));
  assert.equal(mayGoOn, false);
  assert.equal(carrier?.needsDrain, true);
  tell(false, true);
  assert.equal(carrier.needsDrain, false);
  assert.equal(drains, 1);
});
