/** Sockets by their descriptors: large reads and writes without the runtime's streams between. POSIX only. */
export { descriptorOpener, type DescriptorOpener, type SocketDescriptor } from "./socket-descriptor.ts";
