import { answering, response, scriptedServer, type ScriptedServer } from "./scripted-server.ts";

/** A server that holds every request until the test lets it go. */
export interface HoldingServer extends ScriptedServer {
  /** In the order in which they came. */
  readonly held: { readonly target: string; answer(): void }[];
  /** Resolves when so many requests have come. */
  whenHeld(count: number): Promise<void>;
}

/** Starts such a server; it answers with the target as the body. */
export async function holdingServer(): Promise<HoldingServer> {
  const held: { readonly target: string; answer(): void }[] = [];
  let wake = Promise.withResolvers<undefined>();
  const server = await scriptedServer(
    answering((target, socket) => {
      held.push({ target, answer: () => void socket.write(response(target)) });
      wake.resolve(undefined);
      wake = Promise.withResolvers();
      return undefined;
    }),
  );
  const whenHeld = async (count: number): Promise<void> => {
    while (held.length < count) await wake.promise;
  };
  return Object.assign(server, { held, whenHeld });
}
