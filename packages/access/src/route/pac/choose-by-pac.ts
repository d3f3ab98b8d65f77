import { parsePacResult } from "@fairlead/http/proxies";
import type { NameCache } from "../../names/name-cache.ts";
import { ONLY_DIRECT, type ChooseRoutes, type RoutedHop } from "../choose-routes.ts";
import type { Route } from "../route.ts";
import { DIRECT } from "../route.ts";
import { failed, type PacMachine } from "./pac-machine.ts";
import type { PacScript } from "./pac-script.ts";

/** Names whose addresses a script may want for one question, and how often it is asked again because of them. */
const NAMES_LIMIT = 32;
/** How long the addresses for one question may take; what is not known by then counts as unknown to DNS. */
const NAMES_MILLISECONDS = 5_000;

/**
 * Chooses routes by a script. Of https it sees the host and no more, as in browsers. It cannot wait for addresses: where it
 * asks for one that is not known, it is asked once more when that is.
 */
export function chooseByPac(script: PacScript, names: NameCache): ChooseRoutes {
  return async (hop) => {
    const machine = await script.machine();
    let text: string;
    try {
      text = await ask(machine, hop, names);
    } catch (error) {
      script.discard();
      throw error;
    }
    return routesOf(text);
  };
}

async function ask(machine: PacMachine, hop: RoutedHop, names: NameCache): Promise<string> {
  const { target, path, partition } = hop;
  const url = target.secure ? `${target.origin}/` : target.origin + path;
  const known = new Map<string, string | null>();
  const late = AbortSignal.timeout(NAMES_MILLISECONDS);
  for (;;) {
    const answer = machine.ask(url, target.host, known);
    if (answer.type === "answer") return answer.text;
    if (known.size + answer.names.length > NAMES_LIMIT) throw failed("it asks for too many names");
    await Promise.all(
      answer.names.map(async (name) => {
        known.set(name, await firstAddress(name, names, partition, late));
      }),
    );
  }
}

/** The first IPv4 address, which is what scripts reckon with. */
async function firstAddress(
  name: string,
  names: NameCache,
  partition: string,
  late: AbortSignal,
): Promise<string | null> {
  if (late.aborted || !/^[\w.-]{1,253}$/.test(name)) return null;
  const { promise: nobody, resolve } = Promise.withResolvers<null>();
  const giveUp = (): void => resolve(null);
  late.addEventListener("abort", giveUp);
  try {
    const found = names.find(name, partition).then(
      ({ addresses }) => addresses.find((address) => !address.includes(":")) ?? null,
      () => null,
    );
    return await Promise.race([found, nobody]);
  } finally {
    late.removeEventListener("abort", giveUp);
  }
}

function routesOf(text: string): readonly Route[] {
  if (text.trim() === "") return ONLY_DIRECT;
  const routes = parsePacResult(text).map(
    (way): Route => (way.type === "direct" ? DIRECT : { type: "proxies", proxies: [way.proxy] }),
  );
  // Fail closed: what was meant to go through a proxy does not go without.
  if (routes.length === 0) throw failed("its answer names no way");
  return routes;
}
