/** A fresh process that imports one package, and prints what that took. */
const cpu = process.cpuUsage();
const started = performance.now();
await import(process.argv[2]);
const milliseconds = performance.now() - started;
const { user, system } = process.cpuUsage(cpu);
console.log(JSON.stringify({ milliseconds, cpuMilliseconds: (user + system) / 1000 }));
