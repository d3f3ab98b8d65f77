import assert from "node:assert/strict";
import { once } from "node:events";
import { get, type IncomingMessage } from "node:http";
import { it } from "node:test";
import { LeanResponse, serve } from "@fairlead/server";

it("lets others have their turn while content without end is made of small pieces, at once", async () => {
  let piecesOfTurn = 0;
  let mostOfTurn = 0;
  const countTurn = (): void => {
    mostOfTurn = Math.max(mostOfTurn, piecesOfTurn);
    piecesOfTurn = 0;
    turns = setImmediate(countTurn);
  };
  let turns = setImmediate(countTurn);
  async function* endless(): AsyncGenerator<Uint8Array> {
    await Promise.resolve();
    for (;;) {
      piecesOfTurn += 1;
      yield Uint8Array.of(1);
    }
  }
  await using running = await serve({ port: 0, fetch: () => new LeanResponse(endless()) });
  try {
    const [response] = (await once(get(running.url ?? ""), "response")) as [IncomingMessage];
    let received = 0;
    for await (const chunk of response as AsyncIterable<Buffer>) if ((received += chunk.length) > 10_000) break;
    assert.ok(mostOfTurn > 0 && mostOfTurn < 1_000, `${String(mostOfTurn)} pieces in one turn`);
  } finally {
    clearImmediate(turns);
  }
});
