import { html, nothing, type TemplateResult } from "lit";
import type { LongListItem } from "../long-list/long-list.ts";
import { separateHexadecimal, groupHexadecimal } from "./rules/hexadecimal.ts";
import { shownText } from "../text/shown-text.ts";
import { formatDay, readMoment } from "../text/moments.ts";
import type { Messages } from "../messages/messages.ts";
import type { CertificateField, CertificateViewerMessages } from "./messages/messages.ts";
import { readAlternativeName } from "./rules/alternative-name.ts";
import { logName } from "./rules/log-names.ts";
import { fitsHost } from "./rules/name-fit.ts";
import { objectIdentifierName } from "./rules/object-identifiers.ts";
import { renderStaple } from "./revocation.ts";
import type { ShownCertificate, ShownStaple } from "./shown-certificate.ts";
import { renderValidity } from "./validity.ts";

/** A certificate in groups of facts. */
export interface DrawnDetails {
  readonly certificate: ShownCertificate;
  readonly host: string | undefined;
  /** What the connection's server stapled for it. */
  readonly staple: ShownStaple | undefined;
  /** Milliseconds since the epoch. */
  readonly now: number;
  readonly locale: string;
  readonly words: CertificateViewerMessages;
  /** For the elements inside. */
  readonly messages: Messages | undefined;
}

/** Draws all that a certificate says. */
export function renderDetails(details: DrawnDetails): TemplateResult {
  const { certificate, words } = details;
  const { fields, groups } = words;
  const row = (field: CertificateField, value: unknown): TemplateResult => renderRow(fields[field], value);
  const texts = (field: CertificateField, values: readonly string[]): unknown =>
    values.length === 0 ? nothing : row(field, renderList(details, fields[field], values.map(plain)));
  return html`
    ${renderGroup(groups.validity, renderValidity(details))}
    ${certificate.isAuthority && certificate.names.length === 0 ? nothing : renderGroup(groups.names, renderNames(details))}
    ${renderGroup(
      groups.subject,
      html`<dl>
        ${row("subject", renderText(certificate.subject || words.none))}
        ${row("issuer", certificate.isSelfIssued ? words.itself : renderText(certificate.issuer || words.none))}
        ${row("serialNumber", renderHexadecimal(certificate.serialNumber))}
        ${row("version", certificate.version)}
      </dl>`,
    )}
    ${renderGroup(
      groups.key,
      html`<dl>
        ${row("key", renderText(certificate.key))}
        ${row("signatureAlgorithm", renderText(certificate.signatureAlgorithm))}
        ${renderRow("SHA-256", renderFingerprint(details, "SHA-256", certificate.fingerprints.sha256))}
        ${renderRow("SHA-1", renderFingerprint(details, "SHA-1", certificate.fingerprints.sha1))}
        ${row("publicKeyPin", renderCopied(details, fields.publicKeyPin, certificate.publicKeyPin, certificate.publicKeyPin))}
      </dl>`,
    )}
    ${renderGroup(
      groups.limits,
      html`<dl>
        ${row("authority", certificate.isAuthority ? words.authority(certificate.pathLength) : words.no)}
        ${renderConstraints(details)}
        ${row("keyUsage", renderWords(certificate.keyUsage, words))}
        ${row("extendedKeyUsage", renderWords(certificate.extendedKeyUsage, words))}
        ${certificate.policies.length === 0 ? nothing : row("policies", renderList(details, fields.policies, certificate.policies.map(identified)))}
      </dl>`,
    )}
    ${renderRevocation(details, texts, row)}
    ${certificate.signedTimestamps.length === 0 ? nothing : renderGroup(groups.timestamps, renderTimestamps(details))}
    ${renderGroup(
      groups.identifiers,
      html`<dl>
        ${certificate.subjectKeyIdentifier === undefined ? nothing : row("subjectKeyIdentifier", renderHexadecimal(certificate.subjectKeyIdentifier))}
        ${certificate.authorityKeyIdentifier === undefined ? nothing : row("authorityKeyIdentifier", renderHexadecimal(certificate.authorityKeyIdentifier))}
        ${
          certificate.extensions.length === 0
            ? nothing
            : row(
                "extensions",
                renderList(
                  details,
                  fields.extensions,
                  certificate.extensions.map((each) => extension(each, words)),
                ),
              )
        }
      </dl>`,
    )}
  `;
}

/** Draws a name and its value as a line of a list. */
export function renderRow(name: string, value: unknown): TemplateResult {
  return html`<div class="row">
    <dt>${name}</dt>
    <dd>${value}</dd>
  </div>`;
}

/** Draws text from outside, left to right as codes are read. */
export function renderText(text: string): TemplateResult {
  return html`<bdi dir="ltr">${shownText(text)}</bdi>`;
}

function renderGroup(title: string, content: unknown): TemplateResult {
  return html`<section class="group" part="group">
    <h3>${title}</h3>
    ${content}
  </section>`;
}

function renderNames(details: DrawnDetails): TemplateResult {
  const { certificate, host, words } = details;
  const { names } = certificate;
  if (names.length === 0) return html`<p class="quiet">${words.noNames}</p>`;
  const fit =
    host === undefined
      ? nothing
      : fitsHost(names, host)
        ? html` · <span class="good">${words.nameFits(isolate(host))}</span>`
        : html` · <span class="bad">${words.nameFitsNot(isolate(host))}</span>`;
  const items = names.map((name) => {
    const { kind, value } = readAlternativeName(name);
    return { kind: words.nameKinds[kind], text: value };
  });
  return html`<p class="quiet">${words.namesCount(names.length)}${fit}</p>
    ${renderList(details, words.groups.names, items)}`;
}

function renderRevocation(
  { certificate, staple, locale, words }: DrawnDetails,
  texts: (field: CertificateField, values: readonly string[]) => unknown,
  row: (field: CertificateField, value: unknown) => TemplateResult,
): unknown {
  const { issuerUrls, ocspUrls, crlUrls, mustStaple } = certificate;
  if (issuerUrls.length + ocspUrls.length + crlUrls.length === 0 && !mustStaple && staple === undefined) return nothing;
  return renderGroup(
    words.groups.revocation,
    html`<dl>
      ${staple === undefined ? nothing : row("staple", renderStaple(staple, words, locale))}
      ${texts("ocsp", ocspUrls)} ${texts("crl", crlUrls)} ${texts("issuerUrls", issuerUrls)}
      ${mustStaple ? row("mustStaple", words.mustStaple) : nothing}
    </dl>`,
  );
}

/** Limits that an authority has and that cannot be read must not look like none. */
function renderConstraints(details: DrawnDetails): unknown {
  const { certificate, words } = details;
  const { nameConstraints, extensions } = certificate;
  if (nameConstraints === undefined) {
    const isThere = extensions.some(({ oid }) => oid === NAME_CONSTRAINTS);
    return isThere
      ? renderRow(words.fields.permittedNames, html`<span class="caution">${words.unreadable}</span>`)
      : nothing;
  }
  const names = (field: CertificateField, texts: readonly string[]): unknown =>
    texts.length === 0
      ? nothing
      : renderRow(words.fields[field], renderList(details, words.fields[field], texts.map(subtree)));
  return html`${names("permittedNames", nameConstraints.permitted)} ${names("excludedNames", nameConstraints.excluded)}`;

  function subtree(text: string): LongListItem {
    const { kind, value } = readAlternativeName(text);
    return { kind: words.nameKinds[kind], text: value === "" ? words.everyName : value };
  }
}

function renderTimestamps(details: DrawnDetails): TemplateResult {
  const { certificate, locale, words } = details;
  const items = certificate.signedTimestamps.map(({ log, time }) => {
    const at = readMoment(time);
    const name = logName(log) ?? `${words.unknownLog} ${groupHexadecimal(log.slice(0, 16))}`;
    return { kind: at === undefined ? shownText(time, 64) : formatDay(at, locale), text: name };
  });
  return html`<p class="quiet">${words.timestampsUnchecked}</p>
    ${renderList(details, words.groups.timestamps, items)}`;
}

function renderList({ messages }: DrawnDetails, label: string, items: readonly LongListItem[]): TemplateResult {
  return html`<fairlead-long-list .label=${label} .items=${items} .messages=${messages}></fairlead-long-list>`;
}

function renderWords(values: readonly string[] | undefined, words: CertificateViewerMessages): TemplateResult {
  if (values === undefined) return html`<span class="quiet">${words.notLimited}</span>`;
  return values.length === 0 ? html`<span class="quiet">${words.none}</span>` : renderText(values.join(", "));
}

function renderHexadecimal(text: string): TemplateResult {
  return html`<bdi dir="ltr" class="mono">${shownText(groupHexadecimal(text))}</bdi>`;
}

function renderFingerprint(details: DrawnDetails, label: string, text: string): TemplateResult {
  return renderCopied(details, label, separateHexadecimal(text), groupHexadecimal(text));
}

function renderCopied({ messages }: DrawnDetails, label: string, copied: string, shown: string): TemplateResult {
  return html`<div class="copied">
    <bdi dir="ltr" class="mono">${shownText(shown)}</bdi>
    <fairlead-copy-button .label=${label} .text=${copied} .messages=${messages}></fairlead-copy-button>
  </div>`;
}

/** RFC 5280 section 4.2.1.10. */
const NAME_CONSTRAINTS = "2.5.29.30";

function plain(text: string): LongListItem {
  return { kind: "", text };
}

function identified(oid: string): LongListItem {
  const name = objectIdentifierName(oid);
  return { kind: "", text: name === undefined ? oid : `${name} (${oid})` };
}

function extension(
  { oid, critical }: { readonly oid: string; readonly critical: boolean },
  words: CertificateViewerMessages,
): LongListItem {
  return { ...identified(oid), kind: critical ? words.critical : "" };
}

/** A host within a sentence: the sentence's direction does not reach it. */
function isolate(host: string): string {
  return `\u2066${shownText(host)}\u2069`;
}
