import { setImmediate as nextTurn } from "node:timers/promises";
import { coapAnswer, type CoapResource, type CoapResponse, resource } from "@fairlead/iot/coap";
import { readOption } from "@fairlead/iot/coap/protocol";

/** 5,000 bytes, none of its blocks like another. */
export const largeText = Array.from({ length: 500 }, (_, index) => `line ${String(index).padStart(4, "0")}\n`).join("");

/** What clients that others wrote are tried against. */
export function deviceResources(): readonly CoapResource[] {
  let kept = coapAnswer("Content", "nothing yet");
  return [
    resource("hello", { title: "Says hello", rt: "greeting", get: () => coapAnswer("Content", "hello") }),
    resource("kept", {
      get: () => kept,
      put: (request) => {
        kept = coapAnswer("Content", request.payload.slice(), { contentFormat: readOption(request, "contentFormat") });
        return coapAnswer("Changed");
      },
      delete: () => {
        kept = coapAnswer("Content", "nothing yet");
        return coapAnswer("Deleted");
      },
    }),
    resource("echo", {
      post: (request) => coapAnswer("Changed", request.payload),
      fetch: (request) => coapAnswer("Content", request.payload),
      ipatch: (request) => coapAnswer("Changed", request.payload),
    }),
    resource("large", { get: () => coapAnswer("Content", largeText) }),
    resource("slow", {
      // Longer than anybody waits before an empty acknowledgement.
      get: async (_request, { signal }) => {
        await later(signal);
        return coapAnswer("Content", "at last");
      },
    }),
    resource("count", {
      observable: true,
      get: () => coapAnswer("Content", "0", { updates: counting() }),
    }),
  ];
}

async function* counting(): AsyncGenerator<CoapResponse, void, undefined> {
  for (let count = 1; count <= 3; count += 1) {
    await nextTurn();
    yield coapAnswer("Content", String(count));
  }
}

function later(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, 3_000);
    signal.addEventListener("abort", () => {
      clearTimeout(timer);
      resolve();
    });
  });
}
