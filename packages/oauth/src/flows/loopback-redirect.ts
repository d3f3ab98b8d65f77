import { UsageError } from "@fairlead/core";
import type { HttpServer } from "@fairlead/server";
import { OAuthError } from "../oauth-error.ts";
import { redirectPage } from "./redirect-page.ts";

/** Where on this machine the browser brings its answer. RFC 8252 section 7.3 */
export interface LoopbackAddress {
  /** `127.0.0.1` by default. Names are none: who answers for them is for others to say. */
  readonly host?: "127.0.0.1" | "::1";
  /** 0, the default, has the system choose. */
  readonly port?: number;
  /** `/callback` by default; as it is registered. */
  readonly path?: `/${string}`;
}

/** A server on this machine that waits for one answer of a browser. */
export interface LoopbackRedirect extends AsyncDisposable {
  /** Its address, for the authorization server. */
  readonly uri: string;
  /** Whether answers came that belong to no question of ours. */
  readonly sawStrangers: boolean;
  /**
   * Waits for the answer with this state, and for what is made of it, which the browser is then told of: that it went well,
   * or that it did not.
   */
  answer<Outcome>(state: string, conclude: (answer: URLSearchParams) => Promise<Outcome>): Promise<Outcome>;
}

/** What one answer leads to, and whether the browser may be told that it is good. */
interface Question {
  readonly state: string;
  readonly conclude: (answer: URLSearchParams) => Promise<unknown>;
}

/** Milliseconds in which a browser takes the page that it is told by. */
const FAREWELL_MILLISECONDS = 1_000;

/**
 * Opens it. It listens on loopback alone, and answers who asks for it by its address: a page elsewhere that has its own name
 * lead here is told nothing.
 *
 * @throws UsageError OPTION_INVALID for a path that is none; TransportError ADDRESS_IN_USE or another.
 */
export async function openLoopbackRedirect({
  host = "127.0.0.1",
  port = 0,
  path = "/callback",
}: LoopbackAddress = {}): Promise<LoopbackRedirect> {
  if (new URL(path, "http://127.0.0.1").href !== `http://127.0.0.1${path}` || /[?#]/.test(path)) {
    throw new UsageError("OPTION_INVALID", { operation: "sign in", detail: "redirect.path is no path" });
  }
  const { httpServer } = await import("@fairlead/server");
  const waiting = new AnswerBox();
  let authority = "";
  const server: HttpServer = httpServer({
    // A program beside the browser that opens connections and says nothing does not hold up the answer for long.
    admission: { connections: 128 },
    limits: { bodyBytes: 0, targetBytes: 32_768, headMilliseconds: 2_000 },
    fetch: (request) => {
      const url = new URL(request.url);
      if (request.headers.get("host") !== authority || url.pathname !== path) return redirectPage("not-here");
      return request.method === "GET" ? waiting.take(url.searchParams) : redirectPage("method");
    },
  });
  const address = await server.listen({ host, port });
  authority = `${host === "::1" ? "[::1]" : host}:${String(address.port)}`;
  return {
    uri: `http://${authority}${path}`,
    get sawStrangers() {
      return waiting.sawStrangers;
    },
    answer: (state, conclude) => waiting.answer(state, conclude),
    async [Symbol.asyncDispose]() {
      await server.close({ graceMilliseconds: FAREWELL_MILLISECONDS });
    },
  };
}

/** Holds the question that is open until its answer comes. */
class AnswerBox {
  sawStrangers = false;
  #question: Question | "none" | "over" = "none";

  async answer<Outcome>(state: string, conclude: (answer: URLSearchParams) => Promise<Outcome>): Promise<Outcome> {
    const { promise, resolve } = Promise.withResolvers<Promise<Outcome>>();
    this.#question = {
      state,
      conclude: (answer) => {
        const outcome = conclude(answer);
        resolve(outcome);
        return outcome;
      },
    };
    return promise;
  }

  async take(answer: URLSearchParams): Promise<Response> {
    const question = this.#question;
    if (question === "over") return redirectPage("over");
    const states = answer.getAll("state");
    if (question === "none" || states.length !== 1 || states[0] !== question.state) {
      this.sawStrangers = true;
      return redirectPage("unknown");
    }
    this.#question = "over";
    try {
      await question.conclude(answer);
      return redirectPage("signed-in");
    } catch (error) {
      return redirectPage(error instanceof OAuthError ? "refused" : "failed");
    }
  }
}
