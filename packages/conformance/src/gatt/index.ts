/** A Bluetooth device in memory. */
export { type SimulatedGatt, type SimulatedGattOptions, simulateGatt } from "./simulated-gatt.ts";
