// Server code in a browser: every bundler must refuse to build this file.
import { createBenjiClient } from "react-benji-connect/server";

window.stolen = createBenjiClient;
