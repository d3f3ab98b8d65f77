/** AMQP 0-9-1 over the network of an application, by the library `amqplib`, which it installs by itself. */
export * from "@fairlead/iot/amqp091";
