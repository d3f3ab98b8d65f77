import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { isCodedError } from "@fairlead/core";
import type { WebSocketRole } from "@fairlead/transport/websocket";
import { type Case, close, FIN, onTheWire, readFrames } from "./cases/case.ts";
import { controlCases } from "./cases/control.ts";
import { deflateCases } from "./cases/deflate.ts";
import { framingCases } from "./cases/framing.ts";
import { limitCases } from "./cases/limits.ts";
import { textCases } from "./cases/texts.ts";
import { openAgainstBytes } from "./ends.ts";

const families = {
  framing: framingCases,
  control: controlCases,
  texts: textCases,
  limits: limitCases,
  deflate: deflateCases,
};

const noDeflate = {
  serverNoContextTakeover: false,
  clientNoContextTakeover: false,
  serverMaxWindowBits: 15,
  clientMaxWindowBits: 15,
};

/** What an endpoint says went wrong, by the code that it tells its peer. */
const errors: Readonly<Record<number, readonly string[]>> = {
  1002: ["WEBSOCKET_FRAME_INVALID"],
  1007: ["WEBSOCKET_TEXT_INVALID", "WEBSOCKET_DEFLATE_INVALID"],
  1009: ["WEBSOCKET_MESSAGE_LIMIT"],
};

for (const role of ["client", "server"] as const) {
  for (const [family, cases] of Object.entries(families)) {
    describe(`a ${role} and RFC cases of ${family}`, () => {
      for (const each of cases) {
        test(`RFC ${each.section}: ${each.says}`, async () => {
          await run(each, role);
        });
      }
    });
  }
}

test("the table has more than a hundred cases, and no two say the same", () => {
  const all = Object.values(families).flat();
  assert.ok(all.length > 100, String(all.length));
  const names = all.map(({ section, says }) => `${section} ${says}`);
  assert.deepEqual(
    names.filter((name, index) => names.indexOf(name) !== index),
    [],
  );
});

async function run({ frames, deflate, limits, heard = [], sent = [], ends }: Case, role: WebSocketRole): Promise<void> {
  const { end, peer, received } = openAgainstBytes(role, {
    deflate: deflate === undefined ? undefined : { ...noDeflate, ...deflate },
    limits,
  });
  const all = ends === undefined ? [...frames, close(1000)] : frames;
  const left = new Promise((resolve) => peer.once("end", resolve));
  peer.end(Buffer.concat(all.map((frame) => onTheWire(frame, role))));
  const closure = await end.closed;
  await left;
  assert.deepEqual(end.heard, heard);
  const answers = readFrames(received());
  assert.deepEqual(
    answers.map(({ isMasked }) => isMasked),
    answers.map(() => role === "client"),
    "a client masks, and a server does not",
  );
  const { expected, code, reason, errorCodes } = expectEnd(ends);
  assert.deepEqual(
    answers.map(({ first, payload }) => [first, payload]),
    [...sent, ...expected],
  );
  const error = isCodedError(closure.error) ? closure.error : undefined;
  assert.deepEqual([closure.code, closure.reason, closure.wasClean], [code, reason, errorCodes.length === 0]);
  assert.ok(errorCodes.length === 0 ? error === undefined : errorCodes.includes(error?.code ?? ""), String(error));
  if (error !== undefined) assert.match(error.message, /^read peer\.example:80: /);
}

interface ExpectedEnd {
  readonly expected: readonly (readonly [number, Buffer])[];
  readonly code: number;
  readonly reason: string;
  readonly errorCodes: readonly string[];
}

function expectEnd(ends: Case["ends"]): ExpectedEnd {
  if (ends === "abruptly") return { expected: [], code: 1006, reason: "", errorCodes: ["WEBSOCKET_CLOSED_ABRUPTLY"] };
  if (ends !== undefined && "fails" in ends) {
    return { expected: [closeFrame(ends.fails)], code: 1006, reason: "", errorCodes: errors[ends.fails] ?? [] };
  }
  const { close: code, reason = "" } = ends ?? { close: 1000 };
  return { expected: [code === 1005 ? [FIN | 8, Buffer.alloc(0)] : closeFrame(code)], code, reason, errorCodes: [] };
}

function closeFrame(code: number): readonly [number, Buffer] {
  const { first, payload } = close(code);
  return [first, payload];
}
