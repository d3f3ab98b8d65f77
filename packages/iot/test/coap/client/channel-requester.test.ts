import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { channelRequester, type CoapExchange, type CoapExchangeListener, type CoapResponse } from "@fairlead/iot/coap";
import { TransportError } from "@fairlead/core";
import { channelPair } from "../channel-pair.ts";

const request = { code: "0.01", options: [], payload: new Uint8Array(0) } as const;
const response: CoapResponse = { code: "2.05", options: [], payload: Uint8Array.of(1) };

describe("asking by a channel", () => {
  test("keeps one token for an observation that is registered again and given up (RFC 7641 sections 3.3.1 and 3.6)", async () => {
    const { ask, exchanges } = recorded();
    const observation = {};
    const heard: string[] = [];
    const observer = (name: string): { next: () => void; end: () => void } => ({
      next: () => heard.push(`${name} next`),
      end: () => heard.push(`${name} end`),
    });
    const first = ask(request, { observation, observer: observer("first") });
    exchanges[0]?.listener.response(response);
    await first;
    exchanges[0]?.listener.response(response);
    const second = ask(request, { observation, observer: observer("second") });
    exchanges[0]?.listener.response(response);
    await second;
    exchanges[0]?.listener.response(response);
    const last = ask(request, { observation });
    exchanges[0]?.listener.response(response);
    await last;
    assert.deepEqual(heard, ["first next", "first end", "second next", "second end"]);
    assert.deepEqual([exchanges.length, exchanges[0]?.sent, exchanges[0]?.isReleased], [1, 3, true]);
    void ask(request, { observation }).catch(() => undefined);
    assert.equal(exchanges.length, 2, "a token that was given up is not taken again");
  });

  test("fails what has no answer, and ends what is observed", async () => {
    const { ask, exchanges } = recorded();
    const failure = new TransportError("CONNECTION_RESET");
    const unanswered = ask(request);
    exchanges[0]?.listener.failed(failure);
    await assert.rejects(unanswered, failure);
    const ended: unknown[] = [];
    const answered = ask(request, { observer: { next: () => undefined, end: (error) => ended.push(error) } });
    exchanges[1]?.listener.response(response);
    await answered;
    exchanges[1]?.listener.failed(failure);
    assert.deepEqual(ended, [failure]);
  });

  test("is given up by its signal, before the answer and behind it", async () => {
    const { ask, exchanges } = recorded();
    const leaving = new AbortController();
    const ended: unknown[] = [];
    const observer = { next: () => undefined, end: (error: unknown) => ended.push(error) };
    const unanswered = ask(request, { signal: leaving.signal, observer });
    const answered = ask(request, { signal: leaving.signal, observer });
    exchanges[1]?.listener.response(response);
    await answered;
    leaving.abort(new Error("enough"));
    await assert.rejects(unanswered, /enough/);
    assert.deepEqual(ended, [undefined]);
    assert.deepEqual(
      exchanges.map(({ isReleased }) => isReleased),
      [true, true],
    );
    await assert.rejects(ask(request, { signal: leaving.signal }), /enough/);
  });
});

interface RecordedExchange {
  readonly listener: CoapExchangeListener;
  sent: number;
  isReleased: boolean;
}

function recorded(): { ask: ReturnType<typeof channelRequester>; exchanges: RecordedExchange[] } {
  const { client } = channelPair();
  const exchanges: RecordedExchange[] = [];
  client.open = (listener): CoapExchange => {
    const exchange = { listener, sent: 0, isReleased: false };
    exchanges.push(exchange);
    return {
      send: () => {
        exchange.sent += 1;
      },
      release: () => {
        exchange.isReleased = true;
      },
    };
  };
  return { ask: channelRequester(client), exchanges };
}
