import type { ClientRequest } from "node:http";
import type { Target } from "../../target.ts";
import { InnerStream } from "./inner-stream.ts";
import { LibrarySocket, SecureLibrarySocket } from "./library-socket.ts";
import type { AgentOptions } from "./options.ts";

/** A stream between a library and the manager, for requests to one origin, one at a time. */
export class AgentConnection {
  readonly target: Target;
  readonly options: AgentOptions;
  /** The library's end. */
  readonly socket: LibrarySocket;
  /** The manager's end. */
  readonly served = new InnerStream();
  /** Gives up what is under way. */
  onClose: (() => void) | undefined;

  constructor(target: Target, options: AgentOptions) {
    this.target = target;
    this.options = options;
    this.socket = target.secure ? new SecureLibrarySocket() : new LibrarySocket();
    this.socket.join(this.served);
    this.served.once("close", () => {
      this.onClose?.();
      this.onClose = undefined;
    });
  }

  /** Whether a request is under way; one is about to be when it was opened. */
  get isBusy(): boolean {
    return this.socket.request?.closed !== true;
  }

  /**
   * Ends the request that is under way with an error as it is: the request's own where nothing was answered yet, else that
   * of the response, too.
   */
  fail(error: Error): void {
    const { socket } = this;
    if (socket.destroyed) return;
    const { request } = socket;
    const response = request === undefined ? undefined : responseTo(request);
    if (response === undefined) {
      socket.destroy(error);
    } else if (request?.listenerCount("error") === 0) {
      // It would end the process, of which who reads the response knows nothing.
      socket.destroy();
      response.destroy(error);
    } else {
      // After the request's own listener: some libraries take the first error that they are told.
      socket.once("error", () => response.destroy(error));
      socket.destroy(error);
    }
  }
}

function responseTo(request: ClientRequest): { destroy(error: Error): void } | undefined {
  return (request as ClientRequest & { readonly res?: { destroy(error: Error): void } | null }).res ?? undefined;
}
