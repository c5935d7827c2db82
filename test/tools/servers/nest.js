import "reflect-metadata";
import { getRequestListener } from "@hono/node-server";
import { Module } from "@nestjs/common";
import { NestFactory } from "@nestjs/core";
import { answerConfirm, answerToken } from "./benji.js";

class AppModule {}
Module({})(AppModule);

const app = await NestFactory.create(AppModule);
// Before listen(), which installs Nest's body parsers.
app.use("/api/benji/connect-token", getRequestListener(answerToken));
app.use("/api/benji/confirm", getRequestListener(answerConfirm));
await app.listen(3000);
