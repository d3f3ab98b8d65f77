/** A fresh process that imports fairlead, installs its fetch, and prints what each of them took. */
const started = performance.now();
const { install } = await import("fairlead");
const imported = performance.now();
install();
const installed = performance.now();
console.log(JSON.stringify({ importMilliseconds: imported - started, installMilliseconds: installed - imported }));
