import { defineApp } from "../../build/app.ts";

export default defineApp({ base: "/seller/", port: 5174 });
