/** Byte streams to devices nearby, over Bluetooth's GATT. */
export { connectGatt, type ConnectGattOptions } from "./connect-gatt.ts";
export { gattLink, type GattLinkOptions } from "./gatt-link.ts";
export { type GattCharacteristic, type GattPeripheral, type GattUuids, nordicUart } from "./gatt-peripheral.ts";
