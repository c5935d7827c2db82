import * as react from "react";
import * as rtl from "@testing-library/react";
import * as benji from "react-benji-connect";
import * as testing from "react-benji-connect/testing";
import { afterEach, expect, it } from "vitest";
import spec from "./spec.cjs";

spec({ react, rtl, benji, testing }, { it, expect, afterEach });
