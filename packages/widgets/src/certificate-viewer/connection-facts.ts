import { html, nothing, type TemplateResult } from "lit";
import { renderRow, renderText } from "./certificate-details.ts";
import type { CertificateViewerMessages, ConnectionField } from "./messages/messages.ts";
import type { ShownCertificateConnection } from "./shown-certificate.ts";

/** Draws what a connection used, as far as it is told. What was stapled stands with the certificate that it is about. */
export function renderConnection(
  connection: ShownCertificateConnection,
  words: CertificateViewerMessages,
): TemplateResult | typeof nothing {
  const { earlyData, repairedFrom, backend, library } = connection;
  const text = (field: ConnectionField, value: string | undefined): unknown =>
    value === undefined || value === "" ? nothing : renderRow(words.connectionFields[field], renderText(value));
  const answer = (field: ConnectionField, value: boolean | undefined): unknown =>
    value === undefined ? nothing : renderRow(words.connectionFields[field], value ? words.yes : words.no);
  const known = (
    field: ConnectionField,
    value: string | undefined,
    names: Readonly<Record<string, string>>,
  ): unknown =>
    value === undefined || !Object.hasOwn(names, value)
      ? text(field, value)
      : renderRow(words.connectionFields[field], names[value]);
  const rows = [
    text("protocol", connection.protocol),
    text("cipher", connection.cipher),
    text("group", connection.group),
    text("alpn", connection.alpn),
    text("serverName", connection.serverName),
    answer("authorized", connection.authorized),
    text("trust", connection.trust),
    known("repairedFrom", repairedFrom, words.repairedFrom),
    answer("resumed", connection.resumed),
    known("earlyData", earlyData, words.earlyData),
    text("clientIdentity", connection.clientIdentity),
    text("backend", [backend, library].filter((part) => part !== undefined && part !== "").join(", ")),
  ];
  if (rows.every((row) => row === nothing)) return nothing;
  return html`<section class="connection" part="connection">
    <h2>${words.connection}</h2>
    <dl>
      ${rows}
    </dl>
  </section>`;
}
