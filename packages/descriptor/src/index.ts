/** Sockets by their descriptors: large reads and writes without the runtime's streams between. POSIX only. */
export { watch, type Readiness, type Watch } from "./library.ts";
export { mtuDiscovery, type MtuDiscovery } from "./mtu-discovery.ts";
export { bindSocketCalls, lastError, type SocketCalls } from "./socket-calls.ts";
export { descriptorOpener, type DescriptorOpener, type SocketDescriptor } from "./socket-descriptor.ts";
