import { writeFile } from "node:fs/promises";
import { startChromium } from "@fairlead/conformance/peers";

/** A page in a browser. */
export interface VisitedPage extends AsyncDisposable {
  /** What a script comes to in the page: the body of an asynchronous function, with `until` and `byId` at hand. */
  run(script: string): Promise<unknown>;
  /** Gives the page a size, and day or night. */
  resize(width: number, height: number, scheme: "light" | "dark"): Promise<void>;
  /** Writes what is to be seen, as PNG. */
  photograph(file: string): Promise<void>;
  /** What the browser says against the page: a policy that was broken, an exception. */
  readonly complaints: readonly string[];
}

interface Message {
  readonly id?: number;
  readonly method?: string;
  readonly params?: unknown;
  readonly result?: Readonly<Record<string, unknown>>;
  readonly error?: { readonly message: string };
}

const HELPERS = `
const byId = (id) => document.getElementById(id);
const until = async (look) => {
  for (;;) {
    const found = look();
    if (found) return found;
    await new Promise((next) => setTimeout(next, 10));
  }
};
`;

/** Opens a page in Chromium. */
export async function visitPage(url: string): Promise<VisitedPage> {
  const browser = await startChromium({ url: "about:blank", isDebuggable: true });
  const socket = new WebSocket(await browser.debuggerUrl());
  await new Promise((resolve, reject) => {
    socket.onopen = resolve;
    socket.onerror = reject;
  });
  const answers = new Map<number, (message: Message) => void>();
  const complaints: string[] = [];
  const loaded = Promise.withResolvers<undefined>();
  socket.onmessage = ({ data }) => {
    // What Chromium says is JSON of this form.
    const message = JSON.parse(String(data)) as Message;
    if (message.id !== undefined) answers.get(message.id)?.(message);
    if (message.method === "Page.loadEventFired") loaded.resolve(undefined);
    const said = JSON.stringify(message.params);
    // A request that was refused is what a test may ask for.
    if (message.method === "Log.entryAdded" && !said.includes('"source":"network"')) complaints.push(said);
    if (message.method === "Runtime.exceptionThrown") complaints.push(said);
  };
  let asked = 0;
  const call = async (
    method: string,
    params: object = {},
    sessionId?: string,
  ): Promise<Readonly<Record<string, unknown>>> => {
    const id = ++asked;
    const { promise, resolve } = Promise.withResolvers<Message>();
    answers.set(id, resolve);
    socket.send(JSON.stringify({ id, method, params, ...(sessionId !== undefined && { sessionId }) }));
    const { result, error } = await promise;
    if (error !== undefined) throw new Error(`${method}: ${error.message}`);
    return result ?? {};
  };
  const { targetInfos } = (await call("Target.getTargets")) as {
    readonly targetInfos: readonly { readonly type: string; readonly targetId: string }[];
  };
  const targetId = targetInfos.find(({ type }) => type === "page")?.targetId;
  const { sessionId } = (await call("Target.attachToTarget", { targetId, flatten: true })) as {
    readonly sessionId: string;
  };
  for (const domain of ["Page", "Log", "Runtime"]) await call(`${domain}.enable`, {}, sessionId);
  await call("Page.navigate", { url }, sessionId);
  await loaded.promise;
  return {
    complaints,
    run: async (script) => {
      const expression = `(async () => {${HELPERS}${script}})()`;
      const { result, exceptionDetails } = (await call(
        "Runtime.evaluate",
        { expression, returnByValue: true, awaitPromise: true },
        sessionId,
      )) as { readonly result: { readonly value?: unknown }; readonly exceptionDetails?: object };
      if (exceptionDetails !== undefined) throw new Error(JSON.stringify(exceptionDetails));
      return result.value;
    },
    resize: async (width, height, scheme) => {
      await call(
        "Emulation.setDeviceMetricsOverride",
        { width, height, deviceScaleFactor: 1, mobile: false },
        sessionId,
      );
      const features = [{ name: "prefers-color-scheme", value: scheme }];
      await call("Emulation.setEmulatedMedia", { features }, sessionId);
    },
    photograph: async (file) => {
      const { data } = await call("Page.captureScreenshot", { format: "png" }, sessionId);
      await writeFile(file, Buffer.from(String(data), "base64"));
    },
    async [Symbol.asyncDispose]() {
      socket.close();
      await browser[Symbol.asyncDispose]();
    },
  };
}
