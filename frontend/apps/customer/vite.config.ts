import { defineApp } from "../../build/app.ts";

export default defineApp({ base: "/", port: 5173 });
