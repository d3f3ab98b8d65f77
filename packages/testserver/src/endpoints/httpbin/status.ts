import { BadRequest } from "../bad-request.ts";
import type { EndpointFamily } from "../endpoint.ts";
import type { Exchange, HeaderFields } from "../exchange.ts";
import { anyMethod, httpbinFamily, placeOf } from "./httpbin-route.ts";
import { mersenneTwister, randomFraction, type RandomWords } from "./seeded-random.ts";

interface Answer {
  readonly fields?: HeaderFields;
  readonly body?: string;
}

/** Statuses that come with more than themselves. */
const special: Readonly<Record<number, (exchange: Exchange) => Answer>> = {
  ...Object.fromEntries([301, 302, 303, 305, 307].map((code) => [code, to("/redirect/1")])),
  300: to("/image/jpeg"),
  308: to("/image/jpeg"),
  401: () => ({ fields: { "www-authenticate": 'Basic realm="Fake Realm"' } }),
  402: () => ({ fields: { "x-more-info": "https://www.rfc-editor.org/rfc/rfc9110#name-402-payment-required" } }),
  406: () => ({
    fields: { "content-type": "application/json" },
    body: JSON.stringify({
      message: "Client did not request a supported media type.",
      accept: ["image/webp", "image/svg+xml", "image/jpeg", "image/png", "image/*"],
    }),
  }),
  407: () => ({ fields: { "proxy-authenticate": 'Basic realm="Fake Realm"' } }),
  418: () => ({
    fields: { "x-more-info": "https://www.rfc-editor.org/rfc/rfc2324" },
    body: "\n     ( )\n   ___|___\n .|       |-.\n ||  tea  | |\n  \\_______|-'\n",
  }),
};

/** Statuses by the path, and by chance. */
export const statusRoutes: EndpointFamily = httpbinFamily("status", "answer with a status, as httpbin does", [
  {
    path: "/status/:codes?seed=N",
    methods: anyMethod,
    does: "answers with this status, or with one of several by weight: 200:3,503:1",
    example: "/status/200:3,503:1?seed=1",
    handle: (exchange) => {
      const choices = exchange.text("codes").split(",").map(choiceOf);
      const [only, ...others] = choices;
      answer(exchange, others.length === 0 ? (only?.code ?? 0) : choose(choices, randomFraction(randomOf(exchange))));
    },
  },
  {
    path: "/unstable?failure_rate=0.5&seed=N",
    methods: anyMethod,
    does: "answers with 500 at this rate, and with 200 otherwise",
    example: "/unstable?failure_rate=0.5&seed=1",
    handle: (exchange) => {
      const rate = Number(exchange.text("failure_rate", "0.5"));
      if (!(rate >= 0 && rate <= 1)) throw new BadRequest('the parameter "failure_rate" is from 0 to 1');
      const code = randomFraction(randomOf(exchange)) < rate ? 500 : 200;
      exchange.send(code, { "content-type": "text/plain; charset=utf-8" });
    },
  },
  {
    path: "/problem?status=400&type=URI&title=TEXT&detail=TEXT",
    methods: anyMethod,
    does: "answers with problem details (RFC 9457)",
    example: "/problem?status=403&title=No",
    handle: (exchange) => {
      const status = exchange.integer("status", { min: 400, max: 599, otherwise: 400 });
      const member = (name: string): object => {
        const [value] = exchange.texts(name);
        return value === undefined ? {} : { [name]: value };
      };
      const problem = {
        type: exchange.text("type", "about:blank"),
        status,
        ...member("title"),
        ...member("detail"),
        instance: exchange.url.pathname,
      };
      exchange.send(status, { "content-type": "application/problem+json" }, `${JSON.stringify(problem, null, 2)}\n`);
    },
  },
]);

/** Numbers by the request's seed; by chance where it has none. */
export function randomOf(exchange: Exchange): RandomWords {
  const most = Number.MAX_SAFE_INTEGER;
  const seed = exchange.texts("seed").length > 0 ? exchange.integer("seed", { min: 0, max: most }) : undefined;
  return mersenneTwister(seed ?? Math.floor(Math.random() * most));
}

function to(path: string): (exchange: Exchange) => Answer {
  return (exchange) => ({ fields: { location: placeOf(exchange, path) } });
}

interface Choice {
  readonly code: number;
  readonly weight: number;
}

function choiceOf(text: string): Choice {
  const [, code = "", weight = "1"] = /^(\d{3})(?::(\d+(?:\.\d+)?))?$/.exec(text) ?? [];
  // What is below 200 is no answer: it would leave the client waiting.
  if (Number(code) < 200 || Number(code) > 599) throw new BadRequest("a status is from 200 to 599");
  return { code: Number(code), weight: Number(weight) };
}

function choose(choices: readonly Choice[], fraction: number): number {
  let left = fraction * choices.reduce((sum, { weight }) => sum + weight, 0);
  for (const { code, weight } of choices) {
    left -= weight;
    if (left < 0) return code;
  }
  return choices.at(-1)?.code ?? 0;
}

function answer(exchange: Exchange, code: number): void {
  const { fields = {}, body = "" } = special[code]?.(exchange) ?? {};
  exchange.send(code, { "content-type": "text/html; charset=utf-8", ...fields }, body);
}
