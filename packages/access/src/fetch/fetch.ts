import { authenticatorsOption } from "../authentication/request-authenticators.ts";
import { uninstalledFetch } from "../adapters/installed.ts";
import { expansionLimit } from "../content-expansion.ts";
import { Deadline } from "../deadline.ts";
import type { Exchange, RedirectHandling } from "../exchange.ts";
import { hopOptions } from "../hop-options.ts";
import { OWN_PARTITION, partitionOf } from "../partition.ts";
import { retryPolicy } from "../retry-option.ts";
import { parseRequestUrl, pathOf } from "../request-url.ts";
import { authenticateOption, earlyDataOption, type ExchangeDefaults } from "../open-exchange.ts";
import { originOf } from "../target.ts";
import { timeoutsOf, type Timeouts } from "../timeouts.ts";
import { OpenTransaction, recordFailure, recordTransaction } from "../transaction.ts";
import { readArguments, type FetchArguments, type FetchInit, type FetchInput } from "./fetch-arguments.ts";
import { composeFields, effectiveCacheMode } from "./fetch-fields.ts";
import type { FetchTerms } from "./fetch-terms.ts";
import type { FetchedResponse } from "./fetched-response.ts";
import { FetchReceiver } from "./fetch-receiver.ts";
import { checkIntegrity } from "./integrity.ts";
import { requestObjectContent } from "./request-object-content.ts";
import { DEFAULT_REFERRER_POLICY, refererValue } from "./protocol/referrer.ts";

const NO_INIT: FetchInit = {};

/**
 * WHATWG fetch over the manager's pipeline. What a `blob:` URL names is known to the runtime alone, which answers for it.
 *
 * @see Fetch Standard section 5.6
 */
export function startFetch(
  input: FetchInput,
  init: FetchInit | null | undefined,
  defaults: ExchangeDefaults,
): Promise<globalThis.Response> {
  const asked = readArguments(input, init);
  const { integrity } = asked;
  const blob = blobUrl(asked.url);
  if (blob !== undefined) return fetchBlob(blob, asked);
  const url = parseRequestUrl(asked.url, defaults.schemes);
  const { requestBody } = asked;
  const answer =
    requestBody === undefined
      ? beginInTime(url, asked, init ?? NO_INIT, defaults)
      : requestObjectContent(requestBody).then((content) =>
          beginInTime(url, { ...asked, content }, init ?? NO_INIT, defaults),
        );
  const checked = integrity === "" ? answer : answer.then((whole) => checkIntegrity(whole, integrity, url.host));
  // Its prototype makes it an instance of the runtime's own class, which types cannot know.
  return checked as Promise<unknown> as Promise<globalThis.Response>;
}

function beginInTime(
  url: URL,
  asked: FetchArguments,
  init: FetchInit,
  defaults: ExchangeDefaults,
): Promise<FetchedResponse> {
  const { content, signal } = asked;
  if (signal?.aborted === true) {
    content?.cancel(signal.reason);
    return Promise.reject(signal.reason as Error);
  }
  const timeouts = timeoutsOf(init.timeouts, defaults.timeouts);
  const deadline =
    timeouts.total === Number.POSITIVE_INFINITY
      ? undefined
      : new Deadline(timeouts.total, signal, url.host || url.protocol);
  try {
    return begin(url, asked, init, timeouts, defaults, deadline);
  } catch (error) {
    deadline?.clear();
    throw error;
  }
}

function begin(
  url: URL,
  asked: FetchArguments,
  init: FetchInit,
  timeouts: Timeouts,
  defaults: ExchangeDefaults,
  deadline: Deadline | undefined,
): Promise<FetchedResponse> {
  const { method, content } = asked;
  const contentExpansion = expansionLimit(init.contentExpansion, defaults.contentExpansion);
  const target = defaults.targets.find(originOf(url));
  const terms = termsOf(asked);
  // Conditions are those of everybody behind a gateway.
  const cache = defaults.isGateway ? asked.cache : effectiveCacheMode(asked.cache, asked.headers);
  const exchange: Exchange = {
    transaction: new OpenTransaction(),
    signal: deadline?.signal ?? asked.signal,
    partition: init.partition === undefined ? OWN_PARTITION : partitionOf(init.partition),
    cookies: defaults.cookies && asked.credentials !== "omit",
    chooseRoutes: init === NO_INIT ? undefined : defaults.chooseRoutesFor(init),
    siteForCookies: init.siteForCookies ?? (init.partition === undefined ? undefined : new URL(init.partition)),
    topLevelNavigation: init.topLevelNavigation ?? false,
    earlyData: earlyDataOption(init.earlyData, defaults),
    cache,
    onAuthenticate: asked.credentials === "omit" ? undefined : authenticateOption(init.onAuthenticate, defaults),
    authenticators: authenticatorsOption(
      asked.credentials === "omit" ? false : init.authenticator,
      defaults.authenticators,
    ),
    timeouts,
    waitFor: init.waitFor,
    retry: init.retry === undefined ? undefined : (retryPolicy(init.retry) ?? null),
    body: content === undefined ? "none" : content.isReplayable ? "replayable" : "used",
    reopenBody: content && ((): ReturnType<typeof content.open> => content.open()),
    redirect: redirectHandling(asked, defaults),
    fetch: terms,
  };
  const { referrer, referrerPolicy } = terms;
  const hop = hopOptions(
    {
      target,
      path: pathOf(url),
      method,
      headers: composeFields(
        cache === asked.cache ? asked : { ...asked, cache },
        target,
        referrer && refererValue(referrerPolicy, referrer, url),
      ) as string[],
      body: content?.open() ?? null,
    },
    exchange,
  );
  const { underWay, dispatch, bodyLimitBytes } = defaults;
  underWay.begin();
  const receiver = new FetchReceiver(exchange, { bodyLimitBytes, contentExpansion }, target.peer, deadline, underWay);
  if (content !== undefined)
    receiver.onFailure = (failure): void => {
      content.cancel(failure);
    };
  try {
    dispatch(hop, receiver);
  } catch (error) {
    underWay.end();
    throw error;
  }
  return receiver.answer;
}

function termsOf({ mode, headers, referrer, referrerPolicy }: FetchArguments): FetchTerms {
  return {
    mode,
    choosesCodings: headers === undefined || !(headers.has("accept-encoding") || headers.has("range")),
    // `about:client` is where the request comes from, and an application without a document comes from nowhere.
    referrer: referrer === "" || referrer === "about:client" ? undefined : new URL(referrer),
    referrerPolicy: referrerPolicy === "" ? DEFAULT_REFERRER_POLICY : referrerPolicy,
  };
}

/** What was asked for, or else the manager's own: the policy says which of the redirects are followed that are to be. */
function redirectHandling(asked: FetchArguments, defaults: ExchangeDefaults): RedirectHandling {
  const { redirect: policy, onRedirect, originBoundFields } = defaults;
  const redirect = asked.redirect ?? "follow";
  return {
    follows: "all",
    policy: redirect === "follow" ? policy : { type: redirect },
    onRedirect,
    originBoundFields,
  };
}

/** The global may be replaced by a manager's later on. */
const runtimeFetch = uninstalledFetch();

function blobUrl(url: string | URL): URL | undefined {
  const text = typeof url === "string" ? url : url.href;
  if (!/^\s*blob:/i.test(text)) return undefined;
  const parsed = URL.parse(text);
  return parsed?.protocol === "blob:" ? parsed : undefined;
}

async function fetchBlob(url: URL, asked: FetchArguments): Promise<globalThis.Response> {
  const { method, headers, signal, integrity } = asked;
  const transaction = new OpenTransaction();
  try {
    const response = await runtimeFetch(url, {
      method,
      ...(headers && { headers }),
      signal: signal ?? null,
      integrity,
    });
    recordTransaction(response, transaction);
    return response;
  } catch (error) {
    recordFailure(error, transaction);
    throw error;
  }
}
