// What no bundler may put into a browser's bundle.
import { createBenjiClient } from "react-benji-connect/server";

window.stolen = createBenjiClient;
