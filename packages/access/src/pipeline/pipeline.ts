import { backendCan } from "@fairlead/tls";
import { randomBytes } from "node:crypto";
import type { Authenticator } from "../authentication/authenticator.ts";
import type { Dispatch, HopOptions, ResponseFields, Stage } from "../dispatch.ts";
import type { HstsMemory } from "../memory/hsts-memory.ts";
import type { Memories } from "../memory/memories.ts";
import { originKey } from "../partition.ts";
import type { ProxyAuthentication } from "../route/proxy-authentication.ts";
import type { Coalescing } from "../pool/h2/coalescing.ts";
import { agree, type AgreementRules } from "./agree.ts";
import { attempt } from "./attempt.ts";
import { authenticate } from "./authenticate.ts";
import { authenticateProxy } from "./authenticate-proxy.ts";
import { cache, type CacheRules } from "./cache/cache.ts";
import { cookieField, cookies, learnCookies } from "./cookies.ts";
import { earlyData } from "./early-data.ts";
import { hsts } from "./hsts.ts";
import { identify, SpokenIdentities, type IdentificationRules } from "./identify.ts";
import { learn } from "./learn.ts";
import { misdirected } from "./misdirected.ts";
import { record } from "./record.ts";
import { retry, type RetryRules } from "./retry.ts";
import { FailedRoutes } from "../route/failed-routes.ts";
import { forward, route, withoutProxyCredentials, type RouteRules } from "./route.ts";
import { scheme, type SchemeRules } from "./scheme.ts";

/** What the stages of one manager work with. */
export interface PipelineParts {
  readonly memories: Memories;
  /** The TLS backend's name. */
  readonly tlsBackend: string;
  /** Whether requests may go as early data where nothing is said. */
  readonly earlyData: boolean;
  /** What is kept, and where the server is found; `undefined` without a cache. */
  readonly cache: Omit<CacheRules, "user"> | undefined;
  /** The fingerprint of the client certificate for all origins; empty for none. */
  readonly clientIdentity: string;
  readonly retry: RetryRules;
  readonly routes: Omit<RouteRules, "alternatives">;
  /** `undefined` when origins do not share connections. */
  readonly coalescing: Coalescing | undefined;
  /** `undefined` when the application is to be asked nothing about connections. */
  readonly agreement: AgreementRules | undefined;
  readonly authenticator: Authenticator;
  readonly identification: Pick<IdentificationRules, "sendsSecretsInTheClear" | "ending">;
  readonly schemes: Omit<SchemeRules, "authenticator">;
  readonly proxyAuthentication: ProxyAuthentication;
  readonly waitForOnline: Stage;
  /** Answers all requests once the manager was destroyed. */
  readonly refuseWhenDestroyed: Stage;
}

/** Joins the stages that each hop passes, in this order, before the pool. */
export function pipeline(parts: PipelineParts, pool: Dispatch): Dispatch {
  const { memories, agreement, authenticator, coalescing } = parts;
  const lesson = lessonsOf(memories);
  const spoken = new SpokenIdentities();
  const stages: readonly Stage[] = [
    parts.refuseWhenDestroyed,
    record,
    scheme({ ...parts.schemes, authenticator }),
    parts.waitForOnline,
    hsts(memories.hsts),
    ...(parts.cache === undefined ? [] : [cache({ ...parts.cache, user: userOf(parts, spoken) })]),
    learn(lesson),
    retry(parts.retry),
    ...(backendCan(parts.tlsBackend, "early-data") ? [earlyData(parts.earlyData)] : []),
    route({ ...parts.routes, alternatives: memories.alternatives }),
    authenticateProxy({ authenticator, learn: lesson, proxies: parts.proxyAuthentication }),
    ...(agreement === undefined ? [] : [agree(agreement)]),
    identify({ ...parts.identification, learn: lesson, spoken }),
    // Before cookies, so that those that a 401 sets go with what is sent again.
    authenticate({ authenticator, learn: lesson }),
    cookies(memories.cookies),
    ...(coalescing === undefined ? [] : [misdirected(coalescing)]),
    forward,
    attempt,
  ];
  return stages.reduceRight((next, stage) => stage(next), pool);
}

/**
 * Joins the stages that a check of connectivity passes, and nothing else does: the way is that of any request, but nothing
 * is remembered, upgraded, followed or asked, and no proxy is told who it is for.
 */
export function checkPipeline(parts: Pick<PipelineParts, "routes" | "refuseWhenDestroyed">, pool: Dispatch): Dispatch {
  const routes = {
    choose: parts.routes.choose,
    failed: new FailedRoutes(() => performance.now()),
    alternatives: undefined,
  };
  const stages: readonly Stage[] = [parts.refuseWhenDestroyed, route(routes), withoutProxyCredentials, forward];
  return stages.reduceRight((next, stage) => stage(next), pool);
}

/** What a cache has to know before the stages that add it. */
function userOf({ memories, agreement, clientIdentity }: PipelineParts, spoken: SpokenIdentities): CacheRules["user"] {
  return {
    nameKey: randomBytes(32),
    cookieField: (options) => cookieField(memories.cookies, options),
    certificate: (options) => agreement?.clientCertificates?.recall(options)?.fingerprint ?? clientIdentity,
    isExcepted: ({ target }) => (agreement?.certificateErrors?.recall(target).length ?? 0) > 0,
    authorization: (options) => {
      const { target, exchange } = options;
      const asked =
        exchange.onAuthenticate === undefined
          ? ""
          : memories.credentials.nameOf(
              { role: "origin", origin: target.origin, partition: exchange.partition, isExcepted: false },
              exchange.onAuthenticate,
            );
      const name = spoken.nameOf(options);
      return name === undefined ? asked : JSON.stringify([name, asked]);
    },
    joinRound: ({ target, exchange }) =>
      target.secure ? agreement?.questions.join(originKey(target, exchange.partition)) : undefined,
  };
}

/** What the fields of each response teach. */
function lessonsOf({
  hsts,
  alternatives,
  cookies,
  lessons,
}: Memories): (hop: HopOptions, fields: ResponseFields) => void {
  return (hop, fields) => {
    try {
      learnHsts(hsts, hop, fields);
      alternatives?.learn(hop, fields);
      learnCookies(cookies, hop, fields);
    } catch (error) {
      lessons.report(error);
    }
  };
}

/** Only the first field counts, and only over TLS without a certificate error. RFC 6797 section 8.1. */
function learnHsts(memory: HstsMemory, { hop, target }: HopOptions, fields: ResponseFields): void {
  const field: string | string[] | undefined = fields["strict-transport-security"];
  const fieldValue = Array.isArray(field) ? field[0] : field;
  if (fieldValue === undefined) return;
  memory.learn({ hostname: target.urlHost, secure: hop.tls?.authorized === true, fieldValue });
}
