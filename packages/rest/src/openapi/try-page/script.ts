/**
 * What the page does. It is JavaScript for browsers, and is sent as it is written here.
 *
 * Nothing of the document and nothing of a response becomes HTML: every text is set as the text of an element.
 */
export const SCRIPT = String.raw`
"use strict";
const main = document.querySelector("main");
const address = new URL(document.querySelector("meta[name=openapi]").content, location.href);
const LIMIT = 1048576;

const isObject = (value) => typeof value === "object" && value !== null && !Array.isArray(value);
const objectOf = (value) => (isObject(value) ? value : {});
const listOf = (value) => (Array.isArray(value) ? value : []);
const textOf = (value) => (value === undefined || value === null ? "" : String(value));

function element(name, properties, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(properties ?? {})) {
    if (key === "role" || key === "scope") made.setAttribute(key, value);
    else made[key] = value;
  }
  made.append(...children.filter((child) => child !== undefined && child !== ""));
  return made;
}

function start(api) {
  const info = objectOf(api.info);
  const follow = (value, hops = 0) => {
    const reference = objectOf(value).$ref;
    if (typeof reference !== "string" || hops > 20) return objectOf(value);
    if (!reference.startsWith("#/")) return {};
    let at = api;
    for (const token of reference.slice(2).split("/")) {
      const name = decodeURIComponent(token).replaceAll("~1", "/").replaceAll("~0", "~");
      at = isObject(at) && Object.hasOwn(at, name) ? at[name] : undefined;
    }
    return { ...follow(at, hops + 1), ...Object.fromEntries(Object.entries(value).filter(([key]) => key !== "$ref")) };
  };
  const base = new URL(textOf(objectOf(listOf(api.servers)[0]).url) || "/", address);
  const authorization = element("input", { id: "authorization", autocomplete: "off", spellcheck: false });

  document.title = textOf(info.title);
  main.replaceChildren(
    element("h1", {}, textOf(info.title), " ", element("small", { className: "quiet" }, textOf(info.version))),
    element("p", { className: "lines" }, textOf(info.description)),
    element("p", { className: "quiet" }, "At ", element("code", {}, base.href)),
    element("label", { htmlFor: "authorization" }, "Authorization", hint("sent with each call, and kept nowhere; as in Bearer TOKEN")),
    authorization,
  );
  let number = 0;
  const groups = new Map();
  for (const [path, item] of Object.entries(objectOf(api.paths))) {
    for (const method of ["get", "post", "put", "patch", "delete", "head"]) {
      const operation = follow(item)[method];
      if (!isObject(operation)) continue;
      const tag = textOf(listOf(operation.tags)[0]) || "Operations";
      if (!groups.has(tag)) groups.set(tag, []);
      const parameters = [...listOf(follow(item).parameters), ...listOf(operation.parameters)].map((one) => follow(one));
      number += 1;
      groups.get(tag).push(showOperation("o" + number, method.toUpperCase(), path, operation, parameters));
    }
  }
  for (const [tag, operations] of groups) main.append(element("section", {}, element("h2", {}, tag), ...operations));
  if (groups.size === 0) main.append(element("p", {}, "There are no operations."));

  function hint(text) {
    return text === "" ? undefined : element("span", { className: "hint" }, text);
  }

  function showOperation(id, method, path, operation, parameters) {
    const summary = element("summary", {}, element("span", { className: "method" }, method), element("span", { className: "path" }, path), " ", element("span", { className: "quiet" }, textOf(operation.summary)));
    const details = element("details", { id, className: operation.deprecated === true ? "old" : "" }, summary);
    // Made when it is opened: a service may have hundreds.
    details.addEventListener("toggle", () => details.append(...showForm(id, method, path, operation, parameters)), { once: true });
    return details;
  }

  function showForm(id, method, path, operation, parameters) {
    const fields = parameters.filter((one) => ["path", "query", "header"].includes(one.in)).map((one, index) => {
      return { ...one, control: control(id + "p" + index, textOf(one.name) + " (" + one.in + (one.required === true ? ", required)" : ")"), textOf(one.description), follow(one.schema), one.required === true) };
    });
    const body = bodyForm(id, follow(operation.requestBody));
    const output = element("div", { role: "status" });
    const send = element("button", { type: "submit" }, "Send");
    const stop = element("button", { type: "button", disabled: true }, "Stop");
    const form = element("form", { noValidate: false }, ...fields.map((field) => field.control.shown), ...body.shown, send, stop, output);
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      const aborter = new AbortController();
      stop.onclick = () => aborter.abort();
      send.disabled = true;
      stop.disabled = false;
      output.replaceChildren(element("p", {}, "Sending …"));
      try {
        await ask(method, path, fields, body, output, aborter.signal);
      } catch (error) {
        output.replaceChildren(element("p", { className: "bad" }, aborter.signal.aborted ? "Stopped." : "There was no answer: " + error.message));
      } finally {
        send.disabled = false;
        stop.disabled = true;
      }
    });
    const responses = Object.entries(objectOf(operation.responses)).map(([status, given]) => {
      const response = follow(given);
      return element("tr", {}, element("th", { scope: "row" }, status), element("td", {}, textOf(response.description)), element("td", {}, Object.keys(objectOf(response.content)).join(", ")));
    });
    return [element("p", { className: "lines" }, textOf(operation.description)), form, element("h3", {}, "Answers"), element("table", {}, element("tbody", {}, ...responses))];
  }

  function control(id, name, description, schema, required) {
    const list = schema.type === "array";
    const inner = list ? follow(schema.items) : schema;
    const example = schema.default ?? listOf(schema.examples)[0] ?? schema.example;
    const value = example === undefined ? "" : list ? listOf(example).join("\n") : textOf(example);
    const types = [inner.type].flat();
    const choices = listOf(inner.enum).length > 0 ? inner.enum : types.includes("boolean") ? [true, false] : undefined;
    let input;
    if (list) input = element("textarea", { value, rows: 3 });
    else if (isFile(inner)) input = element("input", { type: "file" });
    else if (choices !== undefined) input = element("select", {}, ...(required ? [] : [element("option", { value: "" }, "—")]), ...choices.map((choice) => element("option", {}, textOf(choice))));
    else input = element("input", { type: "text", inputMode: types.includes("integer") ? "numeric" : types.includes("number") ? "decimal" : "text", value, spellcheck: false, autocomplete: "off" });
    input.id = id;
    input.required = required && !list;
    if (choices !== undefined && value !== "") input.value = value;
    const shown = element("div", {}, element("label", { htmlFor: id }, name, hint(description), hint(list ? "one on each line" : "")), input);
    const values = () => {
      if (input.type === "file") return [...input.files];
      return list ? input.value.split("\n").filter((line) => line !== "") : input.value === "" ? [] : [input.value];
    };
    return { shown, values };
  }

  function isFile(schema) {
    return schema.format === "binary" || schema.contentEncoding === "binary" || (schema.type === "string" && schema.contentMediaType !== undefined);
  }

  function bodyForm(id, requestBody) {
    const content = objectOf(requestBody.content);
    const mediaTypes = Object.keys(content);
    if (mediaTypes.length === 0) return { shown: [], read: () => ({}) };
    const choice = element("select", { id: id + "type" }, ...mediaTypes.map((mediaType) => element("option", {}, mediaType)));
    const place = element("div", {});
    let read = () => ({});
    const show = () => {
      const mediaType = choice.value;
      const schema = follow(objectOf(content[mediaType]).schema);
      if (mediaType === "application/x-www-form-urlencoded" || mediaType === "multipart/form-data") {
        const required = listOf(schema.required);
        const controls = Object.entries(objectOf(schema.properties)).map(([name, given], index) => [name, control(id + "b" + index, name + (required.includes(name) ? " (required)" : ""), textOf(follow(given).description), follow(given), required.includes(name))]);
        place.replaceChildren(...controls.map(([, one]) => one.shown));
        const all = () => controls.flatMap(([name, one]) => one.values().map((value) => [name, value]));
        read = () => {
          if (mediaType !== "multipart/form-data") return { body: new URLSearchParams(all()) };
          const form = new FormData();
          for (const [name, value] of all()) form.append(name, value);
          return { body: form };
        };
      } else {
        const isText = /json|text|xml|yaml/.test(mediaType);
        const written = /json/.test(mediaType) ? (mediaType.includes("ndjson") ? JSON.stringify(example(schema, 0)) : JSON.stringify(example(schema, 0), undefined, 2)) : "";
        const input = isText ? element("textarea", { value: textOf(written), spellcheck: false }) : element("input", { type: "file" });
        input.id = id + "body";
        place.replaceChildren(element("label", { htmlFor: input.id }, "Content"), input);
        read = () => ({ body: isText ? input.value : input.files[0], mediaType });
      }
    };
    choice.addEventListener("change", show);
    show();
    return { shown: [element("label", { htmlFor: choice.id }, "Media type"), choice, place], read: () => read() };
  }

  function example(given, depth) {
    const schema = follow(given);
    const told = [listOf(schema.examples)[0], schema.example, schema.default, schema.const, listOf(schema.enum)[0]].find((value) => value !== undefined);
    if (told !== undefined || depth > 6) return told ?? null;
    const [part] = [...listOf(schema.oneOf), ...listOf(schema.anyOf)];
    if (part !== undefined) return example(part, depth + 1);
    if (listOf(schema.allOf).length > 0) return Object.assign({}, ...schema.allOf.map((one) => objectOf(example(one, depth + 1))));
    switch ([schema.type].flat()[0] ?? (isObject(schema.properties) ? "object" : "")) {
      case "object": return Object.fromEntries(Object.entries(objectOf(schema.properties)).map(([name, one]) => [name, example(one, depth + 1)]));
      case "array": return [example(schema.items, depth + 1)];
      case "integer": case "number": return Math.max(typeof schema.minimum === "number" && Math.abs(schema.minimum) < 1e15 ? schema.minimum : 0, 0);
      case "boolean": return false;
      case "string": return { "date-time": "2026-01-01T00:00:00Z", date: "2026-01-01", uuid: "00000000-0000-4000-8000-000000000000", email: "name@example.com", uri: "https://example.com/" }[schema.format] ?? "";
      default: return null;
    }
  }

  async function ask(method, path, fields, body, output, signal) {
    const values = (where) => fields.filter((field) => field.in === where).flatMap((field) => field.control.values().map((value) => [textOf(field.name), value]));
    const filled = values("path").reduce((all, [name, value]) => all.replaceAll("{" + name + "}", () => encodeURIComponent(value)), path);
    const url = new URL(base.origin + base.pathname.replace(/\/$/, "") + filled);
    for (const [name, value] of values("query")) url.searchParams.append(name, value);
    if (url.origin !== location.origin) throw new Error("this page calls " + location.origin + " only, not " + url.origin);
    const headers = new Headers(values("header"));
    if (authorization.value !== "") headers.set("authorization", authorization.value);
    const content = body.read();
    if (content.mediaType !== undefined) headers.set("content-type", content.mediaType);
    const started = performance.now();
    const response = await fetch(url, { method, headers, body: content.body, signal });
    const line = element("p", { className: response.ok ? "good" : "bad" }, element("strong", {}, response.status + " " + response.statusText), ", after " + Math.round(performance.now() - started) + " ms");
    const table = element("table", {}, element("tbody", {}, ...[...response.headers].map(([name, value]) => element("tr", {}, element("th", { scope: "row" }, name), element("td", {}, value)))));
    const shown = element("pre", { tabIndex: 0 });
    output.replaceChildren(line, element("p", { className: "quiet" }, method + " " + url.href), element("details", {}, element("summary", {}, "Fields"), table), shown);
    await showContent(response, shown, line);
  }

  async function showContent(response, shown, line) {
    const mediaType = response.headers.get("content-type") ?? "";
    const decoder = new TextDecoder();
    let text = "";
    let size = 0;
    if (response.body !== null) {
      for (const reader = response.body.getReader(); size < LIMIT; ) {
        const { done, value } = await reader.read();
        if (done) break;
        size += value.length;
        text += decoder.decode(value, { stream: true });
        // What comes bit by bit is shown as it comes.
        if (/event-stream|ndjson|jsonl/.test(mediaType)) shown.textContent = text;
        if (size >= LIMIT) {
          await reader.cancel();
          text += "\n… the rest is left out";
        }
      }
    }
    if (!/json|text|xml|yaml|javascript/.test(mediaType) && size > 0) {
      shown.textContent = size + " octets of " + (mediaType || "no media type");
      return;
    }
    shown.textContent = text;
    if (!/[/+]json/.test(mediaType)) return;
    try {
      const value = JSON.parse(text);
      shown.textContent = JSON.stringify(value, undefined, 2);
      if (mediaType.startsWith("application/problem+json")) line.after(element("p", { className: "bad" }, [value.title, value.detail].map(textOf).filter((part) => part !== "").join(": ")));
    } catch {
      line.after(element("p", { className: "bad" }, "It says that it is JSON, and is not."));
    }
  }
}

fetch(address)
  .then((response) => (response.ok ? response.json() : Promise.reject(new Error("status " + response.status))))
  .then(start)
  .catch((error) => main.replaceChildren(element("p", { className: "bad", role: "alert" }, "The description of the service could not be read: " + error.message)));
`;
