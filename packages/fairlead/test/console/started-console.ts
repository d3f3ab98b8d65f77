import type { ConsoleEvent, TransactionDetails } from "@fairlead/console";
import { finish, type Finished, type RunOptions, type TestUser } from "../child.ts";

/** A console in a process of its own, asked as its page asks. */
export interface StartedConsole extends AsyncDisposable {
  /** With the token. */
  readonly url: string;
  ask(method: string, path: string, body?: unknown): Promise<Response>;
  /** Asks, and takes nothing but success. */
  json<Answer>(method: string, path: string, body?: unknown): Promise<Answer>;
  /** Has it request a URL. @returns the id of its transaction. */
  begin(url: string): Promise<number>;
  /** Waits until a transaction is over. */
  ended(id: number): Promise<TransactionDetails>;
  /** Has it request a URL, and waits until that is over. */
  load(url: string): Promise<TransactionDetails>;
  /** Ends it as Ctrl-C does. */
  end(): Promise<Finished>;
}

/** Starts `fairlead console`, and waits for its address. */
export async function startConsole(
  user: TestUser,
  args: readonly string[],
  options?: RunOptions,
): Promise<StartedConsole> {
  const child = user.start(["console", ...args], options);
  const finished = finish(child);
  const url = await new Promise<string>((resolve, reject) => {
    let printed = "";
    child.stdout.on("data", (bytes: Buffer) => {
      printed += bytes.toString();
      const [found] = /http:\/\/127\.0\.0\.1:\d+\/[\w-]+\//.exec(printed) ?? [];
      if (found !== undefined) resolve(found);
    });
    finished.then(({ stderr }) => reject(new Error(`no console: ${stderr}`)), reject);
  });
  const ask = (method: string, path: string, body?: unknown): Promise<Response> =>
    fetch(`${url}api/${path}`, {
      method,
      headers: { origin: new URL(url).origin },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
  const json = async <Answer>(method: string, path: string, body?: unknown): Promise<Answer> => {
    const response = await ask(method, path, body);
    if (!response.ok) throw new Error(`${method} ${path}: ${String(response.status)} ${await response.text()}`);
    // What the protocol says.
    return (await response.json()) as Answer;
  };
  const begin = async (wanted: string): Promise<number> => {
    const { id } = await json<{ readonly id: number }>("POST", "fetch", { url: wanted });
    return id;
  };
  const over = async (id: number): Promise<TransactionDetails> => {
    await ended(url, id);
    return json("GET", `transactions/${String(id)}`);
  };
  const end = (): Promise<Finished> => {
    child.kill("SIGINT");
    return finished;
  };
  return {
    url,
    ask,
    json,
    end,
    begin,
    ended: over,
    load: async (wanted) => over(await begin(wanted)),
    [Symbol.asyncDispose]: async () => {
      await end();
    },
  };
}

/** Listens until a transaction is over; of those that are, the console tells at once. */
async function ended(url: string, id: number): Promise<void> {
  // The runtime's own takes fields, which the standard's does not.
  const options = { headers: { origin: new URL(url).origin } } as unknown as string[];
  const socket = new WebSocket(`${url.replace("http", "ws")}api/events`, options);
  try {
    await new Promise<void>((resolve, reject) => {
      socket.addEventListener("error", () => reject(new Error("the events cannot be listened to")));
      socket.addEventListener("message", ({ data }) => {
        // What the protocol says.
        const event = JSON.parse(String(data)) as ConsoleEvent;
        if (event.type !== "transactions") return;
        if (event.transactions.some((each) => each.id === id && each.state !== "under-way")) resolve();
      });
    });
  } finally {
    socket.close();
  }
}
