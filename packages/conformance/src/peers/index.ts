/** Servers that others wrote, from Debian packages, for tests. */
export { startApache, type Apache, type ApacheOptions } from "./apache.ts";
export { startChromium, type Chromium, type ChromiumOptions } from "./chromium.ts";
export { startHaproxy, type Haproxy, type HaproxyOptions } from "./haproxy.ts";
export { startKdc, type Kdc, type KdcPrincipals } from "./kdc.ts";
export { lacksNamespaces, networkNamespace, type NetworkNamespace } from "./network-namespace.ts";
export {
  runLibcoapClient,
  skipWithoutLibcoap,
  startLibcoapClient,
  startLibcoapServer,
  type LibcoapBuild,
  type LibcoapServer,
} from "./libcoap.ts";
export { startProgram, type Program } from "./listening-program.ts";
export { startMosquitto, type Mosquitto, type MosquittoOptions } from "./mosquitto.ts";
export { startNginx, type Nginx, type NginxOptions } from "./nginx.ts";
export { makeSshKey, runPeer, startOpenssh, type Openssh, type OpensshOptions, type SshKeyType } from "./openssh.ts";
export { listeningPort, startPeer, type PeerProgram } from "./peer-program.ts";
export {
  MEMBER,
  MEMBER_USERINFO,
  startDante,
  startMicrosocks,
  startSquid,
  startTinyproxy,
  type Squid,
  type SquidAuthentication,
} from "./proxies.ts";
export { startRabbitMq, type RabbitMq, type RabbitMqOptions } from "./rabbitmq.ts";
export { skipWithoutRedis, startRedis, type RedisServer, type RedisServerOptions } from "./redis.ts";
export { startSecretService, type SecretService } from "./secret-service.ts";
export { unusedPort } from "./unused-port.ts";
