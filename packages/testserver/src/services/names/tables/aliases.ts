import { good, namesZone, noData } from "../replies.ts";
import { type NameQuestion, type NameRecord, type NameReply, testNames } from "../test-name.ts";

/** Names that stand for others. */
export const aliasNames = testNames(
  {
    pattern: "cname-N",
    does: "is the first of N aliases in a row, the last of which stands for good.names.test",
    example: "cname-5",
    max: 100,
    answer: (question) => {
      const names = Array.from({ length: question.number }, (_, index) => `cname-${question.number - index}`);
      return chain(question, [...names, "good"]);
    },
  },
  {
    pattern: "cname-loop",
    does: "stands for a name that stands for this one",
    answer: () => ({ answers: [alias("cname-loop", "cname-pool"), alias("cname-pool", "cname-loop")] }),
  },
  {
    pattern: "cname-pool",
    does: "is the other half of cname-loop",
    answer: () => ({ answers: [alias("cname-pool", "cname-loop"), alias("cname-loop", "cname-pool")] }),
  },
  {
    pattern: "cname-self",
    does: "stands for itself",
    answer: () => ({ answers: [alias("cname-self", "cname-self")] }),
  },
  {
    pattern: "cname-dangling",
    does: "stands for a name that is not there",
    answer: (question) => ({ rcode: 3, answers: [alias("cname-dangling", "missing")], ...noData(question) }),
  },
  {
    pattern: "cname-unfinished",
    does: "stands for good.names.test, whose address has to be asked for",
    answer: () => ({ answers: [alias("cname-unfinished", "good")] }),
  },
  {
    pattern: "cname-elsewhere",
    does: "stands for a name of another site, a.fairlead.test",
    answer: (question) => ({
      answers: [
        { type: "CNAME", data: "a.fairlead.test" },
        ...(question.type === "CNAME" ? [] : good(question, "a.fairlead.test")),
      ],
    }),
  },
  {
    pattern: "cname-backwards",
    does: "has the address before the aliases that lead to it",
    answer: (question) => {
      const { answers = [] } = chain(question, ["cname-backwards", "cname-1", "good"]);
      return { answers: [...answers].reverse() };
    },
  },
  {
    pattern: "cname-two",
    does: "stands for two names at once, which RFC 2181 section 10.1 forbids",
    answer: () => ({ answers: [alias("cname-two", "good"), alias("cname-two", "dead-first")] }),
  },
  {
    pattern: "cname-and-address",
    does: "has an address beside its alias, which RFC 1034 section 3.6.2 forbids",
    answer: (question) => ({ answers: [alias("cname-and-address", "good"), ...good(question)] }),
  },
  {
    pattern: "x.dname",
    does: "is below a name whose whole tree stands for wild.names.test (RFC 6672)",
    answer: (question) => ({
      answers: [
        { type: "DNAME", owner: `dname.${namesZone}`, data: `wild.${namesZone}` },
        alias("x.dname", "x.wild"),
        ...(question.type === "CNAME" ? [] : good(question, `x.wild.${namesZone}`)),
      ],
    }),
  },
);

function chain(question: NameQuestion, names: readonly string[]): NameReply {
  const aliases = names.slice(0, -1).map((name, index) => alias(name, names[index + 1] ?? ""));
  if (aliases.length === 0) return { answers: good(question) };
  if (question.type === "CNAME") return { answers: aliases.slice(0, 1) };
  return { answers: [...aliases, ...good(question, `${names.at(-1) ?? ""}.${namesZone}`)] };
}

function alias(name: string, target: string): NameRecord {
  return { type: "CNAME", owner: `${name}.${namesZone}`, data: `${target}.${namesZone}` };
}
