import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { connect } from "node:net";
import { after, before, describe, test } from "node:test";
import { startTestNetwork, type TestNetwork } from "@fairlead/testserver";
import { controlPage } from "../../src/control/page/page.ts";
import { visitPage, type VisitedPage } from "./visit-page.ts";

describe("the page of a network", () => {
  test("needs nothing from elsewhere, and runs nothing that its policy does not know by its digest", () => {
    const { html, contentSecurityPolicy } = controlPage();
    assert.doesNotMatch(html, /\bsrc=|https?:|\bon\w+=|@import|url\(|\bstyle=/);
    for (const tag of ["script", "style"]) {
      const parts = [...html.matchAll(new RegExp(`<${tag}>([^]*?)</${tag}>`, "g"))];
      assert.equal(parts.length, 1);
      const digest = createHash("sha256")
        .update(parts[0]?.[1] ?? "")
        .digest("base64");
      assert.ok(contentSecurityPolicy.split("; ").includes(`${tag}-src 'sha256-${digest}'`));
    }
    assert.match(contentSecurityPolicy, /^default-src 'none';/);
    assert.doesNotMatch(contentSecurityPolicy, /unsafe|\*|https?:/);
    assert.doesNotMatch(html, /innerHTML|outerHTML|insertAdjacentHTML|document\.write|eval\(/);
  });

  test("has a label for each of its inputs, and a heading for each of its sections", () => {
    const { html } = controlPage();
    for (const [, id = ""] of html.matchAll(/<(?:input|select)\b[^>]*\bid="([\w-]+)"/g)) {
      const label = new RegExp(`<label for="${id}">|id="${id}"[^>]* aria-label=`);
      assert.match(html, label, id);
    }
    for (const [, id = ""] of html.matchAll(/aria-(?:labelledby|describedby)="([\w-]+)"/g)) {
      assert.ok(html.includes(`id="${id}"`), id);
    }
    for (const landmark of ["header", "nav", "main", "aside"]) assert.ok(html.includes(`<${landmark}`), landmark);
  });

  test("is sent with its policy, and to nobody who asks by another name", async () => {
    await using network = await startTestNetwork({ services: ["http", "control"] });
    const response = await fetch(`${network.manifest.control}/`);
    assert.equal(response.headers.get("content-security-policy"), controlPage().contentSecurityPolicy);
    assert.equal(response.headers.get("content-type"), "text/html; charset=utf-8");
    assert.equal(await response.text(), controlPage().html);
  });
});

describe("the page in Chromium", { timeout: 120_000 }, () => {
  let network: TestNetwork;
  let page: VisitedPage;
  before(async () => {
    network = await startTestNetwork({
      services: ["http", "https", "https-expired", "tcp-echo", "tcp-reset", "control"],
    });
    page = await visitPage(`${network.manifest.control}/`);
    await page.run(`await until(() => byId("state").textContent === "Live");`);
  });
  after(async () => {
    assert.deepEqual(page.complaints, []);
    await page[Symbol.asyncDispose]();
    await network.close();
  });

  test("lists every service and endpoint, with its line, its address and a command", async () => {
    const articles = (await page.run(`
      return [...document.querySelectorAll("article")].map((each) => each.textContent);
    `)) as readonly string[];
    const { services, endpoints } = network.manifest;
    assert.equal(articles.length, services.length + endpoints.length);
    for (const { name, does, origin, example = "" } of services) {
      const found = articles.filter((text) => text.startsWith(name) && text.includes(does));
      assert.ok(
        found.some((text) => text.includes(origin) && text.includes(example)),
        name,
      );
    }
    for (const { path, does } of endpoints)
      assert.ok(
        articles.some((text) => text.startsWith(path + does)),
        path,
      );
  });

  test("shows those that are looked for, and says how many", async () => {
    const shown = await page.run(`
      const look = (text) => {
        byId("filter").value = text;
        byId("filter").dispatchEvent(new Event("input"));
        return [...document.querySelectorAll("article:not([hidden]) h4")].map((each) => each.textContent);
      };
      const found = [look("EXPIRED certificate"), look("no such thing at all")];
      const told = byId("found").textContent;
      look("");
      return { found, told, all: byId("found").textContent, open: document.querySelectorAll("main details[open]").length };
    `);
    const all = network.manifest.services.length + network.manifest.endpoints.length;
    assert.deepEqual(shown, { found: [["https-expired"], []], told: `0 of ${all}`, all: `${all} of ${all}`, open: 0 });
  });

  test("shows what clients do as it happens, and takes nothing of it for more than text", async () => {
    const evil = `/echo?<img/src=/evil/onerror=fetch('/evil')><script>fetch("/evil")</script>`;
    const socket = connect(network.http.port, network.http.host);
    socket.end(`GET ${evil} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n`).resume();
    const shown = await page.run(`
      const line = await until(() => [...byId("traffic").children].find((each) => each.textContent.includes("/echo")));
      await until(() => [...document.querySelectorAll("article")].some((each) => each.textContent.includes("http1 connection,")));
      return { text: line.textContent, images: document.images.length, scripts: document.scripts.length };
    `);
    const { text, ...rest } = shown as { readonly text: string };
    assert.ok(text.endsWith(`GET ${evil}`), text);
    assert.deepEqual(rest, { images: 0, scripts: 1 });
  });

  test("pauses, goes on, shows one service, and forgets", async () => {
    const pause = `byId("traffic-pause").click();`;
    const see = `return byId("traffic").textContent;`;
    await page.run(pause);
    await (await fetch(`${network.http.origin}/json?while-paused`)).text();
    await network.waitForRequest(({ target }) => target === "/json?while-paused");
    // What is counted is counted all the same.
    await page.run(`
      await until(() => [...document.querySelectorAll("article")].some((each) => each.textContent.includes("http2 connections")));
    `);
    assert.doesNotMatch(String(await page.run(see)), /while-paused/);
    assert.equal(await page.run(`return byId("traffic-state").textContent;`), "Paused");
    await page.run(`${pause} await until(() => byId("traffic").textContent.includes("while-paused"));`);
    const only = await page.run(`
      const service = byId("traffic-service");
      service.value = "tcp-echo";
      service.dispatchEvent(new Event("change"));
      const before = byId("traffic").childElementCount;
      service.value = "";
      service.dispatchEvent(new Event("change"));
      const all = byId("traffic").childElementCount;
      byId("traffic-clear").click();
      return [before, all > 0, byId("traffic").childElementCount];
    `);
    assert.deepEqual(only, [0, true, 0]);
  });

  test("keeps the latest 500 lines and no more", async () => {
    const { port, host } = network.service("tcp-reset");
    for (let count = 0; count < 270; count += 1) {
      const socket = connect(port, host);
      socket.on("error", () => undefined);
      await new Promise((resolve) => socket.once("close", resolve));
    }
    const lines = await page.run(`
      await until(() => byId("traffic").textContent.includes(${JSON.stringify(`#${network.traffic.at(-1)?.connection}`)} + " closed"));
      return byId("traffic").childElementCount;
    `);
    assert.equal(lines, 500);
  });

  test("puts the clock forward and to a moment, says what cannot be, and goes back", async () => {
    const submit = (form: string): string => `byId("${form}").querySelector("button:last-of-type").click();`;
    await page.run(`
      byId("clock-amount").value = "2";
      ${submit("clock-advance")}
      await until(() => byId("offset").textContent === "2 d ahead");
    `);
    assert.equal(Math.round(network.clock.offsetMilliseconds / 86_400_000), 2);
    await page.run(`
      byId("clock-time").value = "2031-05-06T07:08:09";
      ${submit("clock-set")}
      await until(() => byId("now").textContent.startsWith("2031-05-06 07:08"));
    `);
    const problem = await page.run(`
      byId("clock-amount").value = "9999999";
      ${submit("clock-advance")}
      return await until(() => byId("clock-problem").textContent);
    `);
    assert.equal(problem, "the time must be from 1971 to 2048");
    await page.run(`byId("clock-reset").click(); await until(() => byId("offset").textContent === "");`);
    assert.equal(network.clock.offsetMilliseconds, 0);
  });

  test("adds a fault with the numbers of its type, shows how often it hit, says what cannot be, and removes it", async () => {
    const choose = (id: string, value: string): string => `
      byId("${id}").value = "${value}";
      byId("${id}").dispatchEvent(new Event("change"));
    `;
    const add = `byId("fault-add").querySelector("button").click();`;
    const offered = await page.run(`
      ${choose("fault-type", "latency")}
      ${choose("fault-service", "https")}
      const services = [...byId("fault-service").options].map(({ value }) => value);
      byId("fault-milliseconds").value = "1";
      byId("fault-direction").value = "down";
      byId("fault-seed").value = "7";
      ${add}
      await until(() => byId("faults").children.length === 1);
      return services;
    `);
    assert.deepEqual(offered, ["all", "http", "https", "https-expired", "tcp-echo", "tcp-reset"]);
    const [{ fault } = {}] = network.faults("https").list;
    assert.partialDeepStrictEqual(fault, { type: "latency", milliseconds: 1, direction: "down", seed: 7 });

    await page.run(`
      ${choose("fault-type", "refuse")}
      ${choose("fault-service", "tcp-echo")}
      ${add}
      await until(() => byId("faults").children.length === 2);
    `);
    const socket = connect(network.service("tcp-echo").port, network.http.host);
    socket.on("error", () => undefined);
    const text = await page.run(`
      const item = await until(() => [...byId("faults").children].find((each) => each.textContent.includes("1 hit")));
      return item.textContent;
    `);
    assert.match(String(text), /^refuse on tcp-echo, 1 hit /);

    const problem = await page.run(`
      ${choose("fault-type", "bandwidth")}
      byId("fault-add").noValidate = true;
      ${add}
      return await until(() => byId("fault-problem").textContent);
    `);
    assert.match(String(problem), /bytesPerSecond/);
    await page.run(`
      document.querySelector("#faults button").click();
      await until(() => byId("faults").children.length === 1);
      byId("faults-clear").click();
      await until(() => byId("faults").children.length === 0 && !byId("no-faults").hidden);
    `);
    assert.deepEqual(network.faults("all").list, []);
  });

  test("fits a screen of 360 px, by day and by night", async () => {
    for (const scheme of ["light", "dark"] as const) {
      await page.resize(360, 800, scheme);
      await page.run(`for (const each of document.querySelectorAll("details")) each.open = true;`);
      const wide = await page.run(`
        return [...document.querySelectorAll("body *")].filter((each) => each.getBoundingClientRect().right > 360).map((each) => each.id || each.tagName);
      `);
      assert.deepEqual(wide, []);
    }
  });
});
