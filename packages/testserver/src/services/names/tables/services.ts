import {
  bindingParameters as parameters,
  formatServiceBinding,
  type ServiceBinding,
} from "../protocol/service-binding.ts";
import { good, namesZone, noData } from "../replies.ts";
import { type NameQuestion, type NameReply, type TestName, testNames } from "../test-name.ts";

/** Types that the library has no name for. RFC 9460 section 14.1. */
const bindingTypes: Readonly<Record<string, number>> = { SVCB: 64, HTTPS: 65 };

/** Names that say which protocols and ports are behind them. */
export const serviceNames = testNames(
  binding("https-h2", "has an HTTPS record with HTTP/2, the port of the service https-h2, and a hint", (question) => [
    {
      priority: 1,
      target: "",
      parameters: [parameters.alpn("h2"), parameters.port(question.port("https-h2")), parameters.ipv4Hint("127.0.0.1")],
    },
  ]),
  binding("https-alias", "has an HTTPS record that makes it an alias of https-h2.names.test", () => [
    { priority: 0, target: `https-h2.${namesZone}` },
  ]),
  binding("https-several", "has HTTPS records with priorities 2, 1 and 3, in this order", (question) =>
    [2, 1, 3].map((priority) => ({
      priority,
      target: "",
      parameters: [parameters.alpn("http/1.1"), parameters.port(question.port(priority === 1 ? "https" : "tcp-close"))],
    })),
  ),
  binding("https-ech", "has an HTTPS record with a configuration for Encrypted Client Hello that is not one", () => [
    {
      priority: 1,
      target: "",
      parameters: [parameters.alpn("h2"), parameters.ech(Uint8Array.of(0, 4, 0xfe, 0x0d, 0, 0))],
    },
  ]),
  binding("https-mandatory", "has an HTTPS record that may not be used: a key is mandatory that nobody knows", () => [
    {
      priority: 1,
      target: "",
      parameters: [parameters.mandatory(65_280), parameters.unknown(65_280, Uint8Array.of(1))],
    },
  ]),
  binding("https-no-default", "has an HTTPS record for HTTP/3 and nothing else", () => [
    { priority: 1, target: "", parameters: [parameters.alpn("h3"), parameters.noDefaultAlpn()] },
  ]),
  binding(
    "https-hint-only",
    "has an HTTPS record with an address as a hint, and no address of its own",
    () => [{ priority: 1, target: "", parameters: [parameters.alpn("h2"), parameters.ipv4Hint("127.0.0.1")] }],
    (question) => noData(question),
  ),
  binding("https-unordered", "has an HTTPS record whose parameters are out of order, which makes it malformed", () => [
    { priority: 1, target: "", parameters: [parameters.port(443), parameters.alpn("h2")] },
  ]),
  binding(
    "https-no-service",
    "has an HTTPS record that says that there is no such service: an alias of nothing",
    () => [{ priority: 0, target: "" }],
  ),
  {
    pattern: "_8443._https.svcb",
    does: "has an SVCB record for another port",
    exampleType: "SVCB",
    answer: bindingAnswer("SVCB", () => [
      { priority: 1, target: `good.${namesZone}`, parameters: [parameters.port(8443)] },
    ]),
  },
  {
    pattern: "_http._tcp.srv",
    does: "has SRV records: the port of http first, then one that closes",
    exampleType: "SRV",
    answer: (question) =>
      question.type === "SRV"
        ? {
            answers: [
              srv(20, 0, question.port("tcp-close"), `good.${namesZone}`),
              srv(10, 60, question.port("http"), `good.${namesZone}`),
            ],
          }
        : noData(question),
  },
  {
    pattern: "_none._tcp.srv",
    does: "has an SRV record that says that there is no such service (RFC 2782)",
    exampleType: "SRV",
    answer: (question) => (question.type === "SRV" ? { answers: [srv(0, 0, 0, ".")] } : noData(question)),
  },
);

function srv(priority: number, weight: number, port: number, target: string) {
  return { type: "SRV", data: { priority, weight, port, target } } as const;
}

function binding(
  pattern: string,
  does: string,
  bindings: (question: NameQuestion) => readonly ServiceBinding[],
  otherwise: (question: NameQuestion) => NameReply = (question) => ({ answers: good(question) }),
): TestName {
  return { pattern, does, exampleType: "HTTPS", answer: bindingAnswer("HTTPS", bindings, otherwise) };
}

function bindingAnswer(
  wanted: "HTTPS" | "SVCB",
  bindings: (question: NameQuestion) => readonly ServiceBinding[],
  otherwise: (question: NameQuestion) => NameReply = (question) => noData(question),
): TestName["answer"] {
  return (question) => {
    if (question.type !== wanted) return otherwise(question);
    const type = bindingTypes[wanted] ?? 0;
    return { answers: bindings(question).map((each) => ({ type, data: formatServiceBinding(each) })) };
  };
}
