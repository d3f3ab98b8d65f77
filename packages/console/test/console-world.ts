import {
  type NetworkAccessManager,
  type NetworkAccessManagerOptions,
  openNetworkAccessManager,
} from "@fairlead/access";
import { startTestNetwork, type TestNetwork } from "@fairlead/testserver";
import { connect } from "node:net";
import { inspect, type Inspection, type InspectionOptions, Questions, serveConsole } from "../src/index.ts";
import type { ConsoleEvent } from "../src/protocol/index.ts";

/** A console of a manager in a test network, as a page has it. */
export interface ConsoleWorld extends AsyncDisposable {
  readonly network: TestNetwork;
  readonly manager: NetworkAccessManager;
  readonly inspection: Inspection;
  readonly questions: Questions;
  readonly page: PageClient;
  /** Of the test network's https service. */
  readonly origin: string;
}

/** Opens all of it; the network may be shared. */
export async function openConsoleWorld(
  network: TestNetwork,
  {
    manager: managerOptions = {},
    questions = new Questions({ absenceMilliseconds: 1 }),
    ...options
  }: Partial<InspectionOptions> & { readonly manager?: NetworkAccessManagerOptions } = {},
): Promise<ConsoleWorld> {
  const manager = await openNetworkAccessManager({
    lookup: network.lookup,
    tls: { trust: { type: "anchors", certificates: [network.ca.certificate] } },
    ...questions.handlers,
    ...managerOptions,
  });
  const inspection = inspect(manager, { questions, testNetwork: () => Promise.resolve(network), ...options });
  const served = await serveConsole({ inspection });
  return {
    network,
    manager,
    inspection,
    questions,
    page: new PageClient(served.url),
    origin: network.origin("https", "a.fairlead.test"),
    [Symbol.asyncDispose]: async () => {
      await served[Symbol.asyncDispose]();
      await inspection[Symbol.asyncDispose]();
      await manager.destroy();
    },
  };
}

/** Asks as the page does. */
export class PageClient {
  readonly url: string;
  readonly origin: string;

  constructor(url: string) {
    this.url = url;
    this.origin = new URL(url).origin;
  }

  ask(method: string, path: string, body?: unknown): Promise<Response> {
    const content = body === undefined ? {} : { body: typeof body === "string" ? body : JSON.stringify(body) };
    return fetch(`${this.url}api/${path}`, { method, headers: { origin: this.origin }, ...content });
  }

  async json<Answer>(method: string, path: string, body?: unknown): Promise<Answer> {
    const response = await this.ask(method, path, body);
    if (!response.ok) throw new Error(`${method} ${path}: ${String(response.status)} ${await response.text()}`);
    // What the protocol says.
    return (await response.json()) as Answer;
  }

  /** Follows the events from the beginning. */
  follow(): EventLog {
    return new EventLog(this.url, this.origin);
  }

  /** A WebSocket that never reads. */
  async stall(): Promise<{ readonly destroy: () => void }> {
    const { hostname, port, pathname } = new URL(this.url);
    const socket = connect(Number(port), hostname);
    socket.write(
      `GET ${pathname}api/events HTTP/1.1\r\nHost: ${hostname}:${port}\r\nOrigin: ${this.origin}\r\nUpgrade: websocket\r\n` +
        "Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n",
    );
    await new Promise((resolve) => socket.once("readable", resolve));
    return { destroy: () => socket.destroy() };
  }
}

/** What a page was told. */
export class EventLog implements Disposable {
  readonly events: ConsoleEvent[] = [];
  readonly #socket: WebSocket;
  readonly #waiting = new Set<() => void>();

  constructor(url: string, origin: string) {
    // The runtime's own takes fields, which the standard's does not.
    const options = { headers: { origin } } as unknown as string[];
    this.#socket = new WebSocket(`${url.replace("http", "ws")}api/events`, options);
    this.#socket.addEventListener("message", ({ data }) => {
      this.events.push(JSON.parse(String(data)) as ConsoleEvent);
      for (const look of this.#waiting) look();
    });
  }

  /** The first event that fits, of those that were told and those to come. */
  find<Type extends ConsoleEvent["type"]>(
    type: Type,
    fits: (event: Extract<ConsoleEvent, { type: Type }>) => boolean = () => true,
  ): Promise<Extract<ConsoleEvent, { type: Type }>> {
    return new Promise((resolve) => {
      const look = (): void => {
        const found = this.events.find(
          (event): event is Extract<ConsoleEvent, { type: Type }> =>
            event.type === type && fits(event as Extract<ConsoleEvent, { type: Type }>),
        );
        if (found === undefined) return;
        this.#waiting.delete(look);
        resolve(found);
      };
      this.#waiting.add(look);
      look();
    });
  }

  /** Waits until a transaction is over. */
  async ended(id: number): Promise<void> {
    await this.find("transactions", ({ transactions }) =>
      transactions.some((each) => each.id === id && each.state !== "under-way"),
    );
  }

  [Symbol.dispose](): void {
    this.#socket.close();
  }
}

export { startTestNetwork };
