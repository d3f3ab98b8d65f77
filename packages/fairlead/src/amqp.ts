/** AMQP 1.0 over the network of an application, by the library `rhea`, which it installs by itself. */
export * from "@fairlead/iot/amqp";
