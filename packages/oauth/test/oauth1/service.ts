import { LeanResponse, serve } from "@fairlead/server";
import { memoryNonces, OAuth1Refusal, verifyOAuth1, type OAuth1Signer } from "../../src/oauth1/index.ts";

/** A service with users, which gives tokens on their behalf. */
export interface TestService extends AsyncDisposable {
  readonly origin: string;
  /** Who asked for what is protected, in order, or why it was refused. */
  readonly log: string[];
  /** What it says in place of giving temporary credentials, or a token; in the form of a query. */
  readonly lies: { initiate?: string; token?: string };
  /** Milliseconds that its clock is ahead. */
  skewMilliseconds: number;
}

/** Its one consumer. */
export const consumer = { consumerKey: "printer", consumerSecret: "kd94 & hf93" } as const;

/** Starts it on a loopback port. */
export async function startService(): Promise<TestService> {
  const state = new Service();
  const server = await serve({ host: "127.0.0.1", fetch: (request) => state.answer(request) });
  return Object.assign(state, { origin: server.url ?? "", [Symbol.asyncDispose]: (): Promise<void> => server.close() });
}

class Service {
  readonly log: string[] = [];
  readonly lies: { initiate?: string; token?: string } = {};
  skewMilliseconds = 0;
  /** Secrets of tokens, temporary ones among them. */
  readonly #secrets = new Map<string, string>();
  readonly #callbacks = new Map<string, string>();
  readonly #verifiers = new Map<string, string>();
  readonly #nonceSeen = memoryNonces();
  #count = 0;

  async answer(request: Request): Promise<Response> {
    const { pathname, searchParams } = new URL(request.url);
    const date = { date: new Date(this.#now()).toUTCString() };
    if (pathname === "/authorize") return this.#authorize(searchParams.get("oauth_token") ?? "");
    try {
      const signer = await verifyOAuth1(request, {
        secretOf: (consumerKey, token) => {
          const tokenSecret = token === undefined ? "" : this.#secrets.get(token);
          const isKnown = consumerKey === consumer.consumerKey && tokenSecret !== undefined;
          return isKnown ? { ...consumer, tokenSecret } : undefined;
        },
        nonceSeen: this.#nonceSeen,
        now: () => this.#now(),
      });
      if (pathname === "/initiate") return this.#initiate(signer);
      if (pathname === "/token") return this.#token(signer);
      if (pathname === "/elsewhere")
        return new LeanResponse(null, { status: 307, headers: { location: "/photos?hop=2" } });
      const text = `${request.method} ${pathname} as ${signer.token ?? "nobody"}: ${await request.text()}`;
      this.log.push(text);
      return new LeanResponse(text, { headers: date });
    } catch (error) {
      if (!(error instanceof OAuth1Refusal)) throw error;
      this.log.push(error.problem);
      const response = error.response("Photos");
      return new Response(null, { status: response.status, headers: [...response.headers, ...Object.entries(date)] });
    }
  }

  #now(): number {
    return Date.now() + this.skewMilliseconds;
  }

  #initiate({ callback = "" }: OAuth1Signer): Response {
    const token = this.#give();
    this.#callbacks.set(token, callback);
    return form(this.lies.initiate ?? `${this.#credentials(token)}&oauth_callback_confirmed=true`);
  }

  /** The user always says yes. */
  #authorize(token: string): Response {
    const callback = this.#callbacks.get(token);
    if (callback === undefined) return new LeanResponse(null, { status: 404 });
    this.#count += 1;
    const verifier = `verifier ${this.#count.toString()}`;
    this.#verifiers.set(token, verifier);
    if (callback === "oob") return new LeanResponse(verifier);
    const location = new URL(callback);
    location.searchParams.set("oauth_token", token);
    location.searchParams.set("oauth_verifier", verifier);
    return new LeanResponse(null, { status: 302, headers: { location: location.href } });
  }

  #token({ token = "", verifier }: OAuth1Signer): Response {
    if (verifier === undefined || this.#verifiers.get(token) !== verifier)
      return new LeanResponse(null, { status: 401 });
    this.#verifiers.delete(token);
    this.#secrets.delete(token);
    return form(this.lies.token ?? `${this.#credentials(this.#give())}&screen_name=Ada+L%C3%B6velace`);
  }

  #give(): string {
    this.#count += 1;
    const token = `token ${this.#count.toString()}`;
    this.#secrets.set(token, `secret & ${this.#count.toString()}`);
    return token;
  }

  #credentials(token: string): string {
    return new URLSearchParams({ oauth_token: token, oauth_token_secret: this.#secrets.get(token) ?? "" }).toString();
  }
}

function form(content: string): Response {
  return new LeanResponse(content, { headers: { "content-type": "application/x-www-form-urlencoded" } });
}
