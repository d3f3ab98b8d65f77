import {
  ntlm,
  openNetworkAccessManager,
  parseRequestUrl,
  transactionOf,
  type Hop,
  type NetworkAccessManager,
  type Reply,
  type RequestOptions,
} from "@fairlead/access";
import { isCodedError, PolicyError, UsageError } from "@fairlead/core";
import { ArgumentsError } from "../arguments.ts";
import type { Surroundings } from "../command.ts";
import { exitCodes } from "../exit-codes.ts";
import { openChosen } from "../store/open.ts";
import { printable, printableJson } from "../terminal/printable.ts";
import { canAsk } from "../terminal/question.ts";
import { paintFor } from "../terminal/style.ts";
import { widthOf } from "../terminal/width.ts";
import { openArchive } from "./archive.ts";
import type { Answer } from "./answer.ts";
import { deliverBody, destinationOf } from "./body-delivery.ts";
import { readIdentityFiles } from "../identity-files.ts";
import { onlyTo } from "./client-identity.ts";
import { downloadAnswer } from "./file-delivery.ts";
import { openKeyLog } from "./key-log.ts";
import { readLogins } from "../login/logins.ts";
import { signedIn } from "./signed-in.ts";
import { reportFields, reportHops } from "./hop-report.ts";
import type { GetPlan } from "./plan.ts";
import { passwordOnlyTo } from "./password-question.ts";
import { confirmRedirect } from "./redirect-question.ts";
import { openRequestData } from "./request-data.ts";
import { lookUpFirstIn } from "./resolve.ts";
import { loadTlsBackend } from "./tls-backend.ts";
import { sftpFor } from "./sftp.ts";
import { readTrustAnchors } from "./trust-anchors.ts";

/** Carries out `fairlead get`. @returns the exit code. */
export async function performGet(plan: GetPlan, surroundings: Surroundings): Promise<number> {
  if (plan.redirect.type === "ask" && !canAsk(surroundings)) {
    throw new ArgumentsError("--redirect ask needs a terminal to ask on");
  }
  if (plan.username !== undefined && !canAsk(surroundings)) {
    throw new ArgumentsError("--user needs a terminal to ask for the password on");
  }
  const sftp = await sftpFor(plan, surroundings);
  const url = parseGetUrl(plan.url, sftp === undefined ? ["data:"] : ["data:", "sftp:"]);
  const trust = plan.anchorsFile === undefined ? undefined : await readTrustAnchors(plan.anchorsFile);
  const identity = plan.clientIdentity === undefined ? undefined : await readIdentityFiles(plan.clientIdentity);
  using keys = plan.keyLog ? openKeyLog(surroundings.env) : undefined;
  const backend = plan.tlsBackend === undefined ? undefined : await loadTlsBackend(plan.tlsBackend);
  await using store = await openChosen(plan.store, surroundings);
  const logins = plan.login === undefined ? [] : readLogins(store, plan.login);
  const manager: NetworkAccessManager = await openNetworkAccessManager({
    store,
    authenticator: logins.map((login) => signedIn(login, () => manager)),
    redirect: plan.redirect,
    onRedirect: (question) => confirmRedirect(question, surroundings),
    ...(identity && { onClientCertificate: onlyTo(url.origin, identity) }),
    ...(plan.username !== undefined && {
      onAuthenticate: passwordOnlyTo(url.origin, plan.username, surroundings),
      authentication: { connectionBound: [ntlm] },
    }),
    ...(sftp && { schemes: [sftp.scheme], ...(sftp.onAuthenticate && { onAuthenticate: sftp.onAuthenticate }) }),
    lookup: lookUpFirstIn(plan.addresses),
    ...plan.route,
    tls: {
      ...(trust && { trust }),
      ...(backend && { backend }),
      ...(keys && { dangerous: { onKeyLog: keys.onKeyLog } }),
      intermediates: { fetchMissing: plan.fetchIntermediates },
    },
  });
  // Not `close()`, which waits for what is under way: whatever still is when this ends was given up.
  await using access = { manager, [Symbol.asyncDispose]: (): Promise<void> => manager.destroy() };
  await using archive = plan.harFile === undefined ? undefined : await openArchive(access.manager, plan.harFile);
  try {
    return await exchange(access.manager, url, plan, surroundings);
  } finally {
    // A failure is when it is wanted most.
    await archive?.write();
  }
}

/** @throws UsageError URL_INVALID, URL_SCHEME_UNKNOWN, URL_USER_INFORMATION */
function parseGetUrl(text: string, protocols: readonly string[]): URL {
  try {
    return parseRequestUrl(text, { has: (protocol) => protocols.includes(protocol) });
  } catch (error) {
    if (!(error instanceof UsageError) || error.code !== "URL_SCHEME_UNKNOWN") throw error;
    const detail = URL.parse(text)?.protocol.slice(0, -1);
    throw new UsageError(error.code, { operation: "get", detail, remedy: "use http, https, sftp or data" });
  }
}

async function exchange(
  manager: NetworkAccessManager,
  url: URL,
  plan: GetPlan,
  surroundings: Surroundings,
): Promise<number> {
  try {
    const request = await requestOf(plan, surroundings);
    const answer =
      plan.output.type === "file"
        ? await downloadAnswer(manager, url, plan.output.path, plan, request, surroundings.stderr)
        : await deliver(await manager.request(url, request), plan, surroundings);
    const { status, headers, body, hops } = answer;
    if (plan.json) surroundings.stdout.write(`${printableJson({ url: answer.url, status, headers, body, hops })}\n`);
    if (plan.verbose) tellHops(hops, headers, surroundings);
    if (!plan.fail || status < 400) return exitCodes.ok.code;
    surroundings.stderr.write(`fairlead: ${printable(answer.url)} answered with status ${status}\n`);
    return exitCodes.status.code;
  } catch (error) {
    if (!surroundings.signal.aborted) {
      if (plan.json) tellError(error, surroundings);
      if (plan.verbose) tellHops(hopsOf(error), undefined, surroundings);
    }
    throw error;
  }
}

/** What is asked for, wherever its body goes. */
async function requestOf(plan: GetPlan, { stdin, signal }: Surroundings): Promise<RequestOptions> {
  const data = plan.data === undefined ? undefined : await openRequestData(plan.data, stdin);
  const fields = [...plan.fields];
  if (data?.sizeBytes !== undefined) fields.push(["Content-Length", data.sizeBytes.toString()]);
  return {
    method: plan.method,
    headers: fields,
    ...(plan.cacheMode !== undefined && { cache: plan.cacheMode }),
    signal,
    topLevelNavigation: true,
    ...(data && { body: data.body }),
    ...(plan.timeoutMilliseconds !== undefined && { timeoutMilliseconds: plan.timeoutMilliseconds }),
  };
}

async function deliver(reply: Reply, plan: GetPlan, surroundings: Surroundings): Promise<Answer> {
  const { url, status, headers, transaction } = reply;
  try {
    const body = await deliverBody(reply, destinationOf(plan, surroundings), surroundings);
    return { url, status, headers, body, hops: transaction.hops };
  } catch (error) {
    reply.discard();
    if (!(error instanceof PolicyError) || error.code !== "BODY_LIMIT") throw error;
    const { peer, operation } = error;
    const remedy = "use --output FILE with --json";
    throw new PolicyError("BODY_LIMIT", { peer, operation, remedy, cause: error });
  }
}

/** What `--json` prints when there is no response, or not a whole one. */
function tellError(error: unknown, { stdout }: Surroundings): void {
  if (!(error instanceof Error)) return;
  const { name, message } = error;
  const facts = isCodedError(error)
    ? { name, code: error.code, peer: error.peer, operation: error.operation, remedy: error.remedy, message }
    : { name, message };
  stdout.write(`${printableJson({ error: facts, hops: hopsOf(error) })}\n`);
}

function hopsOf(error: unknown): readonly Hop[] {
  return (typeof error === "object" && error !== null ? transactionOf(error)?.hops : undefined) ?? [];
}

function tellHops(hops: readonly Hop[], fields: Reply["headers"] | undefined, { stderr }: Surroundings): void {
  if (hops.length === 0) return;
  const style = { paint: paintFor(stderr), width: widthOf(stderr) };
  const lines = [...reportHops(hops, style), ...(fields === undefined ? [] : ["", ...reportFields(fields, style)])];
  stderr.write(lines.map((line) => `${line}\n`).join(""));
}
