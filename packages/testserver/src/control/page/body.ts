/** What is on the page before anything was asked for. */
export const BODY = `
<header>
<h1>Fairlead test network</h1>
<p>For tests only: it does what anybody asks of it.</p>
<nav aria-label="On this page"><a href="#services-heading">Services</a> <a href="#endpoints-heading">Endpoints</a>
<a href="#clock-heading">Clock</a> <a href="#faults-heading">Faults</a> <a href="#traffic-heading">Traffic</a>
<a href="/manifest">Manifest</a> <a href="/ca.pem" download="ca.pem">Certificate to trust</a></nav>
<p id="state" role="status">Connecting</p>
</header>
<noscript><p>This page needs JavaScript; the manifest does not.</p></noscript>
<div class="columns">
<main>
<section aria-labelledby="services-heading">
<h2 id="services-heading">Services</h2>
<search><label for="filter">Filter services and endpoints</label>
<input id="filter" type="search" autocomplete="off" spellcheck="false" aria-describedby="found">
<p id="found" role="status"></p></search>
<div id="services"></div>
</section>
<section aria-labelledby="endpoints-heading">
<h2 id="endpoints-heading">Endpoints</h2>
<p>What the http and https services answer.</p>
<div id="endpoints"></div>
</section>
</main>
<aside aria-label="Control">
<section aria-labelledby="clock-heading">
<h2 id="clock-heading">Clock</h2>
<p><time id="now"></time> <span id="offset"></span></p>
<form id="clock-set"><label for="clock-time">Time (UTC)</label>
<input id="clock-time" type="datetime-local" step="1" min="1971-01-01T00:00:00" max="2048-12-31T23:59:59" required>
<button>Set</button></form>
<form id="clock-advance"><label for="clock-amount">Advance by</label>
<input id="clock-amount" type="number" value="1" step="any" required>
<select id="clock-unit" aria-label="Unit"><option value="60">minutes</option><option value="3600">hours</option><option value="86400" selected>days</option><option value="31536000">years</option></select>
<button>Advance</button></form>
<button id="clock-reset" type="button">Back to the system's time</button>
<p class="bad" id="clock-problem" role="alert"></p>
</section>
<section aria-labelledby="faults-heading">
<h2 id="faults-heading">Faults</h2>
<ul id="faults"></ul>
<p id="no-faults">None: bytes and datagrams pass as they are.</p>
<button id="faults-clear" type="button" hidden>Remove all</button>
<details><summary>Add a fault</summary>
<form id="fault-add">
<label for="fault-service">Service</label><select id="fault-service"></select>
<label for="fault-type">Fault</label><select id="fault-type" aria-describedby="fault-does"></select>
<p id="fault-does"></p>
<div id="fault-parameters"></div>
<button>Add</button></form></details>
<p class="bad" id="fault-problem" role="alert"></p>
</section>
<section aria-labelledby="traffic-heading">
<h2 id="traffic-heading">Traffic</h2>
<div class="tools"><label for="traffic-service">Of</label><select id="traffic-service"><option value="">all services</option></select>
<button id="traffic-pause" type="button" aria-pressed="false">Pause</button>
<button id="traffic-clear" type="button">Clear</button></div>
<p id="traffic-state" role="status"></p>
<div id="traffic-log" tabindex="0" role="log" aria-live="off" aria-label="Latest events, the newest first"><ol id="traffic"></ol></div>
</section>
</aside>
</div>
`;
